import Cluster

extension PeerViews {
  /// Creates an asker of a member's configured peers: where `httpPeers` says, or else at their hosts
  /// on this member's own HTTP port; by loopback where they listen on loopback only.
  ///
  /// - Throws: What is wrong with the configuration.
  convenience init(
    _ configuration: ClusterConfiguration, ownPort: UInt16
  ) throws(ConfigurationError) {
    let endpoints = try configuration.httpEndpoints(port: ownPort)
    let peers = zip(configuration.expectedNames, endpoints)
      .filter { $0.0 != configuration.name }.map { Peer(name: $0, endpoint: $1) }
    self.init(Array(peers))
  }
}
