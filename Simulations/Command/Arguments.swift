import ClusterSimulation

/// What the command was called with.
struct Arguments {
  static let help = """
    usage: simulate run FILE --seeds SEEDS [--jobs N] [--json]   run a scenario with many seeds
           simulate replay FILE --seed N [--trace]               run one seed and show it
           simulate list                                         the scenarios that are there
           simulate verify [--update]                            compare with the golden hashes
           simulate faults [FILE ...] --seeds SEEDS [--jobs N]   how soon planted faults are caught
           simulate measure [NAME ...] --seeds SEEDS [--jobs N]  experiments, against their bounds
    SEEDS is a count, or a range in quotes: 'A..<B'.
    FILE is a path, or the name of a scenario in Simulations/Scenarios.
    exit status: 0 passed, 1 something broke, 2 wrong call or file, 3 not deterministic
    """

  private var words: [String] = []
  private var options: [(name: String, value: String)] = []
  private var flags: [String] = []

  init(_ arguments: ArraySlice<String>) throws {
    var rest = Array(arguments)
    while !rest.isEmpty {
      let word = rest.removeFirst()
      switch word {
      case "--seeds", "--seed", "--jobs":
        guard !rest.isEmpty else { throw Exit.usage("\(word) needs a value\n\(Self.help)") }
        options.append((word, rest.removeFirst()))
      case "--json", "--trace", "--update", "--help": flags.append(word)
      case _ where word.hasPrefix("-"):
        throw Exit.usage("unknown option \(word)\n\(Self.help)")
      default: words.append(word)
      }
    }
  }

  /// Carries the call out.
  func run() throws {
    if flags.contains("--help") || words.first == "help" {
      Output.line(Self.help)
      return
    }
    let files = Array(words.dropFirst())
    switch words.first {
    case "run":
      try RunCommand(scenario: one(files), seeds: seeds(), jobs: jobs(), json: has("--json")).run()
    case "replay":
      try ReplayCommand(scenario: one(files), seed: seed(), trace: has("--trace")).run()
    case "list": try ListCommand().run()
    case "verify": try VerifyCommand(update: has("--update")).run()
    case "faults":
      let names = files.isEmpty ? ["swarm"] : files
      try FaultsCommand(
        scenarios: names.map(ScenarioFiles.read), seeds: seeds(), jobs: jobs()
      ).run()
    case "measure":
      try MeasureCommand(
        experiments: MeasureCommand.named(files), seeds: seeds(), jobs: jobs(),
        showsEvents: has("--trace")
      ).run()
    default: throw Exit.usage(Self.help)
    }
  }

  private func has(_ flag: String) -> Bool { flags.contains(flag) }

  private func one(_ files: [String]) throws -> Scenario {
    guard files.count == 1 else { throw Exit.usage("one FILE is needed\n\(Self.help)") }
    return try ScenarioFiles.read(files[0])
  }

  private func value(_ name: String) -> String? { options.last { $0.name == name }?.value }

  private func seeds() throws -> Range<UInt64> {
    let text = value("--seeds") ?? "0..<100"
    if let count = UInt64(text), count > 0 { return 0..<count }
    let parts = text.split(separator: ".", omittingEmptySubsequences: true)
    guard text.contains("..<"), parts.count == 2, let low = UInt64(parts[0]),
      let high = UInt64(parts[1].dropFirst()), low < high
    else {
      throw Exit.usage("--seeds '\(text)': a count or 'A..<B' is needed, like 1000 or '500..<1000'")
    }
    return low..<high
  }

  private func seed() throws -> UInt64 {
    guard let text = value("--seed"), let seed = UInt64(text) else {
      throw Exit.usage("--seed needs a number")
    }
    return seed
  }

  private func jobs() throws -> Int {
    guard let text = value("--jobs") else { return 1 }
    guard let jobs = Int(text), (1...CrashReport.slots).contains(jobs) else {
      throw Exit.usage("--jobs '\(text)': 1 to \(CrashReport.slots)")
    }
    return jobs
  }
}
