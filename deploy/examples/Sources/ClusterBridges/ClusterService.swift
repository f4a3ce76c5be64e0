import Cluster
import ClusterAdmin
import ServiceLifecycle

/// A member as a service of swift-service-lifecycle: a graceful shutdown, which a `ServiceGroup` begins
/// at SIGTERM, makes it leave the cluster before its `run()` returns.
///
/// Put it before the services that use the store: a group ends them in the opposite order.
public struct ClusterService: Service {
  private let cluster: Cluster
  private let admin: AdminServer?

  /// Creates a service of a member, and of its admin HTTP where there is one.
  public init(_ cluster: Cluster, admin: AdminServer? = nil) {
    self.cluster = cluster
    self.admin = admin
  }

  /// Is a member until the graceful shutdown, or until the task is cancelled.
  public func run() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      if let admin { group.addTask { try await admin.run() } }
      try await withGracefulShutdownHandler {
        try await cluster.run()
      } onGracefulShutdown: {
        Task { await cluster.shutdown() }  // ends with the member
      }
      group.cancelAll()
      try await group.waitForAll()
    }
  }
}
