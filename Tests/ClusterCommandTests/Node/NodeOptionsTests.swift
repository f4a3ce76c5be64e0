import Cluster
import Testing

@testable import ClusterCommand

private func arguments(_ words: String...) throws -> Arguments {
  guard case .run(_, let arguments) = try ArgumentReader.read(["node"] + words, for: Program.root)
  else {
    Issue.record("\(words) asks for help")
    return Arguments()
  }
  return arguments
}

private func line(_ arguments: Arguments, _ environment: [String: String]) -> String? {
  do throws(ConfigurationError) {
    _ = try NodeOptions.configuration(arguments, environment)
    return nil
  } catch {
    return NodeOptions.line(error, arguments)
  }
}

private let listed = ["CLUSTER_NAME": "a-0", "CLUSTER_PEERS": "h:1,h:2,h:3"]

@Suite struct NodeOptionsTests {
  @Test func `flags win over the environment`() throws {
    let arguments = try arguments(
      "--name", "a-2", "--http-port=9000", "--recovery", "manual", "--leader-policy=majority",
      "--admin-open", "--log-format", "json")
    let environment = listed.merging(["CLUSTER_RECOVERY": "auto", "CLUSTER_HTTP_PORT": "x"]) { $1 }
    let configuration = try NodeOptions.configuration(arguments, environment)
    #expect(configuration.name == "a-2")
    #expect(configuration.port == 3)
    #expect(configuration.httpPort == 9_000)
    #expect(configuration.recovery == .manual)
    #expect(configuration.leadershipPolicy == .majority)
    #expect(configuration.adminOpen)
    #expect(configuration.logFormat == .json)
  }

  @Test func `an error names whichever said it, flag or variable`() throws {
    #expect(
      line(try arguments("--size", "many"), listed)
        == #"cluster node: --size: "many" is not accepted; "#
        + "accepted: a whole number from 1 to 4096")
    #expect(
      line(try arguments(), listed.merging(["CLUSTER_RECOVERY": "off"]) { $1 })
        == #"cluster node: CLUSTER_RECOVERY: "off" is not accepted; "#
        + "accepted: 'auto' or 'manual'")
  }

  @Test func `a wrong configuration ends the start in one line with status 64`() async {
    let run = await CommandRun.of(
      "node", "--peers", "h:1", environment: ["CLUSTER_NAME": "x"])
    #expect(run.status == .usage)
    #expect(run.words.split(separator: "\n").count == 1)
    #expect(run.words.contains("CLUSTER_NAME"))
    #expect(run.output == "")
  }

  @Test func `a secret is no flag`() async {
    let run = await CommandRun.of("node", "--key", "secret")
    #expect(run.status == .usage)
    #expect(!run.words.contains("secret\n"))
  }

  @Test func `every variable stands in the help`() async {
    let help = await CommandRun.of("node", "--help").output
    for setting in ConfigurationSetting.allCases {
      #expect(help.contains("  \(setting.variable) "))
      #expect(help.contains("  \(setting.flag ?? "")"))
    }
  }

  @Test func `variables that mean nothing are told, with a guess`() {
    let environment = [
      "CLUSTER_SIEZ": "3", "CLUSTER_SIZE": "3", "CLUSTER_URL": "x", "CLUSTER_SERVICE_HOST": "x",
      "CLUSTER_PORT_7946_TCP": "x", "OTHER": "x", "CLUSTER_XYZ_ABC_DEF": "x",
    ]
    #expect(
      NodeOptions.strangers(in: environment) == [
        "CLUSTER_SIEZ is set, but means nothing; did you mean CLUSTER_SIZE?",
        "CLUSTER_XYZ_ABC_DEF is set, but means nothing",
      ])
  }
}
