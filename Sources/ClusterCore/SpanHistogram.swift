/// How often something took at most so long: counts of spans by size, in whole numbers.
package struct SpanHistogram: Hashable, Sendable {
  /// The upper bounds, ascending.
  package let bounds: [Span64]
  /// How many spans lie within each bound but within no smaller one; the last are beyond all bounds.
  package private(set) var counts: [UInt64]
  /// The sum of all spans; it stops at 584 years.
  package private(set) var sum = Span64.zero

  package init(bounds: [Span64]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  package mutating func observe(_ span: Span64) {
    counts[bounds.firstIndex { span <= $0 } ?? bounds.count] += 1
    sum = sum + span
  }

  /// For round trips within and between data centres: 100 µs to 2.5 s.
  package static let roundTrips = SpanHistogram(
    bounds: [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000, 1_000_000, 2_500_000]
      .map { .microseconds($0) })

  /// For transfers of all that a member lacks: 1 ms to a minute.
  package static let transfers = SpanHistogram(
    bounds: [1, 5, 25, 100, 250, 1_000, 2_500, 5_000, 15_000, 60_000].map { .milliseconds($0) })
}
