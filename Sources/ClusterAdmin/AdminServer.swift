public import Cluster
import ClusterCore

/// The REST interface, the probes and the metrics of a member, over HTTP.
///
/// ```swift
/// let admin = try AdminServer(for: cluster, port: 8080)
/// try await admin.run()
/// ```
///
/// Everybody who reaches the port may read; changes need a token, or come from loopback, as the
/// cluster's configuration says. There is no TLS: terminate it before, or bind to a private address.
public final class AdminServer: Sendable {
  private let listener: AdminListener

  /// Opens the port; nothing is answered until `run()`.
  ///
  /// - Parameters:
  ///   - cluster: The member, whose configuration says who may do what.
  ///   - port: The port instead of the configuration's; zero for any free one.
  /// - Throws: `ConfigurationError` when the token's file or the address is of no use, and the
  ///   system's error when the port can't be had.
  public convenience init(for cluster: Cluster, port: Int? = nil) throws {
    try self.init(for: cluster, port: port, demo: nil)
  }

  /// Opens the port of a member of a demonstration, whose network can be cut from its dashboard.
  package init(for cluster: Cluster, port: Int? = nil, demo: (any DemoNetwork)?) throws {
    let configuration = cluster.configuration
    let port = port ?? configuration.httpPort
    guard let number = UInt16(exactly: port) else {
      throw ConfigurationError.malformed(.httpPort, "\(port)")
    }
    var addresses = [Address.any(port: number)]
    if let host = configuration.httpBind {
      guard let address = Address(host: host, port: number) else {
        throw ConfigurationError.malformed(.httpBind, host)
      }
      addresses = [address]
    }
    listener = try AdminListener(
      for: MemberSite(cluster: cluster), policy: try AccessPolicy(configuration), at: addresses,
      views: try PeerViews(configuration, ownPort: number), demo: demo)
  }

  /// The port that is open.
  public var port: Int { Int(listener.port) }

  /// Serves until the task is cancelled; answers that are under way are still sent.
  ///
  /// - Throws: The system's error when it has no thread left.
  public func run() async throws { try await listener.run() }
}
