import ClusterCore

/// A nemesis as a line of a scenario's text: `nemesis flipflop halves heal every 4s..8s until 60s`.
extension Nemesis {
  /// The faults that a text can name.
  static let named: [(String, Fault)] = [
    ("halves", .halves), ("isolate", .isolate), ("leader", .isolateLeader), ("threeway", .threeWay),
    ("singletons", .singletons), ("bridge", .bridge), ("ring", .ring), ("oneway", .oneWay),
    ("mute", .mute), ("deaf", .deaf), ("heal", .heal), ("crash", .crash), ("vanish", .vanish),
    ("restart", .restart), ("move", .move), ("sever", .sever),
    ("pause", .pause(.seconds(5))), ("skew", .skew(.seconds(600))), ("drift", .drift(500)),
  ]

  /// One line for each part that goes on at the same time; none for what only Swift can say.
  var lines: [String] {
    let parts: [Plan] = if case .mixed(let parts) = plan { parts } else { [plan] }
    return parts.map { part in
      guard let words = Self.words(part) else { return "# nemesis: given in Swift" }
      return "nemesis \(words) until \(ScenarioWord.span(until))"
    }
  }

  private static func words(_ plan: Plan) -> String? {
    func span(_ gap: ClosedRange<Duration>) -> String {
      "\(ScenarioWord.span(gap.lowerBound))..\(ScenarioWord.span(gap.upperBound))"
    }
    func word(_ fault: Fault) -> String? { named.first { $0.1 == fault }?.0 }
    switch plan {
    case .drawn(let faults, let gap):
      let words = faults.compactMap(word)
      guard words.count == faults.count else { return nil }
      return "random \(words.joined(separator: " ")) every \(span(gap))"
    case .flipFlop(let first, let second, let gap):
      guard let first = word(first), let second = word(second) else { return nil }
      return "flipflop \(first) \(second) every \(span(gap))"
    case .swizzle(let gap): return "swizzle every \(ScenarioWord.span(gap))"
    case .rolling(let gap): return "rolling every \(ScenarioWord.span(gap))"
    case .mixed, .staggered: return nil
    }
  }
}

extension ScenarioParser {
  /// Reads what follows `nemesis`; several lines go on at the same time.
  func nemesis(_ line: inout LineScanner, beside other: Nemesis?) throws(ScenarioError) -> Nemesis {
    enum Kind { case random, flipFlop, swizzle, rolling }
    let kind: Kind = try line.choice([
      ("random", .random), ("flipflop", .flipFlop), ("swizzle", .swizzle), ("rolling", .rolling),
    ])
    var nemesis: Nemesis
    switch kind {
    case .random:
      var faults = [try line.choice(Nemesis.named, "a fault")]
      while line.peek != "every" {
        if line.isAtEnd { try line.require("every", "and how often, like 'every 4s..8s'") }
        faults.append(try line.choice(Nemesis.named, "a fault"))
      }
      nemesis = Nemesis(plan: .drawn(faults, every: try gap(&line)))
    case .flipFlop:
      let first = try line.choice(Nemesis.named, "a fault")
      nemesis = .flipFlop(first, try line.choice(Nemesis.named, "a fault"), every: try gap(&line))
    case .swizzle:
      try line.require("every", "and how often")
      nemesis = .swizzle(every: try line.duration("how often"))
    case .rolling:
      try line.require("every", "and how often")
      nemesis = .rolling(every: try line.duration("how often"))
    }
    try line.require("until", "and when the last fault comes")
    nemesis.until = try line.duration("when the last fault comes")
    guard let other else { return nemesis }
    let parts: [Nemesis.Plan] =
      if case .mixed(let parts) = other.plan { parts } else { [other.plan] }
    var mixed = Nemesis(plan: .mixed(parts + [nemesis.plan]))
    mixed.until = max(other.until, nemesis.until)
    return mixed
  }

  private func gap(_ line: inout LineScanner) throws(ScenarioError) -> ClosedRange<Duration> {
    try line.require("every", "and how often")
    return try line.durationRange("the shortest and the longest gap, like 4s..8s")
  }
}
