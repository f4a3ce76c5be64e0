extension ClusterConfiguration {
  /// Where the members' admin HTTP is, in ordinal order.
  ///
  /// - Parameter port: This member's own HTTP port, which holds for all where `httpPeers` is empty.
  /// - Throws: What is wrong with `httpPeers`, or with the members.
  package func httpEndpoints(port: UInt16) throws(ConfigurationError) -> [HostAndPort] {
    let endpoints = try placement().endpoints
    guard !httpPeers.isEmpty else {
      return endpoints.map { HostAndPort(host: $0.host, port: port) }
    }
    guard httpPeers.count == endpoints.count else {
      throw ConfigurationError(
        .httpPeers, value: httpPeers.joined(separator: ","),
        problem: "\(httpPeers.count) entries for \(endpoints.count) members",
        accepted: ConfigurationSetting.httpPeers.accepted)
    }
    var result: [HostAndPort] = []
    for (index, peer) in httpPeers.enumerated() {
      guard let endpoint = try? HostAndPort(parsing: peer) else {
        throw ConfigurationError(
          .httpPeers, value: peer, problem: "entry \(index), \(escaped(peer)), is not host:port",
          accepted: ConfigurationSetting.httpPeers.accepted)
      }
      result.append(endpoint)
    }
    return result
  }
}
