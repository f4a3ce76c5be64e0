package import Cluster

extension AccessPolicy {
  /// Creates the policy that a member's configuration asks for; reads the token's file.
  ///
  /// - Throws: What is wrong with the token's file.
  package init(_ configuration: ClusterConfiguration) throws(ConfigurationError) {
    let hosts = try configuration.placement().endpoints.map(\.host)
    let file = try configuration.adminTokenFile.map(BearerTokenFile.init(path:))
    self.init(
      tokenSource: { file?.token },
      isOpen: configuration.adminOpen,
      hosts: configuration.expectedNames + hosts + configuration.httpHosts)
  }
}
