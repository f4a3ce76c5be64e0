/// The command that prints a completion script for a shell.
enum CompletionVerb {
  static let command: Command = Command(
    name: "completion", summary: "print a script that completes commands in a shell",
    discussion: [
      "The script is made from the same table as this help: it knows every command, option and "
        + "accepted value of this version. Make it anew after an update.",
      "bash: put it where bash-completion looks, or source it in ~/.bashrc. zsh: name it _cluster in "
        + "a directory of $fpath. fish: put it into ~/.config/fish/completions.",
    ],
    operands: [
      .init(
        name: "SHELL", meaning: "'bash', 'zsh' or 'fish'",
        choices: CompletionShell.allCases.map(\.rawValue))
    ],
    exitStatuses: [
      .init(term: "0", meaning: "done"), .init(term: "64", meaning: "wrong arguments"),
    ],
    examples: [
      .init(term: "source <(cluster completion bash)", meaning: ""),
      .init(term: "cluster completion zsh > ~/.zfunc/_cluster", meaning: ""),
    ]
  ) { arguments, shell in
    guard let kind = CompletionShell(rawValue: arguments.operand("SHELL")) else { return .usage }
    shell.write(Array(kind.script(for: Program.root).utf8))
    return .success
  }
}

/// A shell that completes words by a script.
enum CompletionShell: String, CaseIterable {
  case bash, zsh, fish

  /// The script for a program.
  func script(for program: Command) -> String {
    switch self {
    case .bash: BashCompletion(program).script
    case .zsh: ZshCompletion(program).script
    case .fish: FishCompletion(program).script
    }
  }
}

/// One command with the words that lead to it: what scripts go through.
struct CompletedCommand {
  /// The words that lead to it, the program's own first.
  let path: [String]
  /// What it takes.
  let command: Command

  /// The words, with a space between them.
  var name: String { path.joined(separator: " ") }

  /// A program's commands, itself first, each before its subcommands.
  static func all(of program: Command) -> [CompletedCommand] {
    all(program, path: [program.name])
  }

  private static func all(_ command: Command, path: [String]) -> [CompletedCommand] {
    [CompletedCommand(path: path, command: command)]
      + command.subcommands.flatMap { all($0, path: path + [$0.name]) }
  }
}

/// What stands for the value of an option or operand.
enum CompletedValue: Equatable {
  /// One of these words.
  case choices([String])
  /// The name of a file.
  case file
  /// The name of a directory.
  case directory
  /// Something that no script can guess.
  case free

  /// The value of an option; none where it takes no value.
  static func of(_ option: Command.Option) -> CompletedValue? {
    guard let placeholder = option.placeholder else { return nil }
    let known = option.choices + option.suggestions
    if !known.isEmpty { return .choices(known) }
    switch placeholder {
    case "FILE": return .file
    case "DIRECTORY": return .directory
    case "BOOL": return .choices(["true", "false"])
    default: return .free
    }
  }

  /// The value of an operand.
  static func of(_ operand: Command.Operand) -> CompletedValue {
    if !operand.choices.isEmpty { return .choices(operand.choices) }
    return operand.name == "FILE" ? .file : .free
  }
}

/// A text in single quotes, as bash, zsh and fish read them alike when no backslash is in it.
func shellQuoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
    + "'"
}
