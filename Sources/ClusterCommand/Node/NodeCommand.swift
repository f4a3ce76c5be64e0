import Cluster

/// The command that runs one member.
enum NodeCommand {
  static let command = Command(
    name: "node", summary: "run one member of a cluster",
    discussion: [
      "Who it is and who the others are comes from the environment, or from options of the same "
        + "names, which win. In a pod of a StatefulSet --size, --namespace and --service are enough; "
        + "elsewhere --name and --peers are.",
      "SIGTERM and SIGINT make it leave the cluster and end; a second one ends it at once. It logs on "
        + "standard error.",
    ],
    options: NodeOptions.all, environment: NodeOptions.variables,
    exitStatuses: [
      .init(term: "0", meaning: "left the cluster as it was asked to"),
      .init(term: "1", meaning: "failed"),
      .init(term: "64", meaning: "wrong arguments or configuration"),
      .init(term: "65", meaning: "another process runs as this member, and is newer"),
    ],
    examples: [
      .init(term: "cluster node --name a-0 --peers 127.0.0.1:7946,127.0.0.1:7947", meaning: "")
    ], run: run)

  @Sendable private static func run(
    _ arguments: Arguments, _ shell: Shell
  ) async throws -> ExitStatus {
    do {
      let configuration = try NodeOptions.configuration(arguments, shell.environment)
      let logger = Logger(configuration)
      for line in NodeOptions.strangers(in: shell.environment) { logger.log(.warning, line) }
      if configuration.adminOpen, configuration.httpPort != 0 {
        logger.log(.warning, "changes over HTTP are taken from anywhere, without a token")
      }
      let signals = try Signals.requestsToEnd()
      try await GracefulRun.run([try LocalMember.make(configuration)], until: signals)
      return .success
    } catch let error as ConfigurationError {
      shell.say(NodeOptions.line(error, arguments))
      return .usage
    } catch {
      shell.say("\(arguments.path.joined(separator: " ")): \(error)")
      return error as? LocalMember.Failure == .superseded ? .superseded : .failure
    }
  }
}
