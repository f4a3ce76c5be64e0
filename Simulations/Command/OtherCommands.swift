import ClusterCore
import ClusterSimulation

/// Runs one seed, with its trace when asked for, and says what broke.
struct ReplayCommand {
  var scenario: Scenario
  var seed: UInt64
  var trace: Bool

  func run() throws {
    CrashReport.begin(seed, job: 0)
    var run = Simulation(scenario, seed: seed, traced: trace)
    while run.step() {
      for line in run.takeTrace() { Output.line(line) }
    }
    for line in run.takeTrace() { Output.line(line) }
    CrashReport.end(job: 0)
    Output.line("hash=\(Simulation.hexadecimal(run.hash))")
    guard let failure = run.failure else { return }
    throw Exit(status: .failed, words: "\(failure)")
  }
}

/// Names the scenarios that are there.
struct ListCommand {
  func run() throws {
    for name in try ScenarioFiles.names() {
      let scenario = try ScenarioFiles.read(name)
      Output.line("\(name)  \(scenario.nodes) members")
    }
  }
}

/// Compares the hashes of all scenarios with the ones that are kept in the tree.
struct VerifyCommand {
  static let path = "Simulations/golden.hashes"
  static let seeds: Range<UInt64> = 0..<3

  var update: Bool

  func run() throws {
    var lines: [String] = []
    for name in try ScenarioFiles.names() {
      let report = try RunCommand.sweep(ScenarioFiles.read(name), seeds: Self.seeds, jobs: 1)
      let hashes = report.hashes.map(Simulation.hexadecimal).joined(separator: " ")
      lines.append("\(name) \(hashes)")
    }
    Output.progress("")
    let text = lines.joined(separator: "\n") + "\n"
    if update {
      try ScenarioFiles.write(text, to: Self.path)
      return
    }
    let golden = try ScenarioFiles.text(Self.path)
    guard golden != text else { return }
    let known = golden.split(separator: "\n").map(String.init)
    for line in lines where !known.contains(line) { Output.line("changed: \(line)") }
    throw Exit(status: .notDeterministic, words: "the runs differ from \(Self.path)")
  }
}

/// Takes each rule out of the protocol in turn and counts the seeds until somebody notices.
struct FaultsCommand {
  /// What random runs rarely meet: each has a case written out in `PlantedRuleTests` or
  /// `LateLetterTests`, which fails with the rule taken out.
  static let writtenOut: [PlantedFault] = [
    .deltaBySurvivingDots, .knownDotsReturn, .stableByLargestDot, .bootsUnchecked, .marksUnchecked,
  ]

  var scenarios: [Scenario]
  var seeds: Range<UInt64>
  var jobs: Int

  func run() throws {
    var missed: [String] = []
    for fault in PlantedFault.allCases {
      var caught: String?
      for scenario in scenarios where caught == nil {
        var scenario = scenario
        scenario.plantedFaults = [fault]
        let report = try RunCommand.sweep(scenario, seeds: seeds, jobs: jobs, stopAtFirst: true)
        guard let failure = report.failures.first else { continue }
        caught =
          "\(scenario.name) seed \(failure.seed), \(report.statistics.runs) runs:"
          + " \(failure.invariant): \(failure.detail.prefix(60))"
      }
      Output.progress("")
      let isWrittenOut = Self.writtenOut.contains(fault)
      let otherwise = isWrittenOut ? "not met; its case is written out as a test" : "NOT CAUGHT"
      Output.line("\(fault.rawValue): \(caught ?? otherwise)")
      if caught == nil, !isWrittenOut { missed.append(fault.rawValue) }
    }
    guard missed.isEmpty else {
      throw Exit(status: .failed, words: "not caught: \(missed.joined(separator: ", "))")
    }
  }
}
