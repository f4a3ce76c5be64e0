/// The completion script for bash 4 and later. It needs nothing of the package bash-completion.
struct BashCompletion {
  private let commands: [CompletedCommand]

  /// Creates the script of a program.
  init(_ program: Command) { commands = CompletedCommand.all(of: program) }

  /// The script. Words are cut at `=`, as bash does it: `--output=json` comes as three.
  var script: String {
    """
    # bash completion for cluster, made by 'cluster completion bash'
    _cluster() {
      local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} index
      local command=cluster words='' operands=0
      [[ $word != = ]] || word=''
      [[ $before != = ]] || before=${COMP_WORDS[COMP_CWORD-2]}
      for ((index = 1; index < COMP_CWORD; index++)); do
        case "$command ${COMP_WORDS[index]}" in
          \(paths)) command+=" ${COMP_WORDS[index]}" operands=0 ;;
          *' -'*) ;;
          *) operands=$((operands + 1)) ;;
        esac
      done
      COMPREPLY=()
      case "$command:$before" in
    \(values.joined(separator: "\n"))
      esac
      case $command in
    \(words.joined(separator: "\n"))
      esac
      mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    }
    complete -F _cluster cluster

    """
  }

  private var paths: String {
    commands.dropFirst().map { shellQuoted($0.name) }.joined(separator: " | ")
  }

  /// What follows an option that takes a value.
  private var values: [String] {
    commands.flatMap { entry in
      entry.command.options.compactMap { option in
        guard let value = CompletedValue.of(option), option.impliedValue == nil else { return nil }
        return "    \(shellQuoted("\(entry.name):\(option.name)")) ) \(answer(value)); return ;;"
      }
    }
  }

  private func answer(_ value: CompletedValue) -> String {
    switch value {
    case .choices(let words):
      "mapfile -t COMPREPLY < <(compgen -W '\(words.joined(separator: " "))' -- \"$word\")"
    case .file:
      "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$word\")"
    case .directory:
      "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- \"$word\")"
    case .free: "COMPREPLY=()"
    }
  }

  /// What may stand anywhere else: options, and the accepted values of a single operand.
  private var words: [String] {
    commands.map { entry in
      let subcommands = entry.command.subcommands.map(\.name)
      var choices: [String] = []
      if let operand = entry.command.operands.first,
        case .choices(let accepted) = CompletedValue.of(operand)
      {
        choices = accepted
      }
      let options = entry.command.subcommands.isEmpty ? entry.command.options.map(\.name) : []
      let all = (subcommands + choices + options + ["--help"]).joined(separator: " ")
      return "    \(shellQuoted(entry.name))) words='\(all)' ;;"
    }
  }
}
