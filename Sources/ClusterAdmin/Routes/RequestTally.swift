import Cluster
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
  private let connections = Mutex<(@Sendable () -> StreamServerCounters?)?>(nil)

  init() {}

  /// Counts one answer.
  func count(route: String, status: Status) {
    counts.withLock { $0[Answer(route: route, code: status.code), default: 0] += 1 }
  }

  /// Takes over who counts the connections.
  func observe(_ connections: @escaping @Sendable () -> StreamServerCounters?) {
    self.connections.withLock { $0 = connections }
  }

  /// The counts as metrics.
  var families: [MetricFamily] { [requests] + connectionFamilies }

  private var connectionFamilies: [MetricFamily] {
    guard let counters = connections.withLock({ $0 })?() else { return [] }
    return [
      MetricFamily(
        "cluster_http_connections", .gauge, "Open HTTP connections.", Double(counters.open)),
      MetricFamily(
        "cluster_http_connections_accepted_total", .counter, "HTTP connections that were served.",
        Double(counters.accepted)),
      MetricFamily(
        "cluster_http_connections_refused_total", .counter,
        "HTTP connections beyond the limits.", Double(counters.refused)),
    ]
  }

  private var requests: MetricFamily {
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
