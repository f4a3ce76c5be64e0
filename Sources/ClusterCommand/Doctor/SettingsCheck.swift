import Cluster
import Glibc

/// Looks at the settings of a member, where there are any, as that member would.
enum SettingsCheck {
  /// How long a port may take to answer.
  private static let patience = Duration.seconds(2)

  /// Where members are expected by these settings, and what is wrong with the settings themselves.
  static func run(
    _ environment: [String: String]
  ) async -> (expected: [Evidence.Expected]?, findings: [Finding]) {
    let ours: [ConfigurationSetting] = [.size, .peers, .service, .namespace]
    guard ours.contains(where: { environment[$0.variable] != nil }) else {
      return (
        nil,
        [
          .note(
            .settings, "no member's settings are here: names and ports weren't looked at",
            "run it where a member runs, such as 'kubectl exec POD -- cluster doctor'")
        ]
      )
    }
    var findings = NodeOptions.strangers(in: environment).map { line in
      Finding.note(.settings, line, "correct its name or take it away")
    }
    do throws(ConfigurationError) {
      let configuration = try ClusterConfiguration(environment: environment)
      let placement = try configuration.placement()
      findings.append(.ok(.settings, "the settings of \(configuration.name) are accepted"))
      var expected: [Evidence.Expected] = []
      for (index, endpoint) in placement.endpoints.enumerated() {
        let ordinal = configuration.firstOrdinal + index
        expected.append(await look(at: endpoint, name: "\(placement.baseName)-\(ordinal)"))
      }
      return (expected, findings)
    } catch {
      let source = error.variable ?? error.field
      findings.append(
        .problem(.settings, "\(source): \(error.problem)", "accepted: \(error.accepted)"))
      return (nil, findings)
    }
  }

  private static func look(at endpoint: HostAndPort, name: String) async -> Evidence.Expected {
    let resolver = NameResolver(concurrency: 1)
    let answer = await withCheckedContinuation { continuation in
      resolver.resolve(endpoint) { continuation.resume(returning: $0) }
    }
    let hosts = Set(answer.addresses.map { host(of: $0.description) }).sorted()
    var expected = Evidence.Expected(
      name: name, endpoint: endpoint.description, addresses: hosts, failure: answer.failure)
    if !hosts.isEmpty { expected.port = port(of: endpoint) }
    return expected
  }

  private static func host(of address: String) -> String {
    (try? HostAndPort(parsing: address))?.host ?? address
  }

  private static func port(of endpoint: HostAndPort) -> Evidence.Port {
    do throws(ConnectionError) {
      let deadline = Deadline(after: patience)
      _ = try HTTPConnection(host: endpoint.host, port: endpoint.port, deadline: deadline)
      return .open
    } catch {
      switch error {
      case .timedOut: return .silent
      case .system(ECONNREFUSED): return .refused
      case .unknownHost, .system: return .failed(error.reason)
      }
    }
  }
}
