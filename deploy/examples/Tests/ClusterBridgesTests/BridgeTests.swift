import Cluster
import Glibc
import Logging
import MetricsTestKit
import ServiceLifecycle
import ServiceLifecycleTestKit
import Synchronization
import Testing

@testable import ClusterBridges

/// Keeps what swift-log is given.
private final class Lines: LogHandler, Sendable {
  private let state = Mutex([(Logging.Logger.Level, String, String?)]())
  var logLevel: Logging.Logger.Level {
    get { .debug }
    set {}
  }
  var metadata: Logging.Logger.Metadata {
    get { [:] }
    set {}
  }
  subscript(metadataKey _: String) -> Logging.Logger.Metadata.Value? {
    get { nil }
    set {}
  }

  func log(event: LogEvent) {
    state.withLock {
      $0.append((event.level, "\(event.message)", event.metadata?["peer"]?.description))
    }
  }

  var messages: [String] { state.withLock { $0.map { $0.1 } } }
}

private func configuration(_ logger: Logging.Logger) -> Cluster.Configuration {
  var configuration = Cluster.Configuration(name: "a-0", peers: ["127.0.0.1:\(freePort())"])
  configuration.httpPort = 0
  configuration.log(to: logger)
  return configuration
}

private func freePort() -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      _ = bind(descriptor, $0, length)
      _ = getsockname(descriptor, $0, &length)
    }
  }
  return Int(UInt16(bigEndian: address.sin_port))
}

@Suite struct BridgeTests {
  @Test(.timeLimit(.minutes(1)))
  func `a group's graceful shutdown makes the member leave, and swift-log has its lines`()
    async throws
  {
    let lines = Lines()
    let logger = Logging.Logger(label: "test") { _ in lines }
    let cluster = try Cluster(configuration(logger))
    try await testGracefulShutdown { trigger in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await ClusterService(cluster).run() }
        group.addTask { try await MetricsBridge(cluster, to: TestMetrics()).run() }
        try await cluster.ready()
        try cluster.store.put("k", "v")
        trigger.triggerGracefulShutdown()
        try await group.waitForAll()
      }
    }
    #expect(lines.messages.contains("cluster is green"))
    #expect(lines.messages.contains { $0.contains("leader is a-0") })
  }

  @Test func `totals become increments, and gauges stay what they are`() throws {
    let metrics = TestMetrics()
    var relay = MetricsRelay(metrics)
    func families(_ total: Double, _ size: Double) -> [MetricFamily] {
      [
        MetricFamily("a_total", .counter, "A.", [MetricSample([("reason", "x")], total)]),
        MetricFamily("a", .untyped, "A.", total), MetricFamily("size", .gauge, "Size.", size),
        MetricFamily(histogram: "h_seconds", "H.", buckets: [(1, 2)], sum: total, count: 2),
      ]
    }
    relay.record(families(5, 3))
    relay.record(families(7, 2))
    let gauge = try metrics.expectGauge("size")
    #expect(gauge.lastValue == 2)
    // swift-metrics' floating point counters gather whole numbers into a counter.
    let counter = try metrics.expectCounter("a_total", [("reason", "x")])
    #expect(counter.values.reduce(0, +) == 7)
    #expect(try metrics.expectCounter("h_seconds_sum").values.reduce(0, +) == 7)
    #expect(throws: (any Error).self) { try metrics.expectCounter("a") }
    #expect(throws: (any Error).self) { try metrics.expectCounter("h_seconds_bucket") }
  }
}
