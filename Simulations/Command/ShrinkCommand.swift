import ClusterSimulation

extension Verb {
  static let shrink = Verb(
    name: "shrink", words: "FILE", count: 1...1,
    summary: "make a failing run small, and a scenario file of it",
    details: """
      Takes away members, faults, writes and time, and calms the network, as long as the same invariant
      breaks. The file names its seed: 'simulate replay' and 'simulate run' need nothing else.
      """,
    options: [
      seed,
      Option(
        "--output", .required("OUT"), "where to; Simulations/Corpus/NAME-SEED.scenario, - prints"),
      Option("--budget", .required("EVENTS"), "how many events all attempts together may take"),
    ]
  ) { call in
    let scenario = try ScenarioFiles.read(call.words[0])
    let usual = Int(clamping: Shrinker.defaultBudget)
    try ShrinkCommand(
      scenario: scenario, seed: try call.seed(of: scenario), output: call.value("--output"),
      budget: UInt64(try call.number("--budget", in: 1...Int.max, or: usual))
    ).run()
  }
}

/// Shrinks one failing run.
struct ShrinkCommand {
  var scenario: Scenario
  var seed: UInt64
  var output: String?
  var budget: UInt64

  func run() throws {
    let start = ContinuousClock.now
    guard var shrinker = Shrinker(scenario, seed: seed, budget: budget) else {
      throw Exit.usage("\(scenario.name): seed \(seed) doesn't fail, there is nothing to shrink")
    }
    guard !shrinker.isStubborn else {
      throw Exit(
        status: .failed, words: "\(scenario.name): seed \(seed) fails only as it is given")
    }
    shrinker.run { shrinker in
      Output.progress(
        "\(shrinker.originalActions) -> \(shrinker.remainingActions) actions,"
          + " \(shrinker.attempts) runs")
    }
    Output.progress("")
    let elapsed = (ContinuousClock.now - start) / .milliseconds(1)
    let path = output ?? "Simulations/Corpus/\(shrinker.minimal.name).scenario"
    let text = text(shrinker)
    if path == "-" { Output.text(text) } else { try ScenarioFiles.write(text, to: path) }
    Output.error(
      "\(scenario.name), seed \(seed): \(shrinker.originalActions) -> \(shrinker.remainingActions)"
        + " actions in \(shrinker.attempts) runs, \(UInt64(elapsed)) ms"
        + (path == "-" ? "" : "; wrote \(path)"))
  }

  private func text(_ shrinker: Shrinker) -> String {
    let seeds: UInt64 = 10
    return """
      # Found in \(scenario.name) with seed \(seed): \(shrinker.invariant).
      # \(shrinker.detail)
      # It broke with \(shrinker.failingSeeds(of: seeds)) of the seeds 0..<\(seeds).

      """ + shrinker.minimal.text
  }
}
