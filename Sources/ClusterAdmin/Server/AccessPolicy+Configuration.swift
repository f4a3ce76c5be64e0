package import Cluster

extension AccessPolicy {
  /// Creates the policy that a member's configuration asks for; reads the token's file.
  ///
  /// - Throws: What is wrong with the token's file.
  package init(_ configuration: ClusterConfiguration) throws(ConfigurationError) {
    let hosts = configuration.peers.compactMap { (try? HostAndPort(parsing: $0))?.host }
    self.init(
      token: try configuration.adminTokenFile.map(BearerToken.read),
      isOpen: configuration.adminOpen,
      hosts: configuration.expectedNames + hosts + configuration.httpHosts)
  }
}
