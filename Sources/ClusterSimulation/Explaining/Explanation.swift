/// Why something happened in a run: the chain of causes, and what else was the case.
///
/// Causes are what the happened-before relation says of messages and timers (Lamport, 1978): the
/// datagram that a member acted upon, what made its sender send it, and so on. That a message did *not*
/// come has no place in such a chain, so the faults in force and the member's beliefs stand beside it.
public struct Explanation: Hashable, Sendable {
  /// What is explained.
  public let event: TraceEvent
  /// The event, what caused it, what caused that, and so on. Of timers that set each other only the
  /// latest stands.
  public let chain: [TraceEvent]
  /// How many more causes there are before the last of the chain.
  public let omitted: Int
  /// The faults before the event, oldest first, at most six.
  public let actions: [TraceEvent]
  /// Who reached whom; none when everyone always did.
  public let network: TraceEvent?
  /// What the member had come to believe before the event, oldest first, at most eight.
  public let beliefs: [TraceEvent]
}

extension Trace {
  /// Explains an event; none when there is no such event.
  ///
  /// - Parameters:
  ///   - number: The event's number.
  ///   - depth: The longest chain of causes.
  /// - Complexity: O(n) in the length of the trace.
  public func why(_ number: UInt64, depth: Int = 16) -> Explanation? {
    guard let event = event(number) else { return nil }
    var chain = [event]
    var omitted = 0
    var last = event
    while let earlier = self.event(last.cause), earlier.number < last.number {
      let isTimerOfTimer =
        earlier.kind == .woken && last.kind == .woken && earlier.node == last.node
      last = earlier
      if isTimerOfTimer { continue }
      if chain.count < depth { chain.append(earlier) } else { omitted += 1 }
    }
    let before = events.prefix { $0.number < number }
    let beliefs = before.reversed().lazy.filter {
      $0.node == event.node && event.node != nil && Self.isBelief($0)
    }
    return Explanation(
      event: event, chain: chain, omitted: omitted,
      actions: before.reversed().lazy.filter { $0.kind == .action }.prefix(6).reversed(),
      network: before.last { $0.kind == .network }, beliefs: beliefs.prefix(8).reversed())
  }

  private static func isBelief(_ event: TraceEvent) -> Bool {
    event.kind == .member || event.kind == .leader || event.kind == .changed
      || event.kind == .event && !event.fields.hasPrefix("store ")
  }
}

extension Explanation: CustomStringConvertible {
  /// Three short lists.
  public var description: String {
    var lines = ["\(event)", "", "because of, latest first:"]
    lines += chain.dropFirst().map { "  \($0)" }
    if chain.count == 1 { lines.append("  nothing before it: the scenario began so") }
    if omitted > 0 { lines.append("  and \(omitted) causes before that") }
    if !actions.isEmpty {
      lines += ["", "what had been done to the cluster:"] + actions.map { "  \($0)" }
    }
    if let network { lines += ["", "who reached whom: \(network.fields)"] }
    if !beliefs.isEmpty, let node = event.node {
      lines += ["", "what \(node) had come to believe:"] + beliefs.map { "  \($0)" }
    }
    return lines.joined(separator: "\n")
  }
}
