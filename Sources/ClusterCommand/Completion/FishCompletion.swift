/// The completion script for fish.
struct FishCompletion {
  private let commands: [CompletedCommand]

  /// Creates the script of a program.
  init(_ program: Command) { commands = CompletedCommand.all(of: program) }

  /// The script: a line for each command, option and operand with known values.
  var script: String {
    let lines = commands.flatMap(described)
    return "# fish completion for cluster, made by 'cluster completion fish'\n"
      + "complete -c cluster -f\n" + lines.joined(separator: "\n") + "\n"
  }

  private func described(_ entry: CompletedCommand) -> [String] {
    let condition = self.condition(entry)
    var lines = entry.command.subcommands.map { command in
      line(condition, "-a \(command.name)", command.summary)
    }
    if entry.command.subcommands.isEmpty {
      for option in entry.command.options { lines.append(line(condition, option)) }
    }
    for operand in entry.command.operands {
      if case .choices(let words) = CompletedValue.of(operand) {
        lines.append(line(condition, "-a '\(words.joined(separator: " "))'", operand.meaning))
      }
    }
    lines.append(line(condition, "-l help", "show what it takes"))
    return lines
  }

  /// True behind the words that lead to a command, and before those of its subcommands.
  private func condition(_ entry: CompletedCommand) -> String {
    var tests = entry.path.dropFirst().map { "__fish_seen_subcommand_from \($0)" }
    let deeper = entry.command.subcommands.map(\.name)
    if !deeper.isEmpty {
      tests.append("not __fish_seen_subcommand_from \(deeper.joined(separator: " "))")
    }
    return tests.joined(separator: "; and ")
  }

  private func line(_ condition: String, _ option: Command.Option) -> String {
    let name = "-l \(option.name.drop { $0 == "-" })"
    guard let value = CompletedValue.of(option) else {
      return line(condition, name, option.meaning)
    }
    // A value that may be left out must not eat the next word.
    let takes = option.impliedValue == nil ? " -x" : ""
    switch value {
    case .choices(let words):
      return line(condition, "\(name)\(takes) -a '\(words.joined(separator: " "))'", option.meaning)
    case .file: return line(condition, "\(name) -r -F", option.meaning)
    case .directory:
      return line(condition, "\(name)\(takes) -a '(__fish_complete_directories)'", option.meaning)
    case .free: return line(condition, name + takes, option.meaning)
    }
  }

  private func line(_ condition: String, _ what: String, _ meaning: String) -> String {
    "complete -c cluster -n \(shellQuoted(condition)) \(what) -d \(shellQuoted(meaning))"
  }
}
