/// Everything that the environment can say of a member: one table for variables, flags, errors, help.
///
/// The flags of `cluster node` bear the variables' names (`CLUSTER_HTTP_PORT`, `--http-port`).
package enum ConfigurationSetting: String, CaseIterable, Sendable {
  case size = "CLUSTER_SIZE"
  case namespace = "CLUSTER_NAMESPACE"
  case service = "CLUSTER_SERVICE"
  case name = "CLUSTER_NAME"
  case peers = "CLUSTER_PEERS"
  case firstOrdinal = "CLUSTER_ORDINAL_START"
  case domain = "CLUSTER_DOMAIN"
  case port = "CLUSTER_PORT"
  case bind = "CLUSTER_BIND"
  case httpPort = "CLUSTER_HTTP_PORT"
  case httpBind = "CLUSTER_HTTP_BIND"
  case httpHosts = "CLUSTER_HTTP_HOSTS"
  case httpPeers = "CLUSTER_HTTP_PEERS"
  case keyFile = "CLUSTER_KEY_FILE"
  case key = "CLUSTER_KEY"
  case adminTokenFile = "CLUSTER_ADMIN_TOKEN_FILE"
  case adminOpen = "CLUSTER_ADMIN_OPEN"
  case recovery = "CLUSTER_RECOVERY"
  case leadershipPolicy = "CLUSTER_LEADER_POLICY"
  case dataDirectory = "CLUSTER_DATA_DIR"
  case logLevel = "CLUSTER_LOG_LEVEL"
  case logFormat = "CLUSTER_LOG_FORMAT"

  /// The environment variable.
  package var variable: String { rawValue }

  /// The property of `ClusterConfiguration`.
  package var field: String { String(describing: self) }

  /// The flag of `cluster node`; none for the secret itself, which every user of the machine could
  /// read in the list of processes.
  package var flag: String? {
    guard self != .key else { return nil }
    let words = rawValue.dropFirst("CLUSTER_".utf8.count).split(separator: "_")
    return "--" + words.joined(separator: "-").lowercased()
  }

  /// Whether its value is never shown.
  package var isSecret: Bool { self == .key }

  /// What it means, in a clause that begins with a small letter.
  package var meaning: String { row.meaning }

  /// Which values are accepted.
  package var accepted: String { row.accepted }

  /// What holds where it isn't given.
  package var fallback: String { row.fallback }

  /// What stands for its value in help, such as `N`.
  package var placeholder: String { row.placeholder }

  private typealias Row = (
    placeholder: String, meaning: String, accepted: String, fallback: String
  )

  private var row: Row {
    switch self {
    case .size, .namespace, .service, .name, .peers, .firstOrdinal, .domain: placementRow
    case .port, .bind, .httpPort, .httpBind, .httpHosts, .httpPeers: networkRow
    case .keyFile, .key, .adminTokenFile, .adminOpen: trustRow
    case .recovery, .leadershipPolicy, .dataDirectory, .logLevel, .logFormat: behaviourRow
    }
  }

  private var placementRow: Row {
    switch self {
    case .size:
      ("N", "expected number of members", "a whole number from 1 to 4096", "count of CLUSTER_PEERS")
    case .namespace:
      ("NAME", "Kubernetes namespace", "a DNS label such as 'default'", "none")
    case .service:
      ("NAME", "headless Service of the set", "a DNS label such as 'orders'", "none")
    case .name:
      (
        "NAME", "this member's name; the digits after the last dash are its ordinal",
        "a name such as 'orders-0'", "host name"
      )
    case .peers:
      (
        "HOST:PORT,...", "where the members are, in ordinal order, instead of Kubernetes names",
        "a list such as 'a.example:7946,b.example:7946' or '[::1]:7946'",
        "SET-i.SERVICE.NAMESPACE.svc.DOMAIN"
      )
    case .firstOrdinal:
      ("N", "the set's first ordinal", "a whole number from 0 to 999999999", "0")
    default:
      ("NAME", "domain of the Kubernetes cluster", "a domain name", "cluster.local")
    }
  }

  private var networkRow: Row {
    switch self {
    case .port:
      (
        "PORT", "UDP and TCP port of the cluster's protocol", "a port from 1 to 65535",
        "7946, or that of its own entry of CLUSTER_PEERS"
      )
    case .bind:
      ("ADDRESS", "address to listen on", "an IPv4 or IPv6 address", "all")
    case .httpPort:
      ("PORT", "port of admin HTTP; 0 for none", "a port from 0 to 65535", "8080")
    case .httpBind:
      ("ADDRESS", "address that admin HTTP listens on", "an IPv4 or IPv6 address", "all")
    case .httpPeers:
      (
        "HOST:PORT,...", "where the members' admin HTTP is, in ordinal order, for the dashboard",
        "one host:port for each member", "the members' hosts, with this member's HTTP port"
      )
    default:
      (
        "HOST,...", "host names accepted besides literals, loopback and the members' own names",
        "a list of host names", "none"
      )
    }
  }

  private var trustRow: Row {
    switch self {
    case .keyFile:
      (
        "FILE", "shared secrets that protect packets, one a line; the first seals, all open",
        "a path", "none: plaintext"
      )
    case .key:
      (
        "SECRET,...", "the shared secrets themselves", "what 'cluster keygen' prints",
        "none: plaintext"
      )
    case .adminTokenFile:
      (
        "FILE", "bearer token for changes over HTTP", "a path",
        "none: changes from loopback only"
      )
    default:
      ("BOOL", "take changes over HTTP from anywhere", "'true' or 'false'", "false")
    }
  }

  private var behaviourRow: Row {
    switch self {
    case .recovery:
      ("MODE", "what a healed partition does", "'auto' or 'manual'", "auto")
    case .leadershipPolicy:
      ("POLICY", "when a leader is confirmed", "'any' or 'majority'", "any")
    case .dataDirectory:
      ("DIRECTORY", "keep the store across a restart of all", "a path", "none: memory only")
    case .logLevel:
      ("LEVEL", "lowest level that is logged", "one of \(LogLevel.names)", "info")
    default:
      ("FORMAT", "how lines on standard error are written", "'logfmt' or 'json'", "logfmt")
    }
  }
}
