/// A histogram of spans of time: how many were at most as long as each of some bounds.
package struct Durations: Sendable {
  private let bounds: [Double]
  private var counts: [UInt64]
  private var sum = 0.0
  private var count: UInt64 = 0

  /// Creates an empty histogram. `bounds` are in seconds, ascending, and not many: each is a series.
  package init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count)
  }

  /// Adds an observation, in seconds.
  package mutating func observe(_ seconds: Double) {
    count += 1
    sum += seconds
    if let index = bounds.firstIndex(where: { seconds <= $0 }) { counts[index] += 1 }
  }

  /// The histogram as a metric.
  package func family(_ name: String, _ help: String) -> MetricFamily {
    MetricFamily(
      histogram: name, help, buckets: zip(bounds, counts).map { (bound: $0, count: $1) },
      sum: sum, count: count)
  }
}
