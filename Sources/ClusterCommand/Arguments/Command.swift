/// One command as it is declared: what it is called, what it takes, what it says of itself, what it
/// does. Reading of arguments, help and errors all come from this one description.
struct Command: Sendable {
  /// The word that calls it.
  var name: String
  /// What it does, in a clause without a full stop.
  var summary: String
  /// More than that, in paragraphs.
  var discussion: [String] = []
  /// What stands beside the options, in order; those that may be left out come last.
  var operands: [Operand] = []
  /// What begins with two dashes, besides `--help`, which every command has.
  var options: [Option] = []
  /// The environment variables that are read where no option says the same.
  var environment: [Entry] = []
  /// What its exit statuses mean.
  var exitStatuses: [Entry] = []
  /// Lines that can be typed.
  var examples: [Entry] = []
  /// The commands that it groups; then it does nothing by itself.
  var subcommands: [Command] = []
  /// What it does.
  var run: @Sendable (Arguments, Shell) async throws -> ExitStatus = { _, _ in .usage }

  /// A term of a list in the help, and what it means.
  struct Entry: Sendable {
    var term: String
    var meaning: String
  }

  /// An argument that is told by its place.
  struct Operand: Sendable {
    var name: String
    var meaning: String
    var isRequired = true
    /// Whether an empty word is a value.
    var mayBeEmpty = false
    /// The only values that are accepted; none means any.
    var choices: [String] = []
  }

  /// An argument that is told by its name.
  struct Option: Sendable {
    /// With its two dashes.
    var name: String
    /// What stands for its value in help; none where it takes no value.
    var placeholder: String?
    var meaning: String
    /// The only values that are accepted; none means any.
    var choices: [String] = []
    /// Values that a shell offers, where the command itself says what it accepts.
    var suggestions: [String] = []
    /// What it means without `=VALUE`, where its value may be left out.
    var impliedValue: String?

    /// How it is written, such as `--url URL`.
    var usage: String {
      guard let placeholder else { return name }
      return impliedValue == nil ? "\(name) \(placeholder)" : "\(name)[=\(placeholder)]"
    }
  }
}

extension Command {
  /// The line that shows how it is called.
  ///
  /// - Parameter path: The words that lead to it, itself included.
  func usage(path: [String]) -> String {
    var words = path
    if !subcommands.isEmpty { words.append("COMMAND") }
    words += operands.map { $0.isRequired ? $0.name : "[\($0.name)]" }
    words.append(subcommands.isEmpty ? "[options]" : "...")
    return words.joined(separator: " ")
  }
}
