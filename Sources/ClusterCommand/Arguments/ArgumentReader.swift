/// Reads arguments as a command's description says.
///
/// Options stand anywhere after their command, as `--name value` or `--name=value`; `--` ends them.
/// A single dash is an operand. The last one of a repeated option counts, so that a script can put a
/// caller's options behind its own. Nothing is abbreviated: what works today works in later versions.
struct ArgumentReader {
  /// What was asked for.
  enum Outcome {
    /// Run the command.
    case run(Command, Arguments)
    /// Show the help of the command that the words lead to.
    case help(Command, path: [String])
  }

  private var command: Command
  private var arguments: Arguments
  private var operands: [String] = []
  private var rest: ArraySlice<String>

  /// Reads `words`, the program's own name not included.
  ///
  /// - Throws: What is wrong with the first word that cannot be understood.
  static func read(_ words: [String], for root: Command) throws(UsageError) -> Outcome {
    var reader = ArgumentReader(
      command: root, arguments: Arguments(path: [root.name]), rest: words[...])
    return try reader.read()
  }

  private mutating func read() throws(UsageError) -> Outcome {
    if let outcome = try descend() { return outcome }
    while let word = rest.popFirst() {
      if word == "--help" || word == "-h" { return help }
      if word == "--" {
        operands += rest
        rest = []
      } else if word.hasPrefix("-"), word != "-" {
        try readOption(word)
      } else {
        operands.append(word)
      }
    }
    try assignOperands()
    return .run(command, arguments)
  }

  /// Follows the words down to the command that does something.
  private mutating func descend() throws(UsageError) -> Outcome? {
    var asksForHelp = false
    while !command.subcommands.isEmpty {
      guard let word = rest.popFirst() else {
        if asksForHelp { return help }
        throw error("a command is missing")
      }
      if word == "--help" || word == "-h" { return help }
      if word == "help", !asksForHelp {
        asksForHelp = true
        continue
      }
      // What people type to see whether a program is there.
      let name = word == "--version" ? "version" : word
      guard !name.hasPrefix("-") else {
        throw error("\(quoted(word)) stands before the command; options come after it")
      }
      guard let next = command.subcommands.first(where: { $0.name == name }) else {
        throw unknown("command", word, among: command.subcommands.map(\.name))
      }
      command = next
      arguments.path.append(next.name)
    }
    return asksForHelp ? help : nil
  }

  private mutating func readOption(_ word: String) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let option = command.options.first(where: { $0.name == name }) else {
      throw unknown("option", name, among: command.options.map(\.name) + ["--help"])
    }
    arguments.options[name] = try value(
      of: option, attached: parts.dropFirst().first.map(String.init))
  }

  private mutating func value(
    of option: Command.Option, attached: String?
  ) throws(UsageError) -> String {
    guard let placeholder = option.placeholder else {
      guard attached == nil else { throw error("option '\(option.name)' takes no value") }
      return ""
    }
    guard let value = attached ?? option.impliedValue ?? detachedValue() else {
      throw error("option '\(option.name)' needs a value, as in '\(option.name) \(placeholder)'")
    }
    try check(value, of: "option '\(option.name)'", among: option.choices)
    return value
  }

  /// The next word, unless that is one of this command's options: then the value was forgotten.
  private mutating func detachedValue() -> String? {
    guard let word = rest.first else { return nil }
    let name = word.split(separator: "=", maxSplits: 1).first.map(String.init) ?? ""
    guard word != "--help", word != "--", !command.options.contains(where: { $0.name == name })
    else { return nil }
    return rest.popFirst()
  }

  private mutating func assignOperands() throws(UsageError) {
    for (operand, value) in zip(command.operands, operands) {
      guard !value.isEmpty || operand.mayBeEmpty else { throw error("\(operand.name) is empty") }
      try check(value, of: operand.name, among: operand.choices)
      arguments.operands[operand.name] = value
    }
    if operands.count > command.operands.count {
      throw error("unexpected argument \(quoted(operands[command.operands.count]))")
    }
    let missing = command.operands.dropFirst(operands.count).filter(\.isRequired).map(\.name)
    guard missing.isEmpty else {
      throw error(
        missing.joined(separator: " and ") + (missing.count == 1 ? " is" : " are") + " missing")
    }
  }

  private func check(
    _ value: String, of subject: String, among choices: [String]
  ) throws(UsageError) {
    guard !choices.isEmpty, !choices.contains(value) else { return }
    let guess = Resemblance.closest(to: value, among: choices).map { "; did you mean '\($0)'?" }
    throw UsageError(
      path: arguments.path, problem: "\(subject): \(quoted(value)) is not accepted" + (guess ?? ""),
      accepted: choices.joined(separator: ", "), usage: command.usage(path: arguments.path))
  }

  private func unknown(_ kind: String, _ word: String, among known: [String]) -> UsageError {
    let guess = Resemblance.closest(to: word, among: known).map { "; did you mean '\($0)'?" }
    return error("unknown \(kind) \(quoted(word))" + (guess ?? ""))
  }

  private func error(_ problem: String) -> UsageError {
    UsageError(path: arguments.path, problem: problem, for: command)
  }

  private var help: Outcome { .help(command, path: arguments.path) }
}
