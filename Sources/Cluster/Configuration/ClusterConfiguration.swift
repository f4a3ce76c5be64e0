public import ClusterCore

/// What a member is told before it starts: who it is, who the others are, and how it behaves.
///
/// It comes from the environment of a pod, or is written by value:
///
/// ```swift
/// var configuration = try Cluster.Configuration(environment: ProcessInfo.processInfo.environment)
/// var configuration = Cluster.Configuration(
///   name: "orders-0", peers: ["127.0.0.1:7946", "127.0.0.1:7947", "127.0.0.1:7948"])
/// ```
///
/// The first throws on the first thing that is wrong. The second takes everything as it is;
/// `validate()`, which a cluster calls before it opens anything, finds what is wrong with it.
public struct ClusterConfiguration: Sendable {
  /// This member's name: a base that all members share, a dash, and its ordinal (`orders-0`).
  public var name: String
  /// Where every expected member is reached, this one included: `host:port` in ordinal order, the
  /// first one being `firstOrdinal`. IPv6 addresses stand in brackets. Names are resolved anew
  /// whenever a member is contacted.
  public var peers: [String]
  /// The number of the set's first member (`spec.ordinals.start` of a StatefulSet).
  public var firstOrdinal = 0
  /// The Kubernetes namespace. Clusters that differ in it never merge.
  public var namespace: String?
  /// The headless Service. Clusters that differ in it never merge.
  public var service: String?

  /// The address to listen on for the cluster's protocol, an IPv4 or IPv6 literal; none means all.
  public var bind: String?
  /// The admin HTTP port; 0 means that there is none. Only `ClusterAdmin` opens it.
  public var httpPort = Self.defaultHTTPPort
  /// The address to listen on for admin HTTP, an IPv4 or IPv6 literal; none means all.
  public var httpBind: String?
  /// Host names that admin HTTP answers to besides IP literals, loopback and the members' names.
  public var httpHosts: [String] = []
  /// Where the members' admin HTTP is, `host:port` in ordinal order: there this member asks the others
  /// what they believe, for its dashboard. Empty: at their hosts, on this member's own HTTP port.
  public var httpPeers: [String] = []
  /// A file with the bearer token for changes over HTTP. Without one, changes are taken from
  /// loopback only.
  public var adminTokenFile: String?
  /// Whether changes over HTTP are taken from anywhere, without a token.
  public var adminOpen = false

  /// What a healed partition does until somebody sets it otherwise.
  public var recovery = Recovery.automatic
  /// When a leader is confirmed.
  public var leadershipPolicy = LeadershipPolicy.any
  /// What becomes of concurrent writes of one key. The same on every member.
  public var resolver = ConflictResolver.lastWriterWins
  /// How fast the protocol goes. The same on every member.
  public var timing = Timing.lan
  /// What this member does with its store while it sees no majority of the expected members.
  public var minority = MinorityPolicy.readWrite
  /// How long deletes are remembered for a member that is away: at least a minute. One that stays away
  /// for longer and comes back with what it had in memory exchanges everything with the others.
  public var tombstoneGrace = Duration.seconds(86_400)
  /// The most bytes that keys and values may take on this member.
  public var storeBytes = 1 << 30

  /// A file with the shared secrets that protect packets, one a line: the first seals, all open. It is
  /// looked at twice a second, and what it holds then is in force at once: so keys are changed without
  /// a restart. Add the new one behind the old on every member; put it first on every member; take the
  /// old one out.
  public var keyFile: String?
  /// The shared secrets themselves, separated by commas, where no file can be had.
  public var key: String?
  /// A directory that keeps the store across a restart of the whole cluster; none means memory only.
  /// It is made if its parent is there, belongs to this one member, and is locked while it runs.
  /// What was written is flushed to the disk a few milliseconds later; a write is not waited for.
  /// It takes up to three times the bytes of keys and values, and 8 MiB more.
  public var dataDirectory: String?

  /// The lowest level that is logged, also to `logHandler`.
  public var logLevel = LogLevel.info
  /// How lines on standard error are written; of no meaning beside `logHandler`.
  public var logFormat = LogFormat.logfmt
  /// Takes every log line in place of standard error: level, message, metadata. It is called on the
  /// member's own thread, so it must return quickly.
  public var logHandler: (@Sendable (LogLevel, String, [String: String]) -> Void)?

  /// The port of the cluster's protocol where nothing else is said.
  public static let defaultPort = 7946
  /// The port of admin HTTP where nothing else is said.
  public static let defaultHTTPPort = 8080
  /// The domain of a Kubernetes cluster where nothing else is said.
  public static let defaultDomain = "cluster.local"

  /// Creates a configuration by value; `validate()` checks it.
  ///
  /// - Parameters:
  ///   - name: This member's name, ending in `-` and its ordinal.
  ///   - peers: `host:port` of every expected member in ordinal order, this one included; its own
  ///     entry's port is the one to listen on.
  public init(name: String, peers: [String]) {
    self.name = name
    self.peers = peers
  }

  /// Creates the configuration of a member of a Kubernetes StatefulSet, whose peers are
  /// `SET-i.SERVICE.NAMESPACE.svc.DOMAIN`; SET is `name` without its ordinal.
  ///
  /// - Parameters:
  ///   - name: The pod's name.
  ///   - size: The number of expected members.
  ///   - namespace: The pod's namespace.
  ///   - service: The headless Service that governs the set.
  ///   - domain: The Kubernetes cluster's domain.
  ///   - port: The port of the cluster's protocol on every member.
  ///   - firstOrdinal: The set's first ordinal.
  /// - Throws: The first thing that is wrong.
  public init(
    name: String, size: Int, namespace: String, service: String,
    domain: String = Self.defaultDomain, port: Int = Self.defaultPort, firstOrdinal: Int = 0
  ) throws(ConfigurationError) {
    let baseName = try MemberName(name).base
    try Self.check(size: size)
    try Self.check(firstOrdinal: firstOrdinal)
    try Self.check(port: port)
    for (setting, label) in [(ConfigurationSetting.namespace, namespace), (.service, service)] {
      guard HostSyntax.isLabel(label) else { throw .malformed(setting, label) }
    }
    guard HostSyntax.isHostName(domain) else { throw .malformed(.domain, domain) }
    self.init(
      name: name,
      peers: (firstOrdinal..<firstOrdinal + size).map { ordinal in
        "\(baseName)-\(ordinal).\(service).\(namespace).svc.\(domain):\(port)"
      })
    self.firstOrdinal = firstOrdinal
    self.namespace = namespace
    self.service = service
    try validate()
  }

  /// The number of expected members.
  public var size: Int { peers.count }

  /// The UDP and TCP port of the cluster's protocol on this member: that of its own entry of `peers`;
  /// `defaultPort` as long as there is no such entry.
  public var port: Int { (try? placement()).map { Int($0.own.port) } ?? Self.defaultPort }

  /// Whether every member is reached on this machine only.
  package var isLoopbackOnly: Bool {
    peers.allSatisfy { peer in
      guard let host = try? HostAndPort(parsing: peer).host.lowercased() else { return false }
      let isLiteral = Address(host: host, port: 0) != nil
      return host == "localhost" || host == "::1" || (isLiteral && host.hasPrefix("127."))
    }
  }

  /// The names of all expected members in ordinal order; none as long as `name` is not valid.
  public var expectedNames: [String] {
    guard let base = try? MemberName(name).base else { return [] }
    return peers.indices.map { "\(base)-\(firstOrdinal + $0)" }
  }
}
