import ClusterCore

/// Takes down what happens, while a run goes on.
struct TraceRecorder {
  private var events: [TraceEvent] = []
  private var last: UInt64 = 0

  /// Adds an event; its number.
  mutating func add(
    _ kind: TraceEvent.Kind, _ node: Int?, cause: UInt64, at time: UInt64, _ fields: String
  ) -> UInt64 {
    last += 1
    events.append(
      TraceEvent(
        nanoseconds: time, number: last, node: node, cause: cause, kind: kind, fields: fields))
    return last
  }

  /// Takes the events that were added since the last time.
  mutating func take() -> [TraceEvent] {
    defer { events.removeAll(keepingCapacity: true) }
    return events
  }
}

/// What the world says for the trace. All of it does nothing in a run that isn't traced.
extension World {
  /// Notes what happens now, because of what is under way.
  @discardableResult
  mutating func note(_ kind: TraceEvent.Kind, _ node: Int?, _ fields: String = "") -> UInt64 {
    guard trace != nil else { return 0 }
    return trace?.add(kind, node, cause: queue.cause, at: now, fields) ?? 0
  }

  /// Notes what happens now and makes it the cause of all that follows; what it was before.
  mutating func begin(_ kind: TraceEvent.Kind, _ node: Int?, _ fields: String = "") -> UInt64 {
    let before = queue.cause
    queue.cause = note(kind, node, fields)
    return before
  }

  /// Notes what a member is told and makes it the cause of all that follows; what it was before.
  mutating func begin(_ input: Input, _ node: Int) -> UInt64 {
    let (kind, fields) = TraceWords.words(input)
    return begin(kind, node, fields)
  }

  /// Notes who reaches whom, where that changed.
  mutating func noteNetwork() {
    guard trace != nil else { return }
    let groups = network.components(of: Array(machines.indices))
    let text = groups.map { group in
      ScenarioWord.list(group.members) + (group.isWhole ? "" : " (in part)")
    }
    note(.network, nil, text.joined(separator: " | "))
  }
}
