import ClusterSimulation

/// The `simulate` command.
@main
struct Main {
  static func main() {
    CrashReport.install()
    do {
      try Arguments(CommandLine.arguments.dropFirst()).run()
    } catch let exit as Exit {
      if let words = exit.words { Output.error("simulate: \(words)") }
      Output.exit(exit.status)
    } catch {
      Output.error("simulate: \(error)")
      Output.exit(Exit.Status.usage)
    }
  }
}

/// Why the command ends before its time, or not well.
struct Exit: Error {
  /// What the shell gets to see.
  enum Status: Int32 {
    /// Something broke in a run.
    case failed = 1
    /// The call or a file is wrong.
    case usage = 2
    /// One seed gave two runs.
    case notDeterministic = 3
  }

  var status: Status
  var words: String?

  static func usage(_ words: String) -> Exit { Exit(status: .usage, words: words) }
}
