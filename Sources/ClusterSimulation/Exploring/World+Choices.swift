import ClusterCore

/// What the explorer does with a world in place of letting its time go by.
extension World {
  /// A datagram under way that may arrive next: the oldest of its direction.
  struct Letter: Hashable, Sendable {
    var from: Int
    var to: Int
    var sequence: UInt64
  }

  /// The datagrams that may arrive next, oldest first.
  var letters: [Letter] {
    var letters: [Letter] = []
    for entry in queue.waiting.sorted(by: { $0.sequence < $1.sequence }) {
      guard case .datagram(_, _, let destination, let from) = entry.occurrence,
        let to = machine(at: destination),
        !letters.contains(where: { $0.from == from && $0.to == to })
      else { continue }
      letters.append(Letter(from: from, to: to, sequence: entry.sequence))
    }
    return letters
  }

  /// A datagram arrives now, whenever it would have.
  mutating func deliver(_ letter: Letter) {
    guard let event = queue.take(sequence: letter.sequence) else { return }
    carryOut(event)
    settle()
  }

  /// Cuts a member off; what is under way between the sides is lost.
  mutating func isolate(_ node: Int) {
    apply(.partition([[node]]))
    while let lost = letters.first(where: { !network.reaches($0.from, $0.to) }),
      let event = queue.take(sequence: lost.sequence)
    {
      carryOut(event)
    }
    settle()
  }

  /// Lets time pass until something else than a datagram is due. False when nothing is.
  mutating func passTime() -> Bool {
    guard let next = nextTimer, let event = queue.take(sequence: next.sequence) else {
      return false
    }
    now = max(now, event.time)
    carryOut(event)
    settle()
    return true
  }

  /// Does all that is due at this very moment, but for datagrams: a driver does it before anything
  /// else can happen.
  mutating func settle() {
    while failure == nil, let next = nextTimer, next.time <= now,
      let event = queue.take(sequence: next.sequence)
    {
      carryOut(event)
    }
  }

  /// Heals the network and lets the world go on by itself to its verdict.
  mutating func finish() {
    apply(.heal)
    liveness.nextCheck = now + Liveness.period(members: scenario.nodes)
    while step() {}
  }

  private var nextTimer: (time: UInt64, sequence: UInt64)? {
    let timers = queue.waiting.filter { entry in
      if case .datagram = entry.occurrence { false } else { true }
    }
    let next = timers.min { ($0.time, $0.sequence) < ($1.time, $1.sequence) }
    return next.map { ($0.time, $0.sequence) }
  }

  private mutating func carryOut(
    _ event: (time: UInt64, sequence: UInt64, cause: UInt64, occurrence: Occurrence)
  ) {
    queue.cause = event.cause
    statistics.events += 1
    carryOut(event.occurrence, sequence: event.sequence)
  }
}
