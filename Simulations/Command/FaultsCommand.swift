import ClusterCore
import ClusterSimulation
import Dispatch
import Synchronization

extension Verb {
  static let faults = Verb(
    name: "faults", words: "[FILE ...]", count: 0...10_000,
    summary: "how soon planted faults are caught: the test of the tests",
    details: """
      Takes each rule out of the protocol in turn and counts the seeds until a run breaks that passes
      with the rule in place; then makes that run small. A fault is looked for in the scenario of its
      name in Simulations/Faults, which is about that rule, and then where everything is drawn; with
      --search there only. With --corpus each small run becomes a file RULE.scenario, which passes, and
      fails as soon as that rule is gone. Exit status 1 when a fault isn't caught, can't be made as small
      as ten actions, or a scenario fails with all rules in place.
      """,
    options: [
      seeds, jobs, Option("--only", .required("RULE,..."), "these rules only"),
      Option("--search", .none, "without the scenarios that are about one rule"),
      Option("--no-shrink", .none, "leave failures as large as they are"),
      Option("--corpus", .required("FOLDER"), "keep each small run there as a scenario"),
    ]
  ) { call in
    let only = try call.value("--only").map { text in
      try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
        guard let fault = PlantedFault(rawValue: String(name)) else {
          let all = PlantedFault.allCases.map(\.rawValue).joined(separator: ", ")
          throw Exit.usage("there is no rule '\(name)': \(all)")
        }
        return fault
      }
    }
    let names = call.words.isEmpty ? FaultsCommand.usual : call.words
    try FaultsCommand(
      faults: only ?? PlantedFault.allCases, scenarios: names.map(ScenarioFiles.read),
      usesCases: call.words.isEmpty && !call.has("--search"), seeds: call.seeds(),
      jobs: call.jobs(), shrinks: !call.has("--no-shrink"), corpus: call.value("--corpus")
    ).run()
  }
}

/// Takes each rule out of the protocol in turn and counts the seeds until somebody notices.
struct FaultsCommand {
  /// Where a fault is looked for unless files are named: in what is drawn.
  static let usual = ["swarm", "nemeses", "skewed-clocks"]
  /// To how many actions each failure must shrink.
  static let most = 10

  var faults: [PlantedFault]
  var scenarios: [Scenario]
  /// Whether each fault is looked for in its own scenario first.
  var usesCases: Bool
  var seeds: Range<UInt64>
  var jobs: Int
  var shrinks: Bool
  var corpus: String?

  func run() throws {
    let cases = try usesCases ? Self.cases() : [:]
    let next = Atomic<Int>(0)
    let rows = Mutex<[FaultRow?]>(Array(repeating: nil, count: faults.count))
    let progress = Mutex(Progress("faults", of: UInt64(faults.count), unit: "faults"))
    // Each fault is one job's: its first failing seed doesn't depend on how many jobs there are.
    DispatchQueue.concurrentPerform(iterations: min(jobs, faults.count)) { job in
      while !Interruption.isWanted {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < faults.count else { break }
        var hunt = FaultHunt(fault: faults[index], job: job)
        hunt.run(in: places(faults[index], cases), seeds: seeds)
        if shrinks || corpus != nil { hunt.shrink() }
        rows.withLock { $0[index] = hunt.row }
        let done = rows.withLock { $0.count { $0 != nil } }
        progress.withLock { $0.show(UInt64(done), "") }
      }
    }
    Output.progress("")
    let done = rows.withLock { $0 }.compactMap(\.self)
    Output.line(FaultRow.table(done))
    for row in done where row.caught == nil {
      guard let test = FaultRules.writtenOut[row.fault] else { continue }
      Output.line("\(row.fault.rawValue) is shown by \(test.test): \(test.why)")
    }
    for row in done {
      if let corpus, let text = row.file {
        try ScenarioFiles.write(text, to: "\(corpus)/\(row.fault.rawValue).scenario")
      }
    }
    if Interruption.isWanted { throw Exit(status: .interrupted, words: nil) }
    try judge(done)
  }

  /// Where a fault is looked for: nowhere when it is known that only a test written out meets it.
  private func places(
    _ fault: PlantedFault, _ cases: [PlantedFault: Scenario]
  ) -> [Scenario] {
    guard usesCases else { return scenarios }
    guard FaultRules.writtenOut[fault] == nil else { return [] }
    return [cases[fault]].compactMap(\.self) + scenarios
  }

  private func judge(_ rows: [FaultRow]) throws {
    func names(_ isMeant: (FaultRow) -> Bool) -> String? {
      let names = rows.filter(isMeant).map(\.fault.rawValue)
      return names.isEmpty ? nil : names.joined(separator: ", ")
    }
    let missed = names { row in
      row.caught == nil && FaultRules.writtenOut[row.fault] == nil
    }
    let large = names { $0.small.map { $0.actions > Self.most } ?? false }
    let unsound = rows.flatMap(\.unsound)
    let words = [
      missed.map { "not caught: \($0)" },
      large.map { "not as small as \(Self.most) actions: \($0)" },
      unsound.isEmpty
        ? nil : "fail with all rules in place: \(unsound.sorted().joined(separator: ", "))",
    ].compactMap(\.self)
    guard words.isEmpty else {
      throw Exit(status: .failed, words: words.joined(separator: "; "))
    }
  }

  /// The scenarios that are about one rule each.
  private static func cases() throws -> [PlantedFault: Scenario] {
    var cases: [PlantedFault: Scenario] = [:]
    for fault in PlantedFault.allCases {
      let path = "Simulations/Faults/\(fault.rawValue).scenario"
      if ScenarioFiles.exists(path) { cases[fault] = try ScenarioFiles.read(path) }
    }
    return cases
  }
}
