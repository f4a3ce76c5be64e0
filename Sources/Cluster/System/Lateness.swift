package import ClusterCore

/// How late a loop came to what was due: counts by upper bounds. A heartbeat is as late as this, so
/// it shows whether something keeps the loop, or the machine, too busy.
package struct Lateness: Hashable, Sendable {
  /// The upper bounds, in microseconds.
  package static let bounds: [UInt64] = [
    100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000,
  ]

  /// For each bound how many lie in it and in no earlier one.
  package private(set) var counts = Array(repeating: UInt64(0), count: bounds.count)
  package private(set) var count: UInt64 = 0
  package private(set) var nanoseconds: UInt64 = 0
  /// The longest.
  package private(set) var longest = Span64.zero

  package init() {}

  /// Notes one.
  package mutating func note(_ span: Span64) {
    count += 1
    nanoseconds &+= span.nanoseconds
    longest = max(longest, span)
    let bound = Self.bounds.firstIndex { span.nanoseconds <= $0 * 1_000 }
    if let bound { counts[bound] += 1 }
  }
}
