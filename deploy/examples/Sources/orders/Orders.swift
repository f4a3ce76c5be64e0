import Cluster
import ClusterAdmin
import ClusterBridges
import Foundation
import Logging
import ServiceLifecycle

/// A backend that embeds a member: every instance takes orders, all hold them, the leader ships them.
///
/// Configured as `cluster node` is: `CLUSTER_SIZE`, `CLUSTER_SERVICE` and `CLUSTER_NAMESPACE` in a
/// StatefulSet, `CLUSTER_NAME` and `CLUSTER_PEERS` elsewhere.
@main
struct Orders {
  static func main() async throws {
    let logger = Logging.Logger(label: "orders")
    var configuration = try Cluster.Configuration(
      environment: ProcessInfo.processInfo.environment)
    configuration.log(to: logger)
    // Two sides of a partition that add lines to one order: the order has the lines of both.
    configuration.resolver = .merging(name: "union of lines") { conflict in
      let lines = conflict.candidates.compactMap(\.string).flatMap { $0.split(separator: "\n") }
      return .value(Array(Set(lines).sorted().joined(separator: "\n").utf8))
    }
    let cluster = try Cluster(configuration)
    let admin = configuration.httpPort == 0 ? nil : try AdminServer(for: cluster)
    let group = ServiceGroup(
      services: [
        ClusterService(cluster, admin: admin), MetricsBridge(cluster),
        Shipping(cluster: cluster, logger: logger),
      ],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    try await group.run()
  }
}

/// Ships what was ordered: on the leader only, and once more on the next one where nobody can tell.
struct Shipping: Service {
  let cluster: Cluster
  let logger: Logging.Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      // Only a member that ends throws here; its own service says why.
      guard (try? await cluster.ready()) != nil else { return }
      for await change in cluster.store.changes(prefix: "orders/", from: .snapshot) {
        guard case .written(let lines) = change.kind, cluster.isLeader else { continue }
        let count = lines.split(separator: UInt8(ascii: "\n")).count
        logger.info("shipping", metadata: ["order": "\(change.key)", "lines": "\(count)"])
      }
    }
  }
}
