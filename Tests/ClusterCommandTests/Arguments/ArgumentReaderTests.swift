import Testing

@testable import ClusterCommand

private let copy = Command(
  name: "copy", summary: "copy a thing",
  operands: [
    .init(name: "FROM", meaning: "source"),
    .init(name: "TO", meaning: "target", isRequired: false, choices: ["here", "there"]),
  ],
  options: [
    .init(name: "--speed", placeholder: "N", meaning: "how fast"),
    .init(name: "--form", placeholder: "FORM", meaning: "how", choices: ["round", "square"]),
    .init(name: "--open", placeholder: "BOOL", meaning: "open", impliedValue: "true"),
    .init(name: "--force", placeholder: nil, meaning: "in any case"),
  ])

private let tool = Command(
  name: "tool", summary: "do things",
  subcommands: [
    copy,
    Command(name: "group", summary: "more", subcommands: [Command(name: "do", summary: "it")]),
  ])

private func read(_ line: String) throws(UsageError) -> ArgumentReader.Outcome {
  let words = line.split(separator: " ").map { $0 == "''" ? "" : String($0) }
  return try ArgumentReader.read(words, for: tool)
}

private func arguments(_ line: String) throws -> Arguments {
  guard case .run(_, let arguments) = try read(line) else {
    Issue.record("'\(line)' asks for help")
    return Arguments()
  }
  return arguments
}

private func failure(_ line: String) -> UsageError? {
  do throws(UsageError) {
    _ = try read(line)
    return nil
  } catch {
    return error
  }
}

@Suite struct ArgumentReaderTests {
  @Test(
    arguments: [
      ("copy a", ["FROM": "a"], [:]),
      ("copy a here", ["FROM": "a", "TO": "here"], [:]),
      ("copy --speed 3 a", ["FROM": "a"], ["--speed": "3"]),
      ("copy a --speed=3", ["FROM": "a"], ["--speed": "3"]),
      ("copy a --speed=", ["FROM": "a"], ["--speed": ""]),
      ("copy a --speed=a=b", ["FROM": "a"], ["--speed": "a=b"]),
      ("copy a --speed 1 --speed 2", ["FROM": "a"], ["--speed": "2"]),
      ("copy a --speed -1", ["FROM": "a"], ["--speed": "-1"]),
      ("copy --force a --form square", ["FROM": "a"], ["--force": "", "--form": "square"]),
      ("copy --open a", ["FROM": "a"], ["--open": "true"]),
      ("copy --open=false a", ["FROM": "a"], ["--open": "false"]),
      ("copy -- --force", ["FROM": "--force"], [:]),
      ("copy -", ["FROM": "-"], [:]),
    ] as [(String, [String: String], [String: String])])
  func `words become operands and options`(
    line: String, operands: [String: String], options: [String: String]
  ) throws {
    let arguments = try arguments(line)
    #expect(arguments.operands == operands)
    #expect(arguments.options == options)
    #expect(arguments.path == ["tool", "copy"])
  }

  @Test(arguments: [
    ("", "tool: a command is missing"),
    ("cpoy a", "tool: unknown command 'cpoy'; did you mean 'copy'?"),
    ("zzz", "tool: unknown command 'zzz'"),
    ("--speed 3 copy a", "tool: '--speed' stands before the command; options come after it"),
    ("group", "tool group: a command is missing"),
    ("group od", "tool group: unknown command 'od'; did you mean 'do'?"),
    ("copy", "tool copy: FROM is missing"),
    ("copy ''", "tool copy: FROM is empty"),
    ("copy a here b", "tool copy: unexpected argument 'b'"),
    ("copy a nowhere", "tool copy: TO: 'nowhere' is not accepted"),
    ("copy a hree", "tool copy: TO: 'hree' is not accepted; did you mean 'here'?"),
    ("copy a --sped 3", "tool copy: unknown option '--sped'; did you mean '--speed'?"),
    ("copy a --hepl", "tool copy: unknown option '--hepl'; did you mean '--help'?"),
    ("copy a --nothing", "tool copy: unknown option '--nothing'"),
    ("copy a -s", "tool copy: unknown option '-s'"),
    ("copy a --speed", "tool copy: option '--speed' needs a value, as in '--speed N'"),
    ("copy a --speed --force", "tool copy: option '--speed' needs a value, as in '--speed N'"),
    ("copy a --force=yes", "tool copy: option '--force' takes no value"),
    (
      "copy a --form rond",
      "tool copy: option '--form': 'rond' is not accepted; did you mean 'round'?"
    ),
    ("copy a --\u{1B}[2J", #"tool copy: unknown option '--\u001b[2J'"#),
  ])
  func `what cannot be understood is named in the first line`(line: String, expected: String) {
    let lines = failure(line)?.description.split(separator: "\n") ?? []
    #expect(lines.first.map(String.init) == expected)
    #expect(lines.count == 3)
  }

  @Test func `an error says what is accepted and where more stands`() {
    #expect(
      failure("copy a --x")?.description == """
        tool copy: unknown option '--x'
        accepted: FROM, TO, --speed N, --form FORM, --open[=BOOL], --force, --help
        usage: tool copy FROM [TO] [options]; more with 'tool copy --help'
        """)
    #expect(failure("copy a --form x")?.accepted == "round, square")
    #expect(failure("x")?.accepted == "copy, group, --help")
  }

  @Test(arguments: [
    ("--help", ["tool"]), ("help", ["tool"]), ("-h", ["tool"]), ("copy --help", ["tool", "copy"]),
    ("help copy", ["tool", "copy"]), ("copy a b c --help", ["tool", "copy"]),
    ("group --help", ["tool", "group"]), ("group do -h", ["tool", "group", "do"]),
  ])
  func `help can be had at every level`(line: String, expected: [String]) throws {
    guard case .help(_, let path) = try read(line) else {
      Issue.record("'\(line)' does not ask for help")
      return
    }
    #expect(path == expected)
  }

  @Test func `help is text of eighty columns that names all there is`() {
    let text = HelpText(command: copy, path: ["tool", "copy"]).text
    #expect(
      text == """
        tool copy - copy a thing

        usage: tool copy FROM [TO] [options]

        arguments:
          FROM  source
          TO    target

        options:
          --speed N      how fast
          --form FORM    how
          --open[=BOOL]  open
          --force        in any case
          --help         show this text

        """)
  }

  @Test func `help of every command fits a terminal and says how it ends`() {
    var commands: [(Command, [String])] = [(Program.root, ["cluster"])]
    while let (command, path) = commands.popLast() {
      commands += command.subcommands.map { ($0, path + [$0.name]) }
      let lines = HelpText(command: command, path: path).text.split(separator: "\n")
      for line in lines { #expect(line.count <= 80, "\(line)") }
      #expect(lines.contains("exit status:"), "\(path)")
      #expect(lines.contains { $0.hasPrefix("  64") }, "\(path)")
    }
  }
}
