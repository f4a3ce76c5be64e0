import Cluster

/// The program `cluster`: all of its commands, and how one of them is run.
enum Program {
  static let root: Command = Command(
    name: "cluster", summary: "run and manage the members of a self-healing cluster",
    discussion: [
      "Data goes to standard output, words go to standard error. Commands that ask a member take "
        + "--url or CLUSTER_URL."
    ],
    environment: [
      .init(term: "CLUSTER_URL", meaning: "which member is asked (default: \(AdminURL.fallback))"),
      .init(
        term: "CLUSTER_ADMIN_TOKEN_FILE", meaning: "a file with the bearer token for changes"),
    ],
    exitStatuses: [
      .init(term: "0", meaning: "done"), .init(term: "1", meaning: "refused, or not found"),
      .init(term: "2", meaning: "no member answered"),
      .init(term: "3", meaning: "not green, with 'status --check'"),
      .init(term: "64", meaning: "wrong arguments or environment"),
      .init(term: "65", meaning: "'node': another process runs as this member"),
    ],
    subcommands: [NodeCommand.command, DemoCommand.command, LoadCommand.command]
      + ClusterVerbs.all + KeyVerbs.all + DumpVerbs.all
      + [KeygenVerb.command, KeyringVerbs.command, CompletionVerb.command, VersionVerb.command])

  /// Runs the command that the words ask for.
  ///
  /// - Parameter words: The arguments without the program's own name.
  static func run(_ words: [String], in shell: Shell) async -> ExitStatus {
    do {
      switch try ArgumentReader.read(words, for: root) {
      case .help(let command, let path):
        shell.write(Array(HelpText(command: command, path: path).text.utf8))
        return .success
      case .run(let command, let arguments):
        return try await command.run(arguments, shell)
      }
    } catch let error as UsageError {
      shell.say("\(error)")
      return .usage
    } catch let error as ConfigurationError {
      shell.say("cluster: \(error)")
      return .usage
    } catch {
      shell.say("cluster: \(error)")
      return .failure
    }
  }
}
