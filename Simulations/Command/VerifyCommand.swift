import ClusterSimulation

extension Verb {
  static let verify = Verb(
    name: "verify", words: "", count: 0...0,
    summary: "compare known runs with their golden hashes",
    details: """
      A hash covers every byte that every member was told, and when. It is the same in debug and
      release, on every machine, whatever ran before: a difference is a change of the protocol or a
      loss of determinism.
      """,
    options: [
      Option("--golden", .required("FILE"), "the hashes; Simulations/golden.hashes"),
      Option("--update", .none, "write them anew"), jobs,
    ]
  ) { call in
    try VerifyCommand(
      path: call.value("--golden") ?? "Simulations/golden.hashes", update: call.has("--update"),
      jobs: try call.jobs()
    ).run()
  }

  static let list = Verb(
    name: "list", words: "", count: 0...0,
    summary: "the scenarios that are there",
    details: "", options: [json]
  ) { call in try ListCommand(json: call.has("--json")).run() }
}

/// Compares the hashes of all scenarios with the ones that are kept in the tree.
struct VerifyCommand {
  static let seeds: Range<UInt64> = 0..<3

  var path: String
  var update: Bool
  var jobs: Int

  func run() throws {
    var lines: [String] = []
    for name in try ScenarioFiles.names() {
      let sweep = try RunCommand.sweep(ScenarioFiles.read(name), seeds: Self.seeds, jobs: jobs)
      guard sweep.count == Self.seeds.count else {
        throw Exit(status: .interrupted, words: "interrupted")
      }
      let hashes = sweep.report(shrinking: false).hashes.map(Simulation.hexadecimal)
      lines.append("\(name) \(hashes.joined(separator: " "))")
    }
    Output.progress("")
    let text = lines.joined(separator: "\n") + "\n"
    if update {
      try ScenarioFiles.write(text, to: path)
      return
    }
    let golden = try ScenarioFiles.text(path)
    guard golden != text else { return }
    let known = golden.split(separator: "\n").map(String.init)
    for line in lines where !known.contains(line) { Output.line("changed: \(line)") }
    throw Exit(status: .notDeterministic, words: "the runs differ from \(path)")
  }
}

/// Names the scenarios that are there.
struct ListCommand {
  var json: Bool

  func run() throws {
    let names = try ScenarioFiles.names()
    let width = names.map(\.count).max() ?? 0
    for name in names {
      let scenario = try ScenarioFiles.read(name)
      let about = try ScenarioFiles.about(name)
      if json {
        Output.line(
          "{\"name\":\(JSONText.quoted(name)),\"members\":\(scenario.nodes),"
            + "\"resolver\":\(JSONText.quoted(scenario.resolver.name)),"
            + "\"about\":\(JSONText.quoted(about))}")
      } else {
        let gap = String(repeating: " ", count: width - name.count + 2)
        let nodes = scenario.nodes < 10 ? " \(scenario.nodes)" : "\(scenario.nodes)"
        Output.line("\(name)\(gap)\(nodes) members  \(about)")
      }
    }
  }
}
