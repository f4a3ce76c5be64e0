import ClusterSimulation

extension Verb {
  static let coverage = Verb(
    name: "coverage", words: "[FILE ...]", count: 0...10_000,
    summary: "which moments of the protocol were met under which shapes of the network",
    details: """
      Runs the named scenarios, or all, and adds up one table of twelve shapes of the network and eight
      moments of the protocol. A cell that stays empty is a case that nobody has tried; exit status 1
      then.
      """,
    options: [seeds, jobs]
  ) { call in
    let names = try call.words.isEmpty ? ScenarioFiles.names() : call.words
    var coverage = Coverage()
    for name in names where !Interruption.isWanted {
      let scenario = try ScenarioFiles.read(name)
      let sweep = try RunCommand.sweep(
        scenario, seeds: call.seeds(of: scenario), jobs: call.jobs(), stopAtFirst: false)
      coverage.add(sweep.report(shrinking: false).statistics.coverage)
    }
    Output.progress("")
    Output.line("\(coverage)")
    if Interruption.isWanted { throw Exit(status: .interrupted, words: nil) }
    guard coverage.reached == Coverage.possible else {
      throw Exit(status: .failed, words: nil)
    }
  }
}
