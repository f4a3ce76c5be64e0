import ClusterCore
import ClusterSimulation

extension Verb {
  static let faults = Verb(
    name: "faults", words: "[FILE ...]", count: 0...10_000,
    summary: "how soon planted faults are caught: the test of the tests",
    details: """
      Takes each rule out of the protocol in turn and counts the seeds until an invariant breaks. With
      --shrink each failure is made small, too; with --corpus it becomes a file RULE.scenario, which
      passes, and fails as soon as that rule is gone.
      """,
    options: [
      seeds, jobs, Option("--shrink", .none, "shrink each, and say to how many actions, how fast"),
      Option("--corpus", .required("FOLDER"), "shrink each, and keep it there as a scenario"),
    ]
  ) { call in
    let names = call.words.isEmpty ? FaultsCommand.usual : call.words
    try FaultsCommand(
      scenarios: names.map(ScenarioFiles.read), seeds: call.seeds(), jobs: call.jobs(),
      shrinks: call.has("--shrink"), corpus: call.value("--corpus")
    ).run()
  }
}

/// Takes each rule out of the protocol in turn and counts the seeds until somebody notices.
struct FaultsCommand {
  /// Where a fault is looked for unless files are named: in what is drawn wholly, and in the scenarios
  /// that are about one rule.
  static let usual = [
    "swarm", "one-way-link", "short-split", "skewed-clocks", "corruption", "nemeses",
    "crash-during-split", "quick-restart",
  ]

  /// What random runs rarely meet: each has a case written out in `PlantedRuleTests`,
  /// `LateLetterTests` or `FlushedClockTests`, which fails with the rule taken out.
  static let writtenOut: [PlantedFault] = [
    .deltaBySurvivingDots, .knownDotsReturn, .stableByLargestDot, .bootsUnchecked, .marksUnchecked,
    // In the tests of `Membership` and of `MembershipRuleTests`.
    .endedStreamIsDeath, .refusalRelayed, .rumoursConfirm, .noLocalHealth, .noSuspicionDecay,
    .accusedNotTold, .verdictsBelieved, .noBatchedDeaths, .stallUnnoticed, .degradedLeads,
    .degradedAccuses, .majorityUnheard,
    .noFullExchange, .unflushedIsStable, .oldFilesTrusted,
  ]

  var scenarios: [Scenario]
  var seeds: Range<UInt64>
  var jobs: Int
  var shrinks: Bool
  var corpus: String?

  func run() throws {
    var missed: [String] = []
    for fault in PlantedFault.allCases where !Interruption.isWanted {
      var caught: String?
      for scenario in scenarios where caught == nil {
        var scenario = scenario
        scenario.plantedFaults = [fault]
        let sweep = try RunCommand.sweep(scenario, seeds: seeds, jobs: jobs, stopAtFirst: true)
        let report = sweep.report(shrinking: false)
        guard let failure = report.failures.first(where: { !$0.invariant.hasPrefix("sometimes") })
        else { continue }
        caught =
          "\(scenario.name) seed \(failure.seed), \(report.statistics.runs) runs:"
          + " \(failure.invariant): \(failure.detail.prefix(60))"
        if shrinks || corpus != nil { caught? += try shrunk(scenario, failure.seed, fault) }
      }
      Output.progress("")
      let isWrittenOut = Self.writtenOut.contains(fault)
      let otherwise = isWrittenOut ? "not met; its case is written out as a test" : "NOT CAUGHT"
      Output.line("\(fault.rawValue): \(caught ?? otherwise)")
      if caught == nil, !isWrittenOut { missed.append(fault.rawValue) }
    }
    if Interruption.isWanted { throw Exit(status: .interrupted, words: nil) }
    guard missed.isEmpty else {
      throw Exit(status: .failed, words: "not caught: \(missed.joined(separator: ", "))")
    }
  }

  private func shrunk(
    _ scenario: Scenario, _ seed: UInt64, _ fault: PlantedFault
  ) throws -> String {
    let start = ContinuousClock.now
    guard var shrinker = Shrinker(scenario, seed: seed) else { return "" }
    shrinker.run()
    let milliseconds = UInt64((ContinuousClock.now - start) / .milliseconds(1))
    if let corpus, !shrinker.isStubborn {
      var minimal = shrinker.minimal
      minimal.name = fault.rawValue
      minimal.plantedFaults = []
      let text = """
        # Without the rule \(fault.rawValue) it breaks: \(shrinker.invariant).
        # \(shrinker.detail)

        """
      try ScenarioFiles.write(text + minimal.text, to: "\(corpus)/\(fault.rawValue).scenario")
    }
    return "\n    shrunk from \(shrinker.originalActions) to \(shrinker.remainingActions) actions,"
      + " \(shrinker.minimal.nodes) members, in \(milliseconds) ms, \(shrinker.attempts) runs"
  }
}
