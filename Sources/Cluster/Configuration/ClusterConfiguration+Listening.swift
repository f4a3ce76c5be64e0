import ClusterCore

extension ClusterConfiguration {
  /// Where the cluster's protocol listens: at the address that was asked for; at this member's own
  /// where all are on loopback; at all otherwise.
  func listeningAddresses() throws(ConfigurationError) -> [Address] {
    let own = try placement().own
    let port = UInt16(truncatingIfNeeded: own.port)
    let host = bind ?? (isLoopbackOnly ? own.host : nil)
    guard let host else { return [Address.any(port: port)] }
    guard let address = Address(host: host, port: port) else { throw .malformed(.bind, host) }
    return [address]
  }
}
