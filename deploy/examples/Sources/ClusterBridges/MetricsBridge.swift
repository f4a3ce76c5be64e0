import Cluster
import Metrics
import ServiceLifecycle

/// Hands a member's metrics to swift-metrics, and through it to whatever backend the program has
/// bootstrapped. Who scrapes Prometheus text needs none of this: see `cluster.metrics`.
public struct MetricsBridge: Service {
  private let cluster: Cluster
  private let interval: Duration
  private let factory: any MetricsFactory

  /// Creates a bridge.
  public init(
    _ cluster: Cluster, every interval: Duration = .seconds(10),
    to factory: any MetricsFactory = MetricsSystem.factory
  ) {
    self.cluster = cluster
    self.interval = interval
    self.factory = factory
  }

  /// Records a snapshot at each interval until the graceful shutdown.
  public func run() async throws {
    await cancelWhenGracefulShutdown {
      var relay = MetricsRelay(factory)
      while !Task.isCancelled {
        relay.record(cluster.metrics.snapshot())
        try? await Task.sleep(for: interval)  // cancelled: it was asked to end, which is no failure
      }
    }
  }
}

/// Turns totals into the increments that swift-metrics counts in.
struct MetricsRelay {
  private let factory: any MetricsFactory
  private var totals: [String: Double] = [:]

  init(_ factory: any MetricsFactory) { self.factory = factory }

  /// Records one snapshot. A histogram's buckets have no place in swift-metrics, which wants single
  /// observations: its sum and count are handed over as counters.
  mutating func record(_ families: [MetricFamily]) {
    for family in families {
      for sample in family.samples where sample.suffix != "_bucket" {
        let isTotal = family.kind == .counter || family.kind == .histogram
        switch family.kind {
        case .untyped: continue  // the original's names of counters that are here anyway
        case .counter, .gauge, .histogram: break
        }
        let labels = sample.labels.map { ($0.name, $0.value) }
        let name = family.name + sample.suffix
        if isTotal {
          count(name, labels, sample.value)
        } else {
          Gauge(label: name, dimensions: labels, factory: factory).record(sample.value)
        }
      }
    }
  }

  private mutating func count(_ name: String, _ labels: [(String, String)], _ total: Double) {
    let series = name + labels.map { "{\($0)=\($1)}" }.joined()
    let increment = total - (totals.updateValue(total, forKey: series) ?? 0)
    guard increment > 0 else { return }
    FloatingPointCounter(label: name, dimensions: labels, factory: factory).increment(by: increment)
  }
}
