import Cluster
import ClusterCore
import Synchronization

/// Counts the answered requests by route and status, and how long answers took. Both come from short
/// lists of our own, so the number of series is bounded whatever clients send.
///
/// The lock is held for one addition only. Today one loop counts and reads; the lock is what keeps
/// that from being a condition.
package final class RequestTally: Sendable {
  /// The route of requests that have none.
  static let noRoute = "none"
  /// Upper bounds of the durations, in seconds: what answers from memory take, and what they mustn't.
  static let bounds: [Double] = [
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.005, 0.025, 0.1, 1,
  ]

  private struct Answer: Hashable {
    var route: String
    var code: Int
  }

  private struct Counts {
    var answers: [Answer: UInt64] = [:]
    var refusals: [Int: UInt64] = [:]
    var durations = Durations(bounds: RequestTally.bounds)
  }

  private let counts = Mutex(Counts())
  private let connections = Mutex<(@Sendable () -> StreamServerCounters?)?>(nil)
  /// Who may have a feed.
  let seats = FeedSeats()

  init() {}

  /// Counts one answer.
  func count(route: String, status: Status, took span: Span64) {
    counts.withLock { counts in
      counts.answers[Answer(route: route, code: status.code), default: 0] += 1
      counts.durations.observe(Double(span.nanoseconds) / 1_000_000_000)
    }
  }

  /// Counts bytes that were no acceptable request.
  func countRefusal(_ status: Status) {
    counts.withLock { counts in
      counts.answers[Answer(route: Self.noRoute, code: status.code), default: 0] += 1
      counts.refusals[status.code, default: 0] += 1
    }
  }

  /// Takes over who counts the connections.
  func observe(_ connections: @escaping @Sendable () -> StreamServerCounters?) {
    self.connections.withLock { $0 = connections }
  }

  /// The counts as metrics.
  var families: [MetricFamily] {
    let counts = counts.withLock { $0 }
    return [
      requests(counts.answers), duration(counts.durations), rejected(counts.refusals), watchers,
    ] + connectionFamilies
  }

  private func requests(_ answers: [Answer: UInt64]) -> MetricFamily {
    let sorted = answers.sorted { ($0.key.route, $0.key.code) < ($1.key.route, $1.key.code) }
    return MetricFamily(
      "cluster_http_requests_total", .counter, "Answered HTTP requests by route and status code.",
      sorted.map { answer, count in
        MetricSample(
          [("route", answer.route), ("code", String(answer.code))], Double(count))
      })
  }

  private func duration(_ durations: Durations) -> MetricFamily {
    durations.family(
      "cluster_http_request_duration_seconds", "Seconds from a whole request to its answer.")
  }

  private func rejected(_ refusals: [Int: UInt64]) -> MetricFamily {
    let reasons: [(name: String, codes: [Int])] = [
      ("malformed", [400, 501, 505, 417]), ("body", [413]), ("target", [414]), ("fields", [431]),
      ("slow", [408]),
    ]
    var samples = reasons.map { reason in
      MetricSample(
        [("reason", reason.name)],
        Double(reason.codes.reduce(0) { $0 + (refusals[$1] ?? 0) }))
    }
    let refused = connections.withLock { $0 }?()?.refused ?? 0
    samples.append(MetricSample([("reason", "connections")], Double(refused)))
    return MetricFamily(
      "cluster_http_rejected_total", .counter,
      "HTTP requests and connections refused before any route, by reason.", samples)
  }

  private var watchers: MetricFamily {
    let seats = seats.count
    return MetricFamily(
      "cluster_watchers", .gauge, "Open feeds over HTTP, by what they carry.",
      [
        MetricSample([("feed", "events")], Double(seats.events)),
        MetricSample([("feed", "keys")], Double(seats.keys)),
      ])
  }

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
}
