import Testing

@testable import Cluster

/// A pod of a StatefulSet, and a member with a list of peers: what every row below starts from.
private let pod = [
  "CLUSTER_NAME": "app-1", "CLUSTER_SIZE": "3", "CLUSTER_NAMESPACE": "prod",
  "CLUSTER_SERVICE": "backend",
]
private let listed = [
  "CLUSTER_NAME": "app-1", "CLUSTER_PEERS": "a:7946, [::1]:7947,127.0.0.1:7948",
]

private func configuration(
  _ base: [String: String], _ changes: [String: String?]
) throws(ConfigurationError) -> ClusterConfiguration {
  var environment = base
  for (variable, value) in changes { environment[variable] = value }
  return try ClusterConfiguration(environment: environment)
}

private func failure(
  _ base: [String: String], _ changes: [String: String?]
) -> ConfigurationError? {
  do throws(ConfigurationError) {
    _ = try configuration(base, changes)
    return nil
  } catch {
    return error
  }
}

@Suite struct EnvironmentTests {
  @Test func `a pod finds its peers by the names of its set, Service and namespace`() throws {
    let configuration = try configuration(pod, [:])
    #expect(
      configuration.peers == [
        "app-0.backend.prod.svc.cluster.local:7946", "app-1.backend.prod.svc.cluster.local:7946",
        "app-2.backend.prod.svc.cluster.local:7946",
      ])
    #expect(configuration.expectedNames == ["app-0", "app-1", "app-2"])
    #expect(configuration.size == 3)
    #expect(configuration.port == 7946)
    #expect(try configuration.placement().ordinal == 1)
  }

  @Test func `a set may begin with another ordinal, domain and port`() throws {
    let configuration = try configuration(
      pod,
      [
        "CLUSTER_NAME": "my-app-6", "CLUSTER_ORDINAL_START": "5", "CLUSTER_DOMAIN": "k8s.example",
        "CLUSTER_PORT": "9000",
      ])
    #expect(configuration.peers.first == "my-app-5.backend.prod.svc.k8s.example:9000")
    #expect(configuration.expectedNames == ["my-app-5", "my-app-6", "my-app-7"])
    #expect(try configuration.placement().ordinal == 1)
    #expect(try configuration.nodeConfiguration(seed: 1).name(0) == "my-app-5")
  }

  @Test func `listed peers give the size, and one's own entry the port`() throws {
    let configuration = try configuration(listed, [:])
    #expect(configuration.size == 3)
    #expect(configuration.port == 7947)
    #expect(try configuration.placement().endpoints.map(\.host) == ["a", "::1", "127.0.0.1"])
    #expect(try configuration.placement().endpoints.map(\.port) == [7946, 7947, 7948])
  }

  @Test func `what isn't said has the documented default`() throws {
    let configuration = try configuration(pod, [:])
    #expect(configuration.bind == nil)
    #expect(configuration.httpBind == nil)
    #expect(configuration.httpPort == 8080)
    #expect(configuration.httpHosts == [])
    #expect(configuration.recovery == .automatic)
    #expect(configuration.leadershipPolicy == .any)
    #expect(configuration.adminTokenFile == nil)
    #expect(configuration.adminOpen == false)
    #expect(configuration.logLevel == .info)
    #expect(configuration.logFormat == .logfmt)
    #expect(configuration.resolver.name == "lastWriterWins")
  }

  @Test func `every variable that says how a member behaves is read`() throws {
    let configuration = try configuration(
      pod,
      [
        "CLUSTER_BIND": "0.0.0.0", "CLUSTER_HTTP_PORT": "0", "CLUSTER_HTTP_BIND": "::",
        "CLUSTER_HTTP_HOSTS": "admin.example, other", "CLUSTER_ADMIN_TOKEN_FILE": "/run/token",
        "CLUSTER_ADMIN_OPEN": "false", "CLUSTER_RECOVERY": "manual",
        "CLUSTER_LEADER_POLICY": "majority", "CLUSTER_LOG_LEVEL": "trace",
        "CLUSTER_LOG_FORMAT": "json",
      ])
    #expect(configuration.bind == "0.0.0.0")
    #expect(configuration.httpPort == 0)
    #expect(configuration.httpBind == "::")
    #expect(configuration.httpHosts == ["admin.example", "other"])
    #expect(configuration.adminTokenFile == "/run/token")
    #expect(configuration.recovery == .manual)
    #expect(configuration.leadershipPolicy == .majority)
    #expect(configuration.logLevel == .trace)
    #expect(configuration.logFormat == .json)
  }

  @Test(arguments: ["CLUSTER_SIZE", "CLUSTER_NAMESPACE", "CLUSTER_SERVICE"])
  func `a pod without a required variable is told which one is missing`(variable: String) {
    let error = failure(pod, [variable: nil])
    #expect(error?.variable == variable)
    #expect(error?.problem.contains("missing") == true)
    #expect(error?.value == nil)
  }

  @Test(arguments: [
    ("CLUSTER_SIZE", ["0", "-1", "4097", "three", "1.5", " 3", "99999999999999999999"]),
    ("CLUSTER_NAMESPACE", ["a.b", "-a", "a b", "a/b"]),
    ("CLUSTER_SERVICE", ["a.b", "b-"]),
    ("CLUSTER_NAME", ["app", "app-", "-1", "app-01", "app-1x", "app/1-1", "app-3", "äpp-1"]),
    ("CLUSTER_ORDINAL_START", ["-1", "2", "x", "1000000000"]),
    ("CLUSTER_DOMAIN", ["a..b", "1.2.3.4", "under score"]),
    ("CLUSTER_PORT", ["0", "65536", "http", "tcp://10.0.0.1:7946"]),
    ("CLUSTER_BIND", ["localhost", "1.2.3", "1.2.3.256", "[::1]", "1::2::3"]),
    ("CLUSTER_HTTP_PORT", ["-1", "65536", "x", "7946"]),
    ("CLUSTER_HTTP_BIND", ["*", "example.org"]),
    ("CLUSTER_HTTP_HOSTS", ["a,,b", "a b", "http://a"]),
    ("CLUSTER_ADMIN_OPEN", ["yes", "TRUE", "1"]),
    ("CLUSTER_RECOVERY", ["automatic", "Auto", "off"]),
    ("CLUSTER_LEADER_POLICY", ["all", "Majority"]),
    ("CLUSTER_LOG_LEVEL", ["warn", "INFO", "verbose"]),
    ("CLUSTER_LOG_FORMAT", ["text", "JSON"]),
    ("CLUSTER_KEY_FILE", []),
    ("CLUSTER_KEY", ["short", ",", "correct horse battery staple,short"]),
    ("CLUSTER_DATA_DIR", ["/var/lib/\0cluster"]),
    ("CLUSTER_PEERS", ["a", "a:", ":1", "a:0", "a:70000", "a:1,", "a:1,a:2,A:1", "::1:2"]),
  ])
  func `a value that isn't accepted is refused in one line that names the variable`(
    variable: String, values: [String]
  ) {
    for value in values + [""] {
      let error = failure(pod, [variable: value])
      let blamed = variable == "CLUSTER_ORDINAL_START" && value == "2" ? "CLUSTER_NAME" : variable
      #expect(error?.variable == blamed, "\(variable)=\(value)")
      #expect(error?.description.hasPrefix(blamed + ": ") == true)
      #expect(error?.description.contains("\n") == false)
      #expect(error?.accepted.isEmpty == false)
    }
  }

  @Test(arguments: [
    ("CLUSTER_SIZE", "2"), ("CLUSTER_PORT", "7946"), ("CLUSTER_HTTP_PORT", "7947"),
  ])
  func `what contradicts the listed peers is refused`(variable: String, value: String) {
    #expect(failure(listed, [variable: value])?.variable == variable)
  }

  @Test func `what agrees with the listed peers is accepted`() {
    #expect(failure(listed, ["CLUSTER_SIZE": "3", "CLUSTER_PORT": "7947"]) == nil)
  }

  @Test func `HTTP may have the cluster's port on another address`() {
    let apart = ["CLUSTER_BIND": "10.0.0.1", "CLUSTER_HTTP_BIND": "127.0.0.1"]
    #expect(failure(pod, apart.merging(["CLUSTER_HTTP_PORT": "7946"]) { $1 }) == nil)
  }

  @Test func `a token contradicts an interface that is open to everyone`() {
    let both = ["CLUSTER_ADMIN_OPEN": "true", "CLUSTER_ADMIN_TOKEN_FILE": "/run/token"]
    #expect(failure(pod, both)?.variable == "CLUSTER_ADMIN_OPEN")
  }

  @Test func `a key that is too short is refused, and never shown`() throws {
    let error = try #require(failure(pod, ["CLUSTER_KEY": "c2VjcmV0"]))
    #expect(error.variable == "CLUSTER_KEY")
    #expect(error.problem.contains("too short"))
    #expect(error.accepted.contains("cluster keygen"))
    #expect(error.value == nil)
    #expect(!"\(error)".contains("c2VjcmV0"))
    #expect(failure(pod, ["CLUSTER_KEY": "correct horse battery staple"]) == nil)
  }

  @Test func `a key file that isn't there ends the start, and names the variable`() throws {
    var environment = pod
    environment["CLUSTER_KEY_FILE"] = "/no/such/file"
    let configuration = try ClusterConfiguration(environment: environment)
    #expect {
      try Cluster(configuration)
    } throws: { error in
      let error = error as? ConfigurationError
      return error?.variable == "CLUSTER_KEY_FILE" && error?.problem.contains("ENOENT") == true
        && error?.value == "/no/such/file"
    }
  }

  @Test func `a Service named cluster is recognised by what it leaves in the environment`() throws {
    let error = try #require(failure(pod, ["CLUSTER_PORT": "tcp://10.0.0.1:80"]))
    #expect(error.description.contains("enableServiceLinks: false"))
  }

  @Test func `a value with a line end stays on its line`() throws {
    let error = try #require(failure(pod, ["CLUSTER_RECOVERY": "auto\nlevel=info\u{1B}[2J"]))
    #expect(error.description.contains(#""auto\nlevel=info\u001b[2J""#))
  }

  @Test func `the host's own name is the default`() {
    let error = failure(pod, ["CLUSTER_NAME": nil])
    let host = HostName.current()
    #expect(error == nil || error?.value == host)
  }
}
