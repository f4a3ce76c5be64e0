import Testing

@testable import Cluster

private func failure(_ configuration: ClusterConfiguration) -> ConfigurationError? {
  do throws(ConfigurationError) {
    try configuration.validate()
    return nil
  } catch {
    return error
  }
}

@Suite struct ClusterConfigurationTests {
  let three = ["127.0.0.1:7946", "127.0.0.1:7947", "127.0.0.1:7948"]

  @Test func `a configuration by value is checked when asked`() {
    #expect(failure(ClusterConfiguration(name: "orders-2", peers: three)) == nil)
    #expect(failure(ClusterConfiguration(name: "orders", peers: three))?.field == "name")
    #expect(failure(ClusterConfiguration(name: "orders-3", peers: three))?.field == "name")
    #expect(failure(ClusterConfiguration(name: "orders-0", peers: []))?.field == "peers")
    let many = (0..<4_097).map { "h:\($0 + 1)" }
    #expect(failure(ClusterConfiguration(name: "orders-0", peers: many))?.field == "size")
  }

  @Test func `a member alone is a cluster`() {
    #expect(failure(ClusterConfiguration(name: "orders-0", peers: ["localhost:7946"])) == nil)
  }

  @Test func `limits and times that cannot work are refused`() {
    let good = ClusterConfiguration(name: "orders-0", peers: three)
    var configuration = good
    configuration.storeBytes = 0
    #expect(failure(configuration)?.field == "storeBytes")
    configuration = good
    configuration.timing.probeTimeout = configuration.timing.probeInterval
    #expect(failure(configuration)?.field == "timing.probeTimeout")
    configuration = good
    configuration.timing.contactInterval = .zero
    #expect(failure(configuration)?.field == "timing.contactInterval")
    configuration = good
    configuration.httpPort = 70_000
    #expect(failure(configuration)?.field == "httpPort")
  }

  @Test func `the core is told what the configuration says`() throws {
    var configuration = ClusterConfiguration(name: "orders-1", peers: three)
    configuration.recovery = .manual
    configuration.leadershipPolicy = .majority
    configuration.resolver = .merging(name: "cart") { .keep($0.oldest) }
    configuration.storeBytes = 1_000
    let node = try configuration.nodeConfiguration(seed: 7)
    #expect(node.ordinal == 1)
    #expect(node.size == 3)
    #expect(node.name(1) == "orders-1")
    #expect(node.recovery == .manual)
    #expect(node.leadershipPolicy == .majority)
    #expect(node.resolverName == "cart")
    #expect(node.storeBytes == 1_000)
    #expect(node.seed == 7)
  }

  @Test func `clusters of another name, namespace or Service have another identity`() throws {
    func identity(
      _ name: String = "a-0", _ peers: Int = 3, _ namespace: String? = nil, _ service: String? = nil
    ) throws -> UInt64 {
      var configuration = ClusterConfiguration(name: name, peers: Array(three.prefix(peers)))
      configuration.namespace = namespace
      configuration.service = service
      return try configuration.placement().clusterID
    }
    let identities = try [
      identity(), identity("b-0"), identity("a-0", 3, "n"), identity("a-0", 3, nil, "n"),
      identity("a-0", 3, "n", "s"), identity("an-0", 3, "s"),
    ]
    #expect(Set(identities).count == identities.count)
  }

  @Test func `all members of a cluster have one identity, also while its size changes`() throws {
    let first = try ClusterConfiguration(name: "a-0", peers: three).placement().clusterID
    let last = try ClusterConfiguration(name: "a-2", peers: three + ["h:1"]).placement().clusterID
    #expect(first == last)
  }

  @Test func `every setting has a flag of the variable's name, but for the secret itself`() {
    for setting in ConfigurationSetting.allCases where setting != .key {
      let words = setting.variable.dropFirst(8).lowercased().split(separator: "_")
      #expect(setting.flag == "--" + words.joined(separator: "-"))
    }
    #expect(ConfigurationSetting.key.flag == nil)
    #expect(ConfigurationSetting.httpPort.flag == "--http-port")
  }

  @Test func `only loopback is loopback`() {
    func isLoopback(_ peers: String...) -> Bool {
      ClusterConfiguration(name: "a-0", peers: peers).isLoopbackOnly
    }
    #expect(isLoopback("127.0.0.1:1", "localhost:2", "[::1]:3", "127.1.2.3:4"))
    #expect(!isLoopback("127.0.0.1:1", "10.0.0.1:2"))
    #expect(!isLoopback("127.example:1"))
    #expect(!isLoopback("nonsense"))
  }

  @Test(arguments: [
    ("a", true), ("a.b-c.d_e", true), ("a.", true), ("1a", true), ("", false), (".", false),
    ("-a", false), ("a-", false), ("a..b", false), ("10.0.0.1", false), ("a b", false),
    (String(repeating: "a", count: 64), false),
  ])
  func `host names are told from other text`(text: String, expected: Bool) {
    #expect(HostSyntax.isHostName(text) == expected)
  }
}
