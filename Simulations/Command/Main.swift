import ClusterSimulation

/// The `simulate` command.
@main
struct Main {
  static func main() {
    CrashReport.install()
    Interruption.install()
    do {
      try run(CommandLine.arguments.dropFirst())
      Output.exit(.passed)
    } catch let exit as Exit {
      if let words = exit.words { Output.error("simulate: \(words)") }
      Output.exit(exit.status)
    } catch {
      Output.error("simulate: \(error)")
      Output.exit(Exit.Status.usage)
    }
  }

  /// Carries a call out.
  private static func run(_ arguments: ArraySlice<String>) throws {
    let wantsHelp = arguments.contains("--help") || arguments.contains("-h")
    let name = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
    let verb = Verb.all.first { $0.name == name }
    if wantsHelp || arguments.first == "help" {
      Output.line(verb.map(Help.page) ?? Help.manual)
      return
    }
    guard let verb else {
      let names = Verb.all.map(\.name)
      let meant = name.flatMap { Spelling.nearest(to: $0, among: names) }
      let problem = name.map { "there is no verb '\($0)'" } ?? "a verb is needed"
      throw Exit.usage(
        (meant.map { "\(problem); did you mean '\($0)'?" }
          ?? "\(problem): \(Spelling.alternatives(names))") + "\nsimulate --help says more")
    }
    try verb.run(Call(verb, arguments.dropFirst()))
  }
}

/// Why the command ends before its time, or not well.
struct Exit: Error {
  /// What the shell gets to see.
  enum Status: Int32 {
    /// All went well.
    case passed = 0
    /// Something broke in a run.
    case failed = 1
    /// The call or a file is wrong.
    case usage = 2
    /// One seed gave two runs.
    case notDeterministic = 3
    /// Somebody pressed Ctrl-C.
    case interrupted = 130
  }

  var status: Status
  var words: String?

  static func usage(_ words: String) -> Exit { Exit(status: .usage, words: words) }
}
