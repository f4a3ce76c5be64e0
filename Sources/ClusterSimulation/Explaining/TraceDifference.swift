/// Where two traces part.
public struct TraceDifference: Hashable, Sendable {
  /// Which event of both, counted from 1; zero when the runs themselves were other ones.
  public let position: Int
  /// The last events that both have, at most three.
  public let common: [TraceEvent]
  /// What the first one has there.
  public let left: String
  /// What the second one has there.
  public let right: String
}

extension Trace {
  /// The first difference of two traces; none when they are equal.
  ///
  /// - Complexity: O(n) in the length of the shorter one.
  public static func firstDifference(_ left: Trace, _ right: Trace) -> TraceDifference? {
    if left.header != right.header {
      return TraceDifference(
        position: 0, common: [], left: "\(left.header)", right: "\(right.header)")
    }
    let count = min(left.events.count, right.events.count)
    let position = (0..<count).first { left.events[$0] != right.events[$0] } ?? count
    guard position < count || left.events.count != right.events.count || left.hash != right.hash
    else { return nil }
    let end = { (trace: Trace) in
      trace.hash.map { "hash=" + Simulation.hexadecimal($0) } ?? "end of trace"
    }
    let text = { (trace: Trace) in
      position < trace.events.count ? "\(trace.events[position])" : end(trace)
    }
    return TraceDifference(
      position: position + 1, common: Array(left.events[max(0, position - 3)..<position]),
      left: text(left), right: text(right))
  }
}

extension TraceDifference: CustomStringConvertible {
  /// The place, what is equal before it, and both sides.
  public var description: String {
    let place = position == 0 ? "other runs:" : "the first difference is event \(position):"
    return ([place] + common.map { "  \($0)" } + ["- \(left)", "+ \(right)"])
      .joined(separator: "\n")
  }
}
