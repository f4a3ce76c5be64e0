import ClusterCore

/// A run with everything that was drawn or decided in Swift written out as actions: what the shrinker
/// takes things away from.
///
/// Each concern draws from a random stream of its own, so a run whose actions are written out goes as
/// the run that drew them, and one action less shifts no draw of the others.
struct WrittenRun: Sendable {
  /// One action and when it comes.
  struct Timed: Equatable, Sendable {
    var time: UInt64
    var action: Action
    /// Whether it is a write of the scenario's own script: what its conditions speak of.
    var isScriptedWrite = false
  }

  /// Everything but the actions.
  var settings: Scenario
  /// What is done, in order of time.
  var actions: [Timed]
  /// The seed of all that is still drawn: links, clocks, members.
  var seed: UInt64

  /// Writes out the run of one seed, as far as it came.
  init(_ scenario: Scenario, seed: UInt64) {
    var world = World(scenario, seed: seed)
    world.applied = []
    while world.step() {}
    settings = scenario
    settings.link = world.plan?.link ?? scenario.link
    settings.swarm = nil
    settings.nemesis = nil
    settings.workload = nil
    settings.steps = []
    settings.possibilities = []
    actions = (world.applied ?? []).map {
      Timed(
        time: $0.time, action: $0.action, isScriptedWrite: $0.isScripted && $0.action.isWrite)
    }
    self.seed = seed
  }

  /// The run as a scenario.
  var scenario: Scenario {
    var scenario = settings
    scenario.seed = seed
    for timed in actions {
      if let last = scenario.steps.indices.last, scenario.steps[last].time == timed.time,
        case .actions(let before) = scenario.steps[last].body
      {
        scenario.steps[last].body = .actions(before + [timed.action])
      } else {
        scenario.at(timed.time, [timed.action])
      }
    }
    return scenario
  }

  /// The same run without one member: those above it move down, and what was done to it is done to
  /// `heir` of the remaining ones, or left out. None where a condition speaks of it.
  func removing(_ member: Int, heir: Int?) -> WrittenRun? {
    guard settings.nodes > 1 else { return nil }
    let number: (Int) -> Int? = { $0 == member ? heir : $0 > member ? $0 - 1 : $0 }
    var run = self
    run.settings.nodes -= 1
    run.settings.absent = settings.absent.compactMap { $0 == member ? nil : number($0) }
    run.actions = actions.compactMap { timed in
      var timed = timed
      guard let action = timed.action.renumbered(number) else { return nil }
      timed.action = action
      return timed
    }
    for index in settings.eventualities.indices {
      guard let text = settings.eventualities[index].text?.renumbered(number) else { return nil }
      run.settings.eventualities[index].setText(text)
    }
    for index in settings.constants.indices {
      guard let text = settings.constants[index].text?.renumbered(number) else { return nil }
      run.settings.constants[index].setText(text)
    }
    return run
  }
}

extension Action {
  /// Whether it writes to the store.
  var isWrite: Bool {
    switch self {
    case .put, .delete, .fill: true
    default: false
    }
  }

  /// The same for other numbers of the members; none where a member that it needs has no number.
  func renumbered(_ number: (Int) -> Int?) -> Action? {
    switch self {
    case .partition(let groups):
      var named: [Int] = []
      let groups = groups.map { group in
        group.compactMap(number).filter { member in
          defer { named.append(member) }
          return !named.contains(member)
        }
      }.filter { !$0.isEmpty }
      return groups.isEmpty ? nil : .partition(groups)
    case .heal, .links, .commandLowest: return self
    case .cut(let from, let to): return Self.pair(from, to, number) { .cut(from: $0, to: $1) }
    case .mend(let from, let to): return Self.pair(from, to, number) { .mend(from: $0, to: $1) }
    case .clog(let from, let to): return Self.pair(from, to, number) { .clog(from: $0, to: $1) }
    case .unclog(let from, let to):
      return Self.pair(from, to, number) { .unclog(from: $0, to: $1) }
    case .sever(let a, let b): return Self.pair(a, b, number) { .sever($0, $1) }
    case .drift(let node, let rate): return number(node).map { .drift($0, perMillion: rate) }
    case .move(let node): return number(node).map { .move($0) }
    case .upgrade(let node): return number(node).map { .upgrade($0) }
    case .link(let a, let b, let link): return Self.pair(a, b, number) { .link($0, $1, link) }
    case .crash(let node, let silently): return number(node).map { .crash($0, silently: silently) }
    case .restart(let node, let keepsDisk):
      return number(node).map { .restart($0, keepingDisk: keepsDisk) }
    case .duplicate(let node): return number(node).map { .duplicate($0) }
    case .pause(let node, let span): return number(node).map { .pause($0, for: span) }
    case .skew(let node, let by): return number(node).map { .skew($0, milliseconds: by) }
    case .put(let key, let value, let node): return number(node).map { .put(key, value, at: $0) }
    case .fill(let prefix, let count, let size, let node):
      return number(node).map { .fill(prefix, count: count, size: size, at: $0) }
    case .delete(let key, let node): return number(node).map { .delete(key, at: $0) }
    case .command(let node, .join(let ordinal)):
      return Self.pair(node, ordinal, number) { .command($0, .join(ordinal: $1)) }
    case .command(let node, .dismiss(let ordinal, let how)):
      return Self.pair(node, ordinal, number) { .command($0, .dismiss(ordinal: $1, how)) }
    case .command(let node, let command): return number(node).map { .command($0, command) }
    }
  }

  private static func pair(
    _ a: Int, _ b: Int, _ number: (Int) -> Int?, _ make: (Int, Int) -> Action
  ) -> Action? {
    guard let first = number(a), let second = number(b), first != second else { return nil }
    return make(first, second)
  }
}

extension [TextCondition] {
  /// The same for other numbers of the members; none where one that is spoken of has no number.
  func renumbered(_ number: (Int) -> Int?) -> [TextCondition]? {
    var result: [TextCondition] = []
    for condition in self {
      guard let condition = condition.renumbered(number) else { return nil }
      result.append(condition)
    }
    return result
  }
}
