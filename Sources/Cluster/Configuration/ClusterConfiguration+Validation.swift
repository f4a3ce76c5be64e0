package import ClusterCore

extension ClusterConfiguration {
  /// Checks everything that can be checked without opening anything.
  ///
  /// - Throws: The first thing that is wrong.
  public func validate() throws(ConfigurationError) {
    _ = try placement()
    try checkAddresses()
    try checkSecrets()
    try checkLimits()
  }

  /// Who this member is among the expected ones.
  ///
  /// - Throws: What is wrong with the name, the peers or the first ordinal.
  package func placement() throws(ConfigurationError) -> Placement {
    let own = try MemberName(name)
    try Self.check(firstOrdinal: firstOrdinal)
    guard !peers.isEmpty else { throw .missing(.peers) }
    try Self.check(size: peers.count)
    let endpoints = try endpoints()
    guard let index = endpoints.indices.first(where: { firstOrdinal + $0 == own.ordinal }) else {
      throw ConfigurationError(
        .name, value: name,
        problem: "\(escaped(name)) has ordinal \(own.ordinal), which is not of this cluster",
        accepted: "\(own.base)-\(firstOrdinal) to \(own.base)-\(firstOrdinal + size - 1)")
    }
    return Placement(
      ordinal: index, baseName: own.base, endpoints: endpoints,
      clusterID: clusterID(baseName: own.base))
  }

  /// What the protocol's core is told.
  ///
  /// - Parameter seed: Where all random numbers of this start of the member come from.
  /// - Throws: What `validate()` throws.
  package func nodeConfiguration(seed: UInt64) throws(ConfigurationError) -> NodeConfiguration {
    try validate()
    let placement = try placement()
    var node = NodeConfiguration(
      clusterID: placement.clusterID, ordinal: placement.ordinal, size: size,
      baseName: placement.baseName, seed: seed)
    node.firstOrdinal = firstOrdinal
    node.recovery = recovery
    node.leadershipPolicy = leadershipPolicy
    node.minority = minority
    node.tombstoneGrace = Span64(tombstoneGrace)
    node.resolverName = resolver.name
    node.timing = timing
    node.storeBytes = storeBytes
    return node
  }

  private func endpoints() throws(ConfigurationError) -> [HostAndPort] {
    var endpoints: [HostAndPort] = []
    var seen: [HostAndPort: Int] = [:]
    for (index, peer) in peers.enumerated() {
      let endpoint = try endpoint(peer, index)
      let folded = HostAndPort(host: endpoint.host.lowercased(), port: endpoint.port)
      if let earlier = seen.updateValue(index, forKey: folded) {
        throw ConfigurationError(
          .peers, value: peer, problem: "entries \(earlier) and \(index) are both \(escaped(peer))",
          accepted: "every member once, in ordinal order")
      }
      endpoints.append(endpoint)
    }
    return endpoints
  }

  private func endpoint(_ peer: String, _ index: Int) throws(ConfigurationError) -> HostAndPort {
    do throws(HostAndPort.ParsingFailure) {
      return try HostAndPort(parsing: peer)
    } catch {
      throw ConfigurationError(
        .peers, value: peer, problem: "entry \(index), \(escaped(peer)), is not host:port",
        accepted: ConfigurationSetting.peers.accepted)
    }
  }

  private func checkAddresses() throws(ConfigurationError) {
    for (setting, address) in [(ConfigurationSetting.bind, bind), (.httpBind, httpBind)] {
      if let address, Address(host: address, port: 0) == nil { throw .malformed(setting, address) }
    }
    guard (0...65_535).contains(httpPort) else { throw .malformed(.httpPort, String(httpPort)) }
    for host in httpHosts where !HostSyntax.isHostName(host) {
      throw .malformed(.httpHosts, host)
    }
    _ = try httpEndpoints(port: 0)
  }

  private func checkSecrets() throws(ConfigurationError) {
    if adminOpen, adminTokenFile != nil {
      throw ConfigurationError(
        .adminOpen, value: "true", problem: "open to everyone contradicts CLUSTER_ADMIN_TOKEN_FILE",
        accepted: "one of the two")
    }
    if keyFile != nil, key != nil {
      throw ConfigurationError(
        .key, value: nil, problem: "the key itself contradicts CLUSTER_KEY_FILE",
        accepted: "one of the two")
    }
    if let key { try checkKey(key) }
    if let dataDirectory, dataDirectory.isEmpty || dataDirectory.utf8.contains(0) {
      throw .malformed(.dataDirectory, dataDirectory)
    }
  }

  private func checkKey(_ key: String) throws(ConfigurationError) {
    guard let library = try? CryptoLibrary.shared() else { return }  // a cluster's `init` tells it
    do throws(KeySource.Failure) {
      _ = try KeySource.read(variable: key, library)
    } catch {
      throw ConfigurationError(
        .key, value: nil, problem: error.description, accepted: KeyList.accepted)
    }
  }

  private func checkLimits() throws(ConfigurationError) {
    guard storeBytes > 0 else {
      throw ConfigurationError(
        field: "storeBytes", value: String(storeBytes), problem: "\(storeBytes) bytes hold nothing",
        accepted: "a positive number of bytes")
    }
    guard tombstoneGrace >= .seconds(60) else {
      throw ConfigurationError(
        field: "tombstoneGrace", value: String(describing: tombstoneGrace),
        problem: "members would be given up while they restart", accepted: "at least a minute")
    }
    guard timing.probeTimeout > .zero, timing.probeTimeout * 2 < timing.probeInterval else {
      throw ConfigurationError(
        field: "timing.probeTimeout", value: String(describing: timing.probeTimeout.duration),
        problem: "a probe would not end within its interval",
        accepted: "more than nothing and less than half of probeInterval")
    }
    guard timing.suspicionMinimum > .zero, timing.suspicionMaximumFactor > 0,
      timing.contactInterval > .zero, timing.indirectProbes >= 0
    else {
      throw ConfigurationError(
        field: "timing", value: nil, problem: "a suspicion or the contact interval takes no time",
        accepted: "positive times and factors")
    }
  }

  static func check(size: Int) throws(ConfigurationError) {
    guard (1...Limits.members).contains(size) else { throw .malformed(.size, String(size)) }
  }

  static func check(port: Int) throws(ConfigurationError) {
    guard (1...65_535).contains(port) else { throw .malformed(.port, String(port)) }
  }

  static func check(firstOrdinal: Int) throws(ConfigurationError) {
    guard (0...MemberName.largestOrdinal).contains(firstOrdinal) else {
      throw .malformed(.firstOrdinal, String(firstOrdinal))
    }
  }

  /// Keeps clusters apart that reach each other by mistake. The size is no part of it: it may grow
  /// in a rolling update.
  private func clusterID(baseName: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a; a zero byte ends each part
    for part in [baseName, namespace ?? "", service ?? ""] {
      for byte in Array(part.utf8) + [0] { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }
    return mix(hash)
  }
}

/// Where a member stands among the expected ones: what a valid configuration comes down to.
package struct Placement: Hashable, Sendable {
  /// This member's ordinal, counted from zero whatever number the set begins with.
  package let ordinal: Int
  /// The members' common name without the ordinal and its dash.
  package let baseName: String
  /// Where each member is reached, in ordinal order.
  package let endpoints: [HostAndPort]
  /// The cluster's identity on the wire.
  package let clusterID: UInt64

  /// This member's own entry.
  package var own: HostAndPort { endpoints[ordinal] }
}
