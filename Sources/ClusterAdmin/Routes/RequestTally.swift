import Synchronization

/// Counts the answered requests by route and status. Both come from short lists of our own, so the
/// number of counters is bounded whatever clients send.
///
/// The lock is held for one addition only. Today one loop counts and reads; the lock is what keeps
/// that from being a condition.
package final class RequestTally: Sendable {
  /// The route of requests that have none.
  static let noRoute = "none"

  private struct Answer: Hashable {
    var route: String
    var code: Int
  }

  private let counts = Mutex<[Answer: UInt64]>([:])

  init() {}

  /// Counts one answer.
  func count(route: String, status: Status) {
    counts.withLock { $0[Answer(route: route, code: status.code), default: 0] += 1 }
  }

  /// The counts as a metric.
  var family: MetricFamily {
    let sorted = counts.withLock { Array($0) }
      .sorted { ($0.key.route, $0.key.code) < ($1.key.route, $1.key.code) }
    return MetricFamily(
      "cluster_http_requests_total", .counter, "Answered HTTP requests by route and status code.",
      sorted.map { answer, count in
        MetricSample(
          [("route", answer.route), ("code", String(answer.code))], Double(count))
      })
  }
}
