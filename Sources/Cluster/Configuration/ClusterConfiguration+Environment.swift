import ClusterCore

extension ClusterConfiguration {
  /// Creates the configuration that the environment describes, and validates it.
  ///
  /// `CLUSTER_PEERS` lists the members; without it they are those of a Kubernetes StatefulSet, for
  /// which `CLUSTER_SIZE`, `CLUSTER_NAMESPACE` and `CLUSTER_SERVICE` are required. A variable that is
  /// set must not be empty. Variables of other names are not looked at.
  ///
  /// - Throws: The first thing that is missing, malformed or contradictory.
  public init(environment: [String: String]) throws(ConfigurationError) {
    let environment = Environment(values: environment)
    let name = try environment.text(.name) ?? HostName.current()
    let port = try environment.number(.port)
    if let port { try Self.check(port: port) }
    if let peers = try environment.list(.peers) {
      self.init(name: name, peers: peers)
      firstOrdinal = try environment.number(.firstOrdinal) ?? 0
      namespace = try environment.text(.namespace)
      service = try environment.text(.service)
      let own = try placement().own
      try Self.requireAgreement(.size, try environment.number(.size), with: peers.count)
      try Self.requireAgreement(.port, port, with: Int(own.port))
    } else {
      self = try Self(setIn: environment, name: name, port: port ?? Self.defaultPort)
    }
    try readNetwork(environment)
    try readTrust(environment)
    try readBehaviour(environment)
    try validate()
  }

  private init(
    setIn environment: Environment, name: String, port: Int
  ) throws(ConfigurationError) {
    guard let size = try environment.number(.size) else {
      throw ConfigurationError(
        .size, value: nil, problem: "is missing, and so is CLUSTER_PEERS",
        accepted: ConfigurationSetting.size.accepted)
    }
    guard let namespace = try environment.text(.namespace) else { throw .missing(.namespace) }
    guard let service = try environment.text(.service) else { throw .missing(.service) }
    try self.init(
      name: name, size: size, namespace: namespace, service: service,
      domain: try environment.text(.domain) ?? Self.defaultDomain, port: port,
      firstOrdinal: try environment.number(.firstOrdinal) ?? 0)
  }

  private mutating func readNetwork(_ environment: Environment) throws(ConfigurationError) {
    bind = try environment.text(.bind)
    httpBind = try environment.text(.httpBind)
    httpHosts = try environment.list(.httpHosts) ?? []
    httpPeers = try environment.list(.httpPeers) ?? []
    guard let given = try environment.number(.httpPort) else { return }
    httpPort = given
    let overlap = bind == nil || httpBind == nil || bind == httpBind
    if given == port, overlap {
      throw ConfigurationError(
        .httpPort, value: String(given), problem: "\(given) is the port of the cluster's protocol",
        accepted: "another port, or 0 for none")
    }
  }

  private mutating func readTrust(_ environment: Environment) throws(ConfigurationError) {
    keyFile = try environment.text(.keyFile)
    key = try environment.text(.key)
    adminTokenFile = try environment.text(.adminTokenFile)
    adminOpen = try environment.choice(.adminOpen, ["true": true, "false": false]) ?? false
  }

  private mutating func readBehaviour(_ environment: Environment) throws(ConfigurationError) {
    let modes: [String: Recovery] = ["auto": .automatic, "manual": .manual]
    recovery = try environment.choice(.recovery, modes) ?? .automatic
    let policies: [String: LeadershipPolicy] = ["any": .any, "majority": .majority]
    leadershipPolicy = try environment.choice(.leadershipPolicy, policies) ?? .any
    dataDirectory = try environment.text(.dataDirectory)
    let levels = Dictionary(uniqueKeysWithValues: LogLevel.allCases.map { ($0.rawValue, $0) })
    logLevel = try environment.choice(.logLevel, levels) ?? .info
    let formats = Dictionary(uniqueKeysWithValues: LogFormat.allCases.map { ($0.rawValue, $0) })
    logFormat = try environment.choice(.logFormat, formats) ?? .logfmt
  }

  private static func requireAgreement(
    _ setting: ConfigurationSetting, _ given: Int?, with peers: Int
  ) throws(ConfigurationError) {
    guard let given, given != peers else { return }
    throw ConfigurationError(
      setting, value: String(given), problem: "\(given) contradicts CLUSTER_PEERS",
      accepted: "\(peers), or none")
  }
}

/// The variables, read by their kinds.
private struct Environment {
  let values: [String: String]

  func text(_ setting: ConfigurationSetting) throws(ConfigurationError) -> String? {
    guard let value = values[setting.variable] else { return nil }
    guard !value.isEmpty else { throw .malformed(setting, value) }
    return value
  }

  func number(_ setting: ConfigurationSetting) throws(ConfigurationError) -> Int? {
    guard let value = try text(setting) else { return nil }
    guard value.utf8.count <= 9, value.utf8.allSatisfy({ (48...57).contains($0) }),
      let number = Int(value)
    else { throw malformedNumber(setting, value) }
    return number
  }

  func list(_ setting: ConfigurationSetting) throws(ConfigurationError) -> [String]? {
    try text(setting)?.split(separator: ",", omittingEmptySubsequences: false)
      .map { item in
        String(item.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
  }

  func choice<Value>(
    _ setting: ConfigurationSetting, _ choices: [String: Value]
  ) throws(ConfigurationError) -> Value? {
    guard let value = try text(setting) else { return nil }
    guard let choice = choices[value] else { throw .malformed(setting, value) }
    return choice
  }

  /// Kubernetes sets `CLUSTER_PORT` and others to `tcp://...` in every pod beside a Service named
  /// `cluster`; whoever meets that would search long.
  private func malformedNumber(
    _ setting: ConfigurationSetting, _ value: String
  ) -> ConfigurationError {
    guard value.hasPrefix("tcp://") || value.hasPrefix("udp://") else {
      return .malformed(setting, value)
    }
    return ConfigurationError(
      setting, value: value, problem: "\(escaped(value)) comes from a Service named cluster",
      accepted: setting.accepted + "; set enableServiceLinks: false in the pod")
  }
}
