import ClusterCore
import ClusterSimulation

extension Verb {
  static let explore = Verb(
    name: "explore", words: "", count: 0...0,
    summary: "go through all orders of events of a very small cluster",
    details: """
      Every way in which up to two writes, one cut and its heal, each datagram's arrival and some
      timers can follow each other, on the production core. At each state in which nothing is under way
      all promises must come true. A counterexample is shown step by step.
      """,
    options: [
      Option("--nodes", .required("N"), "members, 1 to 3; 3"),
      Option("--writes", .required("N"), "writes of one key, 0 to 2; 2"),
      Option("--cuts", .required("N"), "cuts with their heals, 0 or 1; 1"),
      Option("--ticks", .required("N"), "how often time may pass to the next timer, 0 to 16; 2"),
      Option("--states", .required("N"), "how many states are remembered, 20 bytes each; 4000000"),
      Option("--resolver", .required("NAME"), "lww, max, union or concat; lww"),
      Option("--without", .required("RULE"), "take a rule out of the protocol, to see it caught"),
      Option("--trace", .required("OUT"), "where the counterexample's trace goes"),
      Option("--html", .required("OUT"), "where a picture of it goes"),
    ]
  ) { call in
    let usual = Explorer.Scope()
    let scope = Explorer.Scope(
      nodes: try call.number("--nodes", in: 1...3, or: usual.nodes),
      writes: try call.number("--writes", in: 0...2, or: usual.writes),
      cuts: try call.number("--cuts", in: 0...1, or: usual.cuts),
      ticks: try call.number("--ticks", in: 0...16, or: usual.ticks),
      states: try call.number("--states", in: 1...1_000_000_000, or: usual.states))
    try ExploreCommand(
      scope: scope, resolver: try resolver(call.value("--resolver") ?? "lww"),
      faults: try call.value("--without").map { [try fault($0)] } ?? [],
      trace: call.value("--trace"), picture: call.value("--html")
    ).run()
  }

  private static func resolver(_ name: String) throws -> ConflictResolver {
    guard let found = ConflictResolver.textual.first(where: { $0.name == name }) else {
      let known = ConflictResolver.textual.map(\.name).joined(separator: ", ")
      throw Exit.usage("no resolver '\(name)': \(known)")
    }
    return found.resolver
  }

  private static func fault(_ name: String) throws -> PlantedFault {
    guard let fault = PlantedFault(rawValue: name) else {
      let known = PlantedFault.allCases.map(\.rawValue).joined(separator: ", ")
      throw Exit.usage("no rule '\(name)': \(known)")
    }
    return fault
  }
}

/// Explores, with progress, and says what was found.
struct ExploreCommand {
  var scope: Explorer.Scope
  var resolver: ConflictResolver
  var faults: [PlantedFault]
  var trace: String?
  var picture: String?

  func run() throws {
    let start = ContinuousClock.now
    var explorer = Explorer(scope, resolver: resolver, plantedFaults: faults)
    var lastShown = start
    while !Interruption.isWanted, explorer.step() {
      guard explorer.transitions % 256 == 0, ContinuousClock.now - lastShown > .milliseconds(200)
      else { continue }
      lastShown = ContinuousClock.now
      Output.progress(Self.count(explorer))
    }
    Output.progress("")
    let milliseconds = UInt64((ContinuousClock.now - start) / .milliseconds(1))
    let scopeText =
      "members \(scope.nodes), writes \(scope.writes), cuts \(scope.cuts), ticks \(scope.ticks)"
    Output.line("\(scopeText): \(Self.count(explorer)), in \(milliseconds) ms")
    if let found = explorer.counterexample {
      Output.line("\(found)")
      if let trace {
        try ScenarioFiles.write(found.trace.lines.joined(separator: "\n") + "\n", to: trace)
      }
      if let picture { try ScenarioFiles.write(found.trace.html, to: picture) }
      throw Exit(status: .failed, words: nil)
    }
    guard explorer.isExhausted else {
      throw Exit(status: .interrupted, words: "interrupted: not all was explored")
    }
    Output.line("all explored, nothing broke")
  }

  private static func count(_ explorer: Explorer) -> String {
    "\(explorer.states) states, \(explorer.transitions) steps, \(explorer.verdicts) verdicts,"
      + " at most \(explorer.depth) deep"
  }
}
