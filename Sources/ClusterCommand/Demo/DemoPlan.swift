import Cluster

/// Who the members of a demonstration are, and where they listen: all on loopback.
struct DemoPlan: Hashable, Sendable {
  /// One member of it.
  struct Node: Hashable, Sendable {
    var name: String
    var port: Int
    var httpPort: Int

    /// Where its admin HTTP is.
    var url: String { "http://127.0.0.1:\(httpPort)" }
  }

  /// The members in ordinal order.
  let nodes: [Node]

  /// The most members of a demonstration: one process has to hold them all.
  static let limit = 100

  /// Plans so many members. Each kind of port counts up from its first; those that are taken, and
  /// those of the other kind, are passed over.
  ///
  /// - Parameter isFree: Whether nobody listens on a port.
  /// - Returns: None when there are not enough free ports.
  init?(count: Int, port: Int, httpPort: Int, isFree: (Int) -> Bool) {
    // HTTP comes first: its address is what people type.
    guard let http = Self.ports(count, from: httpPort, where: isFree),
      let cluster = Self.ports(count, from: port, where: { !http.contains($0) && isFree($0) })
    else { return nil }
    nodes = (0..<count).map { Node(name: "demo-\($0)", port: cluster[$0], httpPort: http[$0]) }
  }

  /// `host:port` of all members in ordinal order.
  var peers: [String] { nodes.map { "127.0.0.1:\($0.port)" } }

  /// The environment of one member that runs as a process of its own.
  func environment(of node: Node, from environment: [String: String]) -> [String: String] {
    var result = environment.filter { !$0.key.hasPrefix("CLUSTER_") }
    result["CLUSTER_NAME"] = node.name
    result["CLUSTER_PEERS"] = peers.joined(separator: ",")
    result["CLUSTER_BIND"] = "127.0.0.1"
    result["CLUSTER_HTTP_PORT"] = String(node.httpPort)
    result["CLUSTER_HTTP_BIND"] = "127.0.0.1"
    result["CLUSTER_HTTP_PEERS"] = nodes.map { "127.0.0.1:\($0.httpPort)" }.joined(separator: ",")
    result["CLUSTER_LOG_LEVEL"] = environment["CLUSTER_LOG_LEVEL"] ?? "warning"
    return result
  }

  /// The configurations of all members, by the same variables.
  func configurations(
    environment: [String: String]
  ) throws(ConfigurationError) -> [ClusterConfiguration] {
    var configurations: [ClusterConfiguration] = []
    for node in nodes {
      let own = self.environment(of: node, from: environment)
      configurations.append(try ClusterConfiguration(environment: own))
    }
    return configurations
  }

  private static func ports(_ count: Int, from first: Int, where isFree: (Int) -> Bool) -> [Int]? {
    var ports: [Int] = []
    var candidate = first
    while ports.count < count {
      guard candidate <= 65_535 else { return nil }
      if isFree(candidate) { ports.append(candidate) }
      candidate += 1
    }
    return ports
  }
}
