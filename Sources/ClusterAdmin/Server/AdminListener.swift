package import Cluster
package import ClusterCore
import Synchronization

/// Serves a member's site over TCP: what joins the stream server and the HTTP connections.
package final class AdminListener: Sendable {
  private let server: StreamServer<HTTPConnection<AdminSite>>
  private let views: PeerViews?

  /// Starts to listen; nothing is answered until `run`.
  ///
  /// - Parameters:
  ///   - cluster: The member.
  ///   - policy: Who may do what.
  ///   - views: Who knows what the other members believe.
  ///   - demo: The network of a demonstration; none for a real member.
  ///   - addresses: Where to listen; a port of zero becomes any free one.
  /// - Throws: What the system says when an address cannot be had.
  package init(
    for cluster: any AdministeredCluster, policy: AccessPolicy, at addresses: [Address],
    views: PeerViews? = nil, demo: (any DemoNetwork)? = nil, limits: HTTPLimits = HTTPLimits()
  ) throws(SystemError) {
    let site = AdminSite(cluster: cluster, policy: policy, views: views, demo: demo)
    self.views = views
    let doorman = Doorman()
    server = try StreamServer(
      bind: addresses, limits: Self.limits(site),
      makeMachine: { id, peer in
        HTTPConnection(
          responder: site, peer: peer, limits: limits, at: Clock.instant(),
          wake: { doorman.wake(id) })
      })
    // Weakly, since the server holds the doorman through its machines.
    let wake: @Sendable (ConnectionID) -> Void = { [weak server] connection in
      server?.post(to: connection) { _, _ in }
    }
    doorman.server.withLock { $0 = wake }
    // Weakly, since the server holds the site through its machines.
    site.tally.observe { [weak server] in server?.counters }
  }

  /// The port.
  package var port: UInt16 { server.port }

  /// Serves until the task is cancelled; answers that are under way are still sent, for a second.
  ///
  /// - Throws: What the system says when it has no thread left.
  package func run() async throws {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
        do {
          _ = try LoopThread(name: "cluster-http") { [server] in
            server.run()
            ended.resume()
          }
        } catch {
          ended.resume(throwing: error)
        }
      }
    } onCancel: {
      views?.stop()
      server.stop(drainingFor: .seconds(1))
    }
  }

  /// Lets the server look at a connection again that has something to send. The connections' machines
  /// are made before there is a server to tell.
  private final class Doorman: Sendable {
    let server = Mutex<(@Sendable (ConnectionID) -> Void)?>(nil)

    func wake(_ connection: ConnectionID) { server.withLock { $0 }?(connection) }
  }

  /// The bounds on connections. Fewer from one address than in all: a single client cannot keep the
  /// probes and the operator out.
  private static func limits(_ site: AdminSite) -> StreamServerLimits {
    var limits = StreamServerLimits()
    limits.connections = 512
    limits.connectionsPerAddress = 256
    limits.refusal = site.overloadAnswer
    return limits
  }
}
