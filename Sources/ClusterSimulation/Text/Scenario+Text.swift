import ClusterCore

extension Scenario {
  /// The scenario as a text that `init(parsing:)` reads again.
  ///
  /// What only Swift can say (a resolver that isn't one of the named ones, conditions and actions
  /// that are closures, other times than the usual) stands in it as a comment.
  public var text: String {
    var lines = ["scenario \(ScenarioWord.text(name))", "nodes \(nodes)"]
    if let seed { lines.append("seed \(seed)") }
    lines += settings
    if link != Link() { lines.append("link \(link.text)") }
    if let workload { lines.append(workload.text) }
    if let swarm { lines.append(swarm.text) }
    if let nemesis { lines += nemesis.lines }
    for step in steps { lines += step.lines }
    lines += expectations
    return lines.joined(separator: "\n") + "\n"
  }

  private var settings: [String] {
    var lines: [String] = []
    if ConflictResolver.named.contains(where: { $0.1.name == resolver.name }) {
      let word = ConflictResolver.named.first { $0.1.name == resolver.name }?.0 ?? "lww"
      if word != "lww" { lines.append("resolver \(word)") }
    } else {
      lines.append("# resolver \(resolver.name): a closure, given in Swift")
    }
    if recovery == .manual { lines.append("recovery manual") }
    if leadershipPolicy == .majority { lines.append("policy majority") }
    if timing != .lan { lines.append("# timing: given in Swift") }
    if let disk { lines.append(disk.text) }
    if tombstoneGrace != Self.usualGrace {
      lines.append("grace \(ScenarioWord.span(tombstoneGrace))")
    }
    if !absent.isEmpty { lines.append("absent \(ScenarioWord.list(absent))") }
    for fault in PlantedFault.allCases where plantedFaults.contains(fault) {
      lines.append("without \(fault.rawValue)")
    }
    return lines
  }

  private var expectations: [String] {
    var lines: [String] = []
    func add(_ when: String, _ name: String, _ text: [TextCondition]?) {
      let words = text?.map(\.description).joined(separator: " ")
      lines.append(words.map { "expect \(when) \($0)" } ?? "# expect \(when) \(name): a closure")
    }
    for due in eventualities { add("within \(ScenarioWord.span(due.within))", due.name, due.text) }
    for constant in constants { add("always", constant.name, constant.text) }
    for possibility in possibilities { add("sometimes", possibility.name, possibility.text) }
    return lines
  }
}

extension Scenario.Step {
  /// One line for each action.
  fileprivate var lines: [String] {
    let head = "at \(ScenarioWord.span(time)) "
    switch body {
    case .actions(let actions): return actions.map { head + $0.description }
    case .closure: return ["# \(head)a closure, given in Swift"]
    }
  }
}

extension Workload {
  /// The workload as a scenario's text says it.
  var text: String {
    let deletes = " deletes \(ScenarioWord.share(deletes))"
    return "workload put keys \(keys) rate \(perSecond)/s\(deletes) size \(size)"
      + " from \(ScenarioWord.span(from)) until \(ScenarioWord.span(until))"
  }
}

extension Swarm {
  /// The swarm as a scenario's text says it.
  var text: String {
    "swarm until \(ScenarioWord.span(until)) faults \(faults) loss \(lossPercent)%"
  }
}
