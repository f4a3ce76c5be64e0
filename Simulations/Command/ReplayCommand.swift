import ClusterSimulation

extension Verb {
  static let replay = Verb(
    name: "replay", words: "FILE", count: 1...1,
    summary: "run one seed and show it",
    details: """
      A trace has one line an event: its time, its number, the member, the number of the event that
      caused it, its kind, and what there is to say. 'simulate why' follows the causes. The picture
      has a lane for each member with every message between them; the sides of a partition are shaded.
      """,
    options: [
      seed, Option("--trace", .possible("OUT"), "print the trace, or write it to OUT"),
      Option("--html", .required("OUT"), "write a picture to look around in, for any browser"),
      Option("--from", .required("TIME"), "print from this moment on: 12.3s"),
      Option("--until", .required("TIME"), "print up to this moment"),
      Option("--node", .required("N"), "print what happened to this member only"),
    ]
  ) { call in
    let scenario = try ScenarioFiles.read(call.words[0])
    let last = scenario.nodes + Scenario.guests - 1
    let node = call.has("--node") ? try call.number("--node", in: 0...last, or: 0) : nil
    let (from, until) = (try call.moment("--from") ?? 0, try call.moment("--until") ?? .max)
    guard from <= until else { throw Exit.usage("--until comes before --from") }
    try ReplayCommand(
      scenario: scenario, seed: try call.seed(of: scenario),
      isTraced: call.has("--trace") || call.has("--from") || call.has("--until") || node != nil,
      output: call.value("--trace"), picture: call.value("--html"),
      from: from, until: until, node: node
    ).run()
  }
}

/// Runs one seed, with its trace when asked for, and says what broke.
struct ReplayCommand {
  var scenario: Scenario
  var seed: UInt64
  var isTraced: Bool
  var output: String?
  var picture: String?
  var from: UInt64
  var until: UInt64
  var node: Int?

  func run() throws {
    let failure: Failure?
    if output != nil || picture != nil {
      failure = try written()
    } else {
      failure = printed()
    }
    guard let failure else { return }
    throw Exit(status: .failed, words: "\(failure)")
  }

  /// Prints the events as they come: a long run needs no memory for them.
  private func printed() -> Failure? {
    CrashReport.begin(seed, job: 0)
    var run = Simulation(scenario, seed: seed, traced: isTraced)
    if isTraced { Output.line(Trace.Header(scenario, seed: seed).description) }
    var goesOn = true
    while goesOn, !Interruption.isWanted {
      goesOn = run.step()
      for event in run.takeTrace() where isWanted(event) { Output.line(event.description) }
    }
    CrashReport.end(job: 0)
    Output.line("hash=\(Simulation.hexadecimal(run.hash))")
    return run.failure
  }

  /// Writes the whole run to files.
  private func written() throws -> Failure? {
    CrashReport.begin(seed, job: 0)
    var trace = Trace(scenario, seed: seed)
    CrashReport.end(job: 0)
    if let picture {
      try ScenarioFiles.write(trace.html, to: picture)
      Output.error("wrote \(picture): \(trace.events.count) events")
    }
    let count = trace.events.count
    if output != nil || isTraced {
      trace.events.removeAll { !isWanted($0) }
      let text = trace.lines.joined(separator: "\n") + "\n"
      if let output { try ScenarioFiles.write(text, to: output) } else { Output.text(text) }
    }
    if let output { Output.error("wrote \(output): \(trace.events.count) of \(count) events") }
    var run = Simulation(scenario, seed: seed)
    return run.finish()
  }

  private func isWanted(_ event: TraceEvent) -> Bool {
    event.nanoseconds >= from && event.nanoseconds <= until && (node == nil || event.node == node)
  }
}
