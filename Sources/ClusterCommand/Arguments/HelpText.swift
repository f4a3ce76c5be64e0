/// A command's help: what a manual page says, for a terminal of 80 columns.
struct HelpText {
  /// The command.
  let command: Command
  /// The words that lead to it.
  let path: [String]

  /// The whole text, with a line end.
  var text: String {
    var sections = ["\(path.joined(separator: " ")) - \(command.summary)"]
    sections.append("usage: " + command.usage(path: path))
    sections += command.discussion.map { Self.wrapped($0, indent: 0).joined(separator: "\n") }
    sections += lists.compactMap(section)
    if !command.subcommands.isEmpty {
      sections.append("'\(path.joined(separator: " ")) COMMAND --help' says more of each.")
    }
    return sections.joined(separator: "\n\n") + "\n"
  }

  private var lists: [(title: String, entries: [Command.Entry])] {
    [
      ("commands", command.subcommands.map { .init(term: $0.name, meaning: $0.summary) }),
      ("arguments", command.operands.map { .init(term: $0.name, meaning: $0.meaning) }),
      (
        "options",
        command.subcommands.isEmpty
          ? command.options.map { .init(term: $0.usage, meaning: $0.meaning) }
            + [.init(term: "--help", meaning: "show this text")] : []
      ),
      ("environment", command.environment),
      ("exit status", command.exitStatuses),
      ("examples", command.examples),
    ]
  }

  private func section(_ list: (title: String, entries: [Command.Entry])) -> String? {
    guard !list.entries.isEmpty else { return nil }
    let column = min(28, (list.entries.map(\.term.count).max() ?? 0) + 4)
    let lines = list.entries.flatMap { Self.lines(of: $0, column: column) }
    return ([list.title + ":"] + lines).joined(separator: "\n")
  }

  /// The term, and the meaning beside it; below it where the term is too long.
  private static func lines(of entry: Command.Entry, column: Int) -> [String] {
    let term = "  " + entry.term
    var meaning = wrapped(entry.meaning, indent: column)
    guard !meaning.isEmpty else { return [term] }
    guard term.count + 2 <= column else { return [term] + meaning }
    meaning[0] = term + meaning[0].dropFirst(term.count)
    return meaning
  }

  private static func wrapped(_ text: String, indent: Int) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= 80 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(margin + word)
      }
    }
    return lines
  }
}
