import Cluster
import ClusterAdmin

/// A member that runs in this process, with its admin HTTP.
struct LocalMember: Sendable {
  /// The member; none in a test.
  var cluster: Cluster?
  /// Runs both. Returns when the member has left; ends early when its task is cancelled.
  let run: @Sendable () async throws -> Void
  /// Asks the member to leave gracefully; `run` returns then.
  let shutdown: @Sendable () async -> Void

  /// Why a member that was running ended by itself.
  enum Failure: Error, Hashable, CustomStringConvertible {
    /// Another live process has this member's ordinal with a newer boot.
    case superseded

    var description: String { "another process runs as this member, and is newer" }
  }

  /// Creates the member that a configuration describes. Nothing of the cluster's protocol is opened
  /// yet; the admin port is, so that a taken one is told before the member joins.
  ///
  /// - Parameters:
  ///   - filter: What can cut it off; only a demonstration has one.
  ///   - demo: The demonstration's network.
  static func make(
    _ configuration: ClusterConfiguration, filter: LinkFilter? = nil,
    demo: (any DemoNetwork)? = nil
  ) throws -> LocalMember {
    let cluster = try Cluster(configuration, filter: filter)
    let admin =
      configuration.httpPort == 0 ? nil : try AdminServer(for: cluster, demo: demo)
    return LocalMember(
      cluster: cluster,
      run: {
        try await withThrowingTaskGroup(of: Void.self) { group in
          if let admin { group.addTask { try await admin.run() } }
          do {
            try await cluster.run()
          } catch ClusterError.superseded {
            throw Failure.superseded
          }
          group.cancelAll()
          try await group.waitForAll()
        }
      },
      shutdown: { await cluster.shutdown() })
  }
}
