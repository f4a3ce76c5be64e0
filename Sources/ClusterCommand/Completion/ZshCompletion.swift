/// The completion script for zsh, in the manner of its own `_arguments`.
struct ZshCompletion {
  private let program: Command

  /// Creates the script of a program.
  init(_ program: Command) { self.program = program }

  /// The script: one function for each command. Loaded by name from `$fpath` it completes at once;
  /// sourced it registers itself.
  var script: String {
    let functions = CompletedCommand.all(of: program).map(function).joined(separator: "\n")
    return """
      #compdef cluster
      # zsh completion for cluster, made by 'cluster completion zsh'

      \(functions)
      if [[ ${funcstack[1]} == _cluster ]]; then _cluster "$@"; else compdef _cluster cluster; fi

      """
  }

  private func function(_ entry: CompletedCommand) -> String {
    let body = entry.command.subcommands.isEmpty ? arguments(entry) : branches(entry)
    return "\(name(entry.path))() {\n\(body)\n}\n"
  }

  private func name(_ path: [String]) -> String { "_" + path.joined(separator: "_") }

  private func branches(_ entry: CompletedCommand) -> String {
    let commands = entry.command.subcommands
    let words = commands.map { shellQuoted("\($0.name):\($0.summary)") }
    let cases = commands.map { "      \($0.name)) \(name(entry.path + [$0.name])) ;;" }
    return """
        local curcontext=$curcontext state line
        local -a commands
        commands=(\(words.joined(separator: " ")))
        _arguments -C '1: :->command' '*:: :->rest'
        case $state in
          command) _describe command commands ;;
          rest)
            case $words[1] in
      \(cases.joined(separator: "\n"))
            esac ;;
        esac
      """
  }

  private func arguments(_ entry: CompletedCommand) -> String {
    let options = entry.command.options.map(argument)
    let operands = entry.command.operands.enumerated().map { index, operand in
      let place = "\(index + 1):" + (operand.isRequired ? "" : ":")
      return "\(place)\(operand.name):\(action(.of(operand)))"
    }
    let all = (options + ["--help[show what it takes]"] + operands).map(shellQuoted)
    return "  _arguments " + all.joined(separator: " \\\n    ")
  }

  private func argument(_ option: Command.Option) -> String {
    let meaning = "[\(escapedMeaning(option.meaning))]"
    guard let placeholder = option.placeholder, let value = CompletedValue.of(option) else {
      return option.name + meaning
    }
    let mark = option.impliedValue == nil ? "=" : "=-"
    return "\(option.name)\(mark)\(meaning):\(escapedMeaning(placeholder)):\(action(value))"
  }

  private func action(_ value: CompletedValue) -> String {
    switch value {
    case .choices(let words): "(\(words.joined(separator: " ")))"
    case .file: "_files"
    case .directory: "_files -/"
    case .free: " "
    }
  }

  /// Brackets end a meaning and colons end a field: both are escaped.
  private func escapedMeaning(_ text: String) -> String {
    text.reduce(into: "") { result, letter in
      if "[]:\\".contains(letter) { result += "\\" }
      result.append(letter)
    }
  }
}
