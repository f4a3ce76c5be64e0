import Cluster

/// Arguments, or an environment, that a command cannot be run with. The caller is to blame, and
/// nothing was done. Its first line is all that most readers need.
struct UsageError: Error, Hashable, CustomStringConvertible {
  /// The words that lead to the command.
  var path: [String]
  /// What was wrong.
  var problem: String
  /// What is accepted.
  var accepted: String
  /// How the command is called.
  var usage: String

  var description: String {
    let program = path.joined(separator: " ")
    return """
      \(program): \(problem)
      accepted: \(accepted)
      usage: \(usage); more with '\(program) --help'
      """
  }
}

extension UsageError {
  /// An error that lists all that a command takes.
  init(path: [String], problem: String, for command: Command) {
    let options = command.options.map(\.usage) + ["--help"]
    let words = command.subcommands.map(\.name) + command.operands.map(\.name) + options
    self.init(
      path: path, problem: problem, accepted: words.joined(separator: ", "),
      usage: command.usage(path: path))
  }
}

/// What was typed, in single quotes and without anything that a terminal would act upon.
func quoted(_ word: String) -> String {
  "'" + escaped(word, limit: 80).dropFirst().dropLast() + "'"
}
