import ClusterCore

/// The actions that follow `at` and `every`.
extension ScenarioParser {
  private enum Verb {
    case partition, isolate, bridge, heal, cut, mend, link, crash, restart, pause, skew
    case clog, unclog, sever, drift, move, upgrade, halves, ring, deafen, mute, apart
    case duplicate, put, delete, fill, leave, disconnect, rejoin, recovery, join, dismiss
    case recover
  }

  private static let verbs: [(String, Verb)] = [
    ("partition", .partition), ("isolate", .isolate), ("bridge", .bridge), ("heal", .heal),
    ("cut", .cut), ("mend", .mend), ("link", .link), ("crash", .crash), ("restart", .restart),
    ("start", .restart), ("pause", .pause), ("duplicate", .duplicate), ("skew", .skew),
    ("clog", .clog), ("unclog", .unclog), ("sever", .sever), ("drift", .drift), ("move", .move),
    ("upgrade", .upgrade), ("halves", .halves), ("ring", .ring), ("deafen", .deafen),
    ("mute", .mute), ("apart", .apart),
    ("put", .put), ("delete", .delete),
    ("fill", .fill), ("leave", .leave), ("disconnect", .disconnect), ("rejoin", .rejoin),
    ("recovery", .recovery), ("recover", .recover), ("join", .join), ("dismiss", .dismiss),
  ]

  /// The words with which an action begins.
  static var actionWords: [String] { verbs.map(\.0) }

  /// Reads what is done at one moment.
  func actions(_ line: inout LineScanner, _ scenario: Scenario) throws(ScenarioError) -> [Action] {
    let verb = try line.choice(Self.verbs, "an action")
    switch verb {
    case .partition:
      let groups = try groups(&line, scenario)
      guard groups.count > 1 || groups[0].count < max(scenario.nodes, 2) else {
        throw line.wrong("'|' and another side, where all stand on one, like 'partition 0 1 | 2 3'")
      }
      return [.partition(groups.filter { !$0.isEmpty })]
    case .isolate: return [.partition([[try node(&line, scenario)]])]
    case .bridge: return try bridge(&line, scenario)
    case .heal: return [.heal]
    case .cut: return try directions(&line, scenario) { .cut(from: $0, to: $1) }
    case .mend: return try directions(&line, scenario) { .mend(from: $0, to: $1) }
    case .clog: return try directions(&line, scenario) { .clog(from: $0, to: $1) }
    case .unclog: return try directions(&line, scenario) { .unclog(from: $0, to: $1) }
    case .sever:
      let a = try node(&line, scenario)
      try line.require("<->", "between the two members")
      return [.sever(a, try node(&line, scenario, otherThan: a))]
    case .drift:
      let node = try node(&line, scenario)
      return [.drift(node, perMillion: try line.perMillion("by how much"))]
    case .move: return [.move(try node(&line, scenario))]
    case .upgrade: return [.upgrade(try node(&line, scenario))]
    case .halves, .ring, .apart: return shape(verb, scenario)
    case .deafen, .mute:
      let node = try node(&line, scenario)
      return (0..<scenario.nodes).filter { $0 != node }.map {
        verb == .mute ? .cut(from: node, to: $0) : .cut(from: $0, to: node)
      }
    case .link: return [try linkAction(&line, scenario)]
    case .crash:
      let node = try node(&line, scenario)
      return [.crash(node, silently: line.take("silently"))]
    case .restart: return [try restart(&line, scenario)]
    case .duplicate: return [.duplicate(try node(&line, scenario))]
    case .pause:
      let node = try node(&line, scenario)
      try line.require("for", "and how long, like 'for 5s'")
      return [.pause(node, for: Span64(try line.duration("for how long")))]
    case .skew:
      let node = try node(&line, scenario)
      let offset = try line.duration("by how much", signed: true).components
      let part = offset.attoseconds / 1_000_000_000_000_000
      return [.skew(node, milliseconds: offset.seconds * 1_000 + part)]
    case .put, .delete, .fill: return [try write(verb, &line, scenario)]
    case .leave: return [.command(try node(&line, scenario), .leave)]
    case .disconnect: return [.command(try node(&line, scenario), .disconnect)]
    case .rejoin: return [.command(try node(&line, scenario), .rejoin)]
    case .recovery:
      let recovery = try line.choice(Self.recoveries)
      guard line.take("at") else { return [.commandLowest(.setRecovery(recovery))] }
      return [.command(try node(&line, scenario), .setRecovery(recovery))]
    case .recover:
      let decision: RecoveryDecision = try line.choice(
        RecoveryDecision.allCases.map { ($0.rawValue, $0) })
      return [.command(try at(&line, scenario), .recover(decision, token: 0))]
    case .join:
      let node = try node(&line, scenario)
      return [.command(try at(&line, scenario), .join(ordinal: node))]
    case .dismiss:
      let node = try node(&line, scenario)
      let how: Dismissal = try line.choice([("halt", .halt), ("disconnect", .disconnect)])
      return [.command(try at(&line, scenario), .dismiss(ordinal: node, how))]
    }
  }

  /// The partitions that need no members' names.
  private func shape(_ verb: Verb, _ scenario: Scenario) -> [Action] {
    let nodes = scenario.nodes
    switch verb {
    case .halves: return PartitionShape.halves(Array(0..<nodes))
    case .ring: return PartitionShape.ring(Array(0..<nodes))
    default: return [.partition((0..<nodes).map { [$0] })]
    }
  }

  /// Reads a link, of one pair or of all.
  func linkAction(_ line: inout LineScanner, _ scenario: Scenario) throws(ScenarioError) -> Action {
    guard line.peek.flatMap({ Int($0) }) != nil else { return .links(try link(&line)) }
    let a = try node(&line, scenario)
    try line.require("<->", "between the two members")
    let b = try node(&line, scenario, otherThan: a)
    return .link(a, b, try link(&line))
  }

  /// Reads a member's ordinal.
  func node(_ line: inout LineScanner, _ scenario: Scenario) throws(ScenarioError) -> Int {
    guard line.peek?.contains(",") != true else {
      throw line.wrong("members from 0 to \(scenario.nodes - 1), with blanks between them")
    }
    return try line.number("a member", in: 0...(scenario.nodes - 1))
  }

  private func node(
    _ line: inout LineScanner, _ scenario: Scenario, otherThan first: Int
  ) throws(ScenarioError) -> Int {
    let second = try node(&line, scenario)
    guard second != first else { throw line.wrongBefore("another member than \(first)") }
    return second
  }

  private func at(_ line: inout LineScanner, _ scenario: Scenario) throws(ScenarioError) -> Int {
    try line.require("at", "and the member (a text with blanks stands in double quotes)")
    return try node(&line, scenario)
  }

  private func restart(
    _ line: inout LineScanner, _ scenario: Scenario
  ) throws(ScenarioError) -> Action {
    let node = try node(&line, scenario)
    guard line.take("disk") else { return .restart(node) }
    return .restart(node, keepingDisk: try line.choice([("kept", true), ("lost", false)]))
  }

  private func write(
    _ verb: Verb, _ line: inout LineScanner, _ scenario: Scenario
  ) throws(ScenarioError) -> Action {
    let key = try line.key()
    switch verb {
    case .put:
      let value = try line.bytes("a value")
      return .put(key, value, at: try at(&line, scenario))
    case .fill:
      try line.require("count", "and how many keys")
      let count = try line.number("how many keys", in: 1...1_000_000)
      try line.require("size", "and the bytes of each value")
      let size = try line.number("bytes of each value", in: 8...Limits.value)
      return .fill(key, count: count, size: size, at: try at(&line, scenario))
    default: return .delete(key, at: try at(&line, scenario))
    }
  }

  private func groups(
    _ line: inout LineScanner, _ scenario: Scenario
  ) throws(ScenarioError) -> [[Int]] {
    var groups = [[try node(&line, scenario)]]
    while !line.isAtEnd {
      if line.take("|") {
        groups.append([])
        // A side without names: whoever stands on no other.
        if line.isAtEnd { break }
      }
      let member = try node(&line, scenario)
      guard !groups.contains(where: { $0.contains(member) }) else {
        throw line.wrongBefore("a member that stands in no group yet")
      }
      groups[groups.count - 1].append(member)
    }
    return groups
  }

  private func bridge(
    _ line: inout LineScanner, _ scenario: Scenario
  ) throws(ScenarioError) -> [Action] {
    let groups = try groups(&line, scenario)
    guard groups.count == 3 else { throw line.wrong("three groups: LEFT | BRIDGE | RIGHT") }
    var actions: [Action] = [.heal]
    for a in groups[0] {
      for b in groups[2] { actions += [.cut(from: a, to: b), .cut(from: b, to: a)] }
    }
    return actions
  }

  private func directions(
    _ line: inout LineScanner, _ scenario: Scenario, _ make: (Int, Int) -> Action
  ) throws(ScenarioError) -> [Action] {
    let a = try node(&line, scenario)
    let isBoth = try line.choice([("->", false), ("<->", true)])
    let b = try node(&line, scenario, otherThan: a)
    return isBoth ? [make(a, b), make(b, a)] : [make(a, b)]
  }

  private func link(_ line: inout LineScanner) throws(ScenarioError) -> Link {
    try line.require("latency", "first, like 'latency 20ms loss 2%'")
    var link = Link()
    link.latency = try latency(&line)
    while !line.isAtEnd {
      enum Part { case loss, duplicate, reorder, corrupt, bandwidth }
      let part: Part = try line.choice([
        ("loss", .loss), ("duplicate", .duplicate), ("reorder", .reorder), ("corrupt", .corrupt),
        ("bandwidth", .bandwidth),
      ])
      switch part {
      case .loss: link.loss = try line.share("a share")
      case .duplicate: link.duplicate = try line.share("a share")
      case .reorder: link.reorder = try line.share("a share")
      case .corrupt: link.corrupt = try line.share("a share")
      case .bandwidth:
        link.bytesPerSecond = UInt64(try line.number("bytes a second", in: 1...1_000_000_000_000))
      }
    }
    return link
  }

  func latency(_ line: inout LineScanner) throws(ScenarioError) -> Latency {
    if line.take("exp") {
      let mean = try line.duration("the mean")
      return .exponential(
        mean: mean, minimum: line.take("min") ? try line.duration("the minimum") : .zero)
    }
    guard line.take("uniform") else {
      let isTime = line.peek?.utf8.first.map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      guard isTime == true else {
        throw line.wrong("a time like 20ms, 'exp' and the mean, or 'uniform' and two times")
      }
      return .constant(try line.duration("the latency"))
    }
    let low = try line.duration("the shortest")
    let high = try line.duration("the longest")
    guard low <= high else { throw line.wrongBefore("a time that isn't shorter than the first") }
    return .uniform(low, high)
  }
}
