import ClusterCore

extension Scenario {
  /// Reads a scenario from its text: one statement a line.
  ///
  /// ```
  /// scenario netsplit-cart
  /// nodes 5
  /// resolver union
  /// link latency exp 20ms min 1ms loss 2% duplicate 1% reorder 5%
  /// link 0 <-> 3 latency 80ms
  /// disk flush uniform 1ms 20ms kept 70%
  /// workload put keys 16 rate 20/s until 70s
  /// at 10s partition 0 1 | 2 3 4
  /// at 25s crash 3
  /// at 40s restart 3
  /// at 60s heal
  /// every 5s from 20s until 40s isolate 2
  /// expect within 20s converged leader 0
  /// expect sometimes conflict
  /// ```
  ///
  /// - Throws: The line, the column, and what is expected there.
  public init(parsing text: String) throws(ScenarioError) {
    var parser = ScenarioParser()
    var number = 0
    // Some editors put a mark of the encoding before the first line.
    let text = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    // Not by characters: a carriage return and a newline are one.
    for bytes in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      try parser.read(Substring(bytes), number: number)
    }
    self = try parser.finish(line: max(number, 1))
  }
}

/// Builds a scenario line by line. `scenario` and `nodes` come first, in this order.
struct ScenarioParser {
  private var name: String?
  private var scenario: Scenario?
  /// Statements that stand once, and their lines.
  private var lines: [(word: String, line: Int)] = []

  /// Reads one line.
  mutating func read(_ text: Substring, number: Int) throws(ScenarioError) {
    var line = try LineScanner(text, line: number)
    guard !line.isAtEnd else { return }
    if name == nil {
      guard line.take("scenario") else { throw line.wrong("'scenario NAME' before all else") }
      lines.append(("scenario", number))
      name = try line.word("the scenario's name")
      guard line.isAtEnd else {
        throw line.wrong("the end of the line (a name with blanks stands in double quotes)")
      }
    } else if scenario == nil {
      guard line.take("nodes") else { throw line.wrong("'nodes COUNT' after the scenario's name") }
      lines.append(("nodes", number))
      let nodes = try line.number("how many members", in: 1...Limits.members)
      scenario = Scenario(name: name ?? "", nodes: nodes)
    } else {
      try requireOnce(line, number: number)
      try statement(&line)
    }
    try line.finish()
  }

  /// What is said once for the whole scenario can't be said again: which of the two would count?
  private mutating func requireOnce(
    _ line: LineScanner, number: Int
  ) throws(ScenarioError) {
    guard let word = line.peek, Self.onces.contains(word) else { return }
    if let first = lines.first(where: { $0.word == word }) {
      throw line.wrong("no second '\(word)': the first one is in line \(first.line)")
    }
    lines.append((word, number))
  }

  private static let onces = [
    "scenario", "nodes", "resolver", "recovery", "policy", "absent", "workload", "swarm", "seed",
    "disk", "grace",
  ]

  /// The finished scenario.
  func finish(line: Int) throws(ScenarioError) -> Scenario {
    if let scenario { return scenario }
    let expected = name == nil ? "'scenario NAME'" : "'nodes COUNT'"
    throw ScenarioError(line: line, column: 1, found: "end of file", expected: expected)
  }

  private enum Statement {
    case resolver, recovery, policy, absent, link, workload, swarm, nemesis, at, every, expect
    case seed, without, disk, grace
  }

  private mutating func statement(_ line: inout LineScanner) throws(ScenarioError) {
    guard var scenario else { return }
    if let word = line.peek, Self.isAction(word) {
      throw line.wrong("a moment before an action, like 'at 10s \(word)'")
    }
    let kind: Statement = try line.choice(
      [
        ("resolver", .resolver), ("recovery", .recovery), ("policy", .policy), ("absent", .absent),
        ("link", .link), ("workload", .workload), ("swarm", .swarm),
        ("nemesis", .nemesis), ("at", .at), ("every", .every),
        ("expect", .expect), ("seed", .seed), ("without", .without),
        ("disk", .disk), ("grace", .grace),
      ], "a statement")
    switch kind {
    case .resolver:
      scenario.resolver = try line.choice(ConflictResolver.named, "a resolver that has a name")
    case .recovery: scenario.recovery = try line.choice(Self.recoveries)
    case .policy:
      scenario.leadershipPolicy = try line.choice([("any", .any), ("majority", .majority)])
    case .absent:
      repeat { scenario.absent.append(try node(&line, scenario)) } while !line.isAtEnd
    case .link:
      switch try linkAction(&line, scenario) {
      case .links(let link): scenario.link = link
      case let action: scenario.at(0, [action])
      }
    case .workload: scenario.workload = try workload(&line)
    case .nemesis: scenario.nemesis = try nemesis(&line, beside: scenario.nemesis)
    case .swarm: scenario.swarm = try swarm(&line)
    case .at:
      let time = Span64(try line.duration("when")).nanoseconds
      scenario.at(time, try actions(&line, scenario))
    case .every: try every(&line, &scenario)
    case .expect: try expectation(&line, &scenario)
    case .disk: scenario.disk = try disk(&line)
    case .grace: scenario.tombstoneGrace = try line.duration("how long deletes wait for the absent")
    case .seed: scenario.seed = try line.unsigned("a seed")
    case .without:
      let faults = PlantedFault.allCases.map { ($0.rawValue, $0) }
      scenario.plantedFaults.insert(try line.choice(faults))
    }
    self.scenario = scenario
  }

  /// Whether a line that begins so lacks its moment. `link` and `recovery` are settings, too.
  private static func isAction(_ word: String) -> Bool {
    actionWords.contains(word) && word != "link" && word != "recovery"
  }

  private func workload(_ line: inout LineScanner) throws(ScenarioError) -> Workload {
    try line.require("put", "first, like 'workload put keys 16 rate 20/s until 70s'")
    try line.require("keys", "and how many keys")
    let keys = try line.number("how many keys", in: 1...1_000_000)
    try line.require("rate", "and how many writes a second, like 'rate 20/s'")
    let rate = line.peek ?? ""
    guard rate.hasSuffix("/s"), let perSecond = UInt64(rate.dropLast(2)),
      (1...1_000_000).contains(perSecond)
    else { throw line.wrong("how many writes a second, like 20/s") }
    _ = line.take(rate)
    var workload = Workload(keys: keys, perSecond: perSecond, until: .zero)
    if line.take("deletes") {
      workload.deletes = try line.share("the share of deletes,")
    }
    if line.take("size") { workload.size = try line.number("bytes", in: 8...Limits.value) }
    if line.take("from") { workload.from = try line.duration("when the first comes") }
    try line.require("until", "and when the last write comes")
    workload.until = try line.duration("when the last comes")
    return workload
  }

  private func disk(_ line: inout LineScanner) throws(ScenarioError) -> Disk {
    var disk = Disk()
    if line.take("flush") { disk.flush = try latency(&line) }
    if line.take("kept") { disk.kept = try line.share("how many restarts keep it,") }
    return disk
  }

  private func swarm(_ line: inout LineScanner) throws(ScenarioError) -> Swarm {
    var swarm = Swarm()
    if line.take("until") { swarm.until = try line.duration("when the last fault comes") }
    if line.take("faults") { swarm.faults = try line.number("how many faults", in: 1...1_000) }
    if line.take("loss") { swarm.lossPercent = min(90, try line.percent("the highest loss")) }
    return swarm
  }

  private func every(
    _ line: inout LineScanner, _ scenario: inout Scenario
  ) throws(ScenarioError) {
    let period = try line.duration("how often")
    guard period > .zero else { throw line.wrongBefore("a time longer than nothing") }
    try line.require("from", "and when first, like 'every 5s from 10s until 40s heal'")
    let from = try line.duration("when first")
    try line.require("until", "and when last")
    let until = try line.duration("when last")
    guard from <= until else { throw line.wrongBefore("a time that isn't before the first") }
    let times = Span64(until - from).nanoseconds / Span64(period).nanoseconds
    guard times < Self.mostTimes else {
      throw line.wrongBefore("an end after at most \(Self.mostTimes) times")
    }
    let actions = try actions(&line, scenario)
    var time = from
    while time <= until {
      scenario.at(Span64(time).nanoseconds, actions)
      time += period
    }
  }

  /// How often one line may have something done.
  private static let mostTimes: UInt64 = 100_000

  private func expectation(
    _ line: inout LineScanner, _ scenario: inout Scenario
  ) throws(ScenarioError) {
    enum When { case within, always, sometimes }
    let when: When = try line.choice(
      [("within", .within), ("always", .always), ("sometimes", .sometimes)],
      "when it must hold, like 'within 20s'")
    let within = when == .within ? try line.duration("how soon") : .zero
    var atoms: [TextCondition] = []
    repeat { atoms.append(try condition(&line, scenario)) } while !line.isAtEnd
    let all = atoms
    let name = all.map(\.description).joined(separator: " ")
    let holds: Scenario.Condition = { cluster in all.allSatisfy { $0.holds(in: cluster) } }
    switch when {
    case .within:
      scenario.eventualities.append(
        .init(name: name, within: Span64(within).nanoseconds, text: all, condition: holds))
    case .always: scenario.constants.append(.init(name: name, text: all, condition: holds))
    case .sometimes: scenario.possibilities.append(.init(name: name, text: all, condition: holds))
    }
  }

  private func condition(
    _ line: inout LineScanner, _ scenario: Scenario
  ) throws(ScenarioError) -> TextCondition {
    enum Kind {
      case converged, leader, equal, value, absent, conflict, lost, ended, deaths, changes
      case suspicions, leaders
    }
    let kind: Kind = try line.choice(
      [
        ("converged", .converged), ("leader", .leader), ("equal", .equal), ("value", .value),
        ("absent", .absent), ("conflict", .conflict), ("lost", .lost), ("ended", .ended),
        ("deaths", .deaths), ("changes", .changes), ("suspicions", .suspicions),
        ("leaders", .leaders),
      ], "a condition")
    switch kind {
    case .converged: return .converged
    case .conflict: return .conflict
    case .leader:
      let leader = try node(&line, scenario)
      return .leader(leader, at: line.take("at") ? try node(&line, scenario) : nil)
    case .equal: return .equal(try line.key())
    case .absent:
      let key = try line.key()
      return .absent(key, at: line.take("at") ? try node(&line, scenario) : nil)
    case .value:
      let key = try line.key()
      let value = try line.word("a value")
      return .value(key, value, at: line.take("at") ? try node(&line, scenario) : nil)
    case .lost: return .lost(try node(&line, scenario))
    case .deaths:
      let most = try most(&line)
      return .deaths(most, at: line.take("at") ? try node(&line, scenario) : nil)
    case .leaders: return .leaders(try most(&line))
    case .changes:
      let most = try most(&line)
      return .changes(most, at: line.take("at") ? try node(&line, scenario) : nil)
    case .suspicions:
      let most = try most(&line)
      return .suspicions(most, at: line.take("at") ? try node(&line, scenario) : nil)
    case .ended: return .ended(try node(&line, scenario))
    }
  }

  private func most(_ line: inout LineScanner) throws(ScenarioError) -> Int {
    try line.number("at most how many", in: 0...1_000_000)
  }

  static let recoveries: [(String, Recovery)] = [("auto", .automatic), ("manual", .manual)]
}
