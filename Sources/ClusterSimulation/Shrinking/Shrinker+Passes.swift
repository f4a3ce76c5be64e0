import ClusterCore

/// The passes: each tries to make one thing simpler.
extension Shrinker {
  /// All links as good as they can be, or at least without one of their faults.
  mutating func calmNetwork() {
    var calm = run
    calm.settings.link = Link()
    if calm.settings.link != run.settings.link, attempt(calm) { return }
    for part in Self.faultless {
      var better = run
      part(&better.settings.link)
      if better.settings.link != run.settings.link { _ = attempt(better) }
    }
  }

  /// All actions of one kind at once: a quick win where faults or writes don't matter.
  mutating func dropKinds() {
    let kinds: [(Action) -> Bool] = [
      { !$0.isFault }, { $0.isFault },
      { if case .links = $0 { true } else { false } },
      { if case .skew = $0 { true } else { false } },
      { if case .delete = $0 { true } else { false } },
    ]
    for kind in kinds {
      var smaller = run
      smaller.actions.removeAll { kind($0.action) }
      if smaller.actions.count < run.actions.count { _ = attempt(smaller) }
    }
  }

  /// One `fill` in place of the many writes of a member, where their mass is what matters.
  mutating func gatherWrites() {
    for node in 0..<run.settings.nodes {
      guard !keepsScript else { return }
      let writes = run.actions.filter { Self.value(of: $0.action, at: node) != nil }
      guard writes.count > 3, let first = writes.first, let last = writes.last else { continue }
      let size = writes.compactMap { Self.value(of: $0.action, at: node)?.count }.max() ?? 8
      for (time, size) in [(first.time, 8), (last.time, 8), (first.time, size), (last.time, size)] {
        var gathered = run
        gathered.actions.removeAll { Self.value(of: $0.action, at: node) != nil }
        let fill = Action.fill("k", count: writes.count, size: max(size, 8), at: node)
        let place = gathered.actions.firstIndex { $0.time > time } ?? gathered.actions.count
        gathered.actions.insert(.init(time: time, action: fill), at: place)
        if attempt(gathered) { break }
      }
    }
  }

  /// What an action writes at a member.
  private static func value(of action: Action, at node: Int) -> [UInt8]? {
    if case .put(_, let value, node) = action { value } else { nil }
  }

  /// Delta debugging: ever smaller parts of the actions are left out, with the run's seed and as many
  /// others.
  mutating func dropActions(seeds: UInt64 = 0) {
    var size = max(run.actions.count / 2, 1)
    while spent < budget, !run.actions.isEmpty {
      var hasDropped = false
      var end = run.actions.count
      while end > 0, spent < budget {
        let start = max(0, end - size)
        var smaller = run
        smaller.actions.removeSubrange(start..<end)
        for seed in [run.seed] + (0..<seeds) {
          smaller.seed = seed
          guard attempt(smaller) else { continue }
          hasDropped = true
          break
        }
        end = min(start, run.actions.count)
      }
      if size == 1 && !hasDropped { return }
      size = max(size / 2, 1)
    }
  }

  /// One member less, as often as that works, with the run's seed or another one: a member less is
  /// another network, so the seed has lost its meaning anyhow.
  mutating func removeMembers() {
    var member = run.settings.nodes - 1
    while member >= 0, spent < budget {
      if !removes(member) { member -= 1 } else { member = min(member, run.settings.nodes) - 1 }
    }
  }

  private mutating func removes(_ member: Int) -> Bool {
    let heirs: [Int?] = [nil, max(0, min(member, run.settings.nodes - 2))]
    let seeds = [run.seed] + (0..<4)
    for heir in heirs {
      guard let smaller = run.removing(member, heir: heir) else { continue }
      for seed in seeds {
        var other = smaller
        other.seed = seed
        if attempt(other) { return true }
      }
    }
    return false
  }

  /// Other values of an action: shorter, rounder, fewer.
  mutating func simplifyActions() {
    shortenValues()
    var index = 0
    while index < run.actions.count, spent < budget {
      defer { index += 1 }
      guard !(keepsScript && run.actions[index].isScriptedWrite) else { continue }
      for action in Self.simpler(run.actions[index].action) {
        var simpler = run
        simpler.actions[index].action = action
        if attempt(simpler) { break }
      }
    }
  }

  private mutating func shortenValues() {
    var short = run
    var number = 0
    for index in short.actions.indices {
      guard case .put(let key, let value, let node) = short.actions[index].action else { continue }
      number += 1
      guard !(keepsScript && short.actions[index].isScriptedWrite) else { continue }
      guard value.count > 3 else { continue }
      short.actions[index].action = .put(key, Array("v\(number)".utf8), at: node)
    }
    if short.actions != run.actions { _ = attempt(short) }
  }

  /// Less time between one action and the next.
  mutating func shortenTimes() {
    for index in run.actions.indices {
      let before = index > 0 ? run.actions[index - 1].time : 0
      let gap = run.actions[index].time - before
      let half = gap > 2 * Self.second ? [gap / 2] : []
      let shorter = [0, 1, 2, 5, 10, 20].map { $0 * Self.second } + half
      for shorter in shorter where shorter < gap {
        var quicker = run
        for later in index..<run.actions.count { quicker.actions[later].time -= gap - shorter }
        if attempt(quicker) { break }
      }
    }
  }

  /// Times that a person would write, all at once or one by one.
  mutating func roundTimes() {
    let units = [Self.second, Self.second / 10, Self.second / 1_000]
    for unit in units {
      var round = run
      for index in round.actions.indices {
        round.actions[index].time = round.actions[index].time / unit * unit
      }
      if round.actions == run.actions || attempt(round) { return }
    }
    for index in run.actions.indices {
      for unit in units {
        var round = run
        let time = round.actions[index].time / unit * unit
        guard time != round.actions[index].time,
          index == 0 || round.actions[index - 1].time <= time
        else { continue }
        round.actions[index].time = time
        if attempt(round) { break }
      }
    }
  }

  /// The usual settings in place of special ones, and a small seed in place of a large one.
  mutating func simplifySettings() {
    let resolver = keepsScript ? run.settings.resolver : .lastWriterWins
    let changes: [(inout WrittenRun) -> Void] = [
      { $0.settings.resolver = resolver }, { $0.settings.recovery = .automatic },
      { $0.settings.leadershipPolicy = .any }, { $0.settings.absent = [] },
      { $0.settings.disk = nil },
    ]
    for change in changes {
      var simpler = run
      change(&simpler)
      if !Self.isAlike(simpler.settings, run.settings) { _ = attempt(simpler) }
    }
    for seed in 0..<min(run.seed, 3) {
      var simpler = run
      simpler.seed = seed
      if attempt(simpler) { return }
    }
  }

  private static let second: UInt64 = 1_000_000_000

  private static func isAlike(_ a: Scenario, _ b: Scenario) -> Bool {
    a.resolver.name == b.resolver.name && a.recovery == b.recovery
      && a.leadershipPolicy == b.leadershipPolicy && a.absent == b.absent
      && a.disk == b.disk
  }

  /// A link without one of its faults each.
  private static var faultless: [(inout Link) -> Void] {
    [
      { $0.corrupt = .zero }, { $0.duplicate = .zero }, { $0.reorder = .zero }, { $0.loss = .zero },
      { $0.latency = Link().latency }, { $0.bytesPerSecond = Link().bytesPerSecond },
    ]
  }

  /// Better links in place of one, the best first.
  private static func better(_ link: Link) -> [Link] {
    let parts = faultless.map { part in
      var better = link
      part(&better)
      return better
    }
    return ([Link()] + parts).filter { $0 != link }
  }

  /// Simpler actions in place of one, the simplest first.
  private static func simpler(_ action: Action) -> [Action] {
    switch action {
    case .crash(let node, silently: true): [.crash(node, silently: false)]
    case .restart(let node, keepingDisk: true): [.restart(node, keepingDisk: false)]
    case .pause(let node, let span):
      [1, 2, 5].map { Span64.seconds($0) }.filter { $0 < span }.map { .pause(node, for: $0) }
    case .skew(let node, let by):
      [1_000, 10_000, 60_000, 600_000].filter { $0 < by.magnitude }
        .map { .skew(node, milliseconds: by < 0 ? -Int64($0) : Int64($0)) }
    case .links(let link): better(link).map { .links($0) }
    case .link(let a, let b, let link): better(link).map { .link(a, b, $0) }
    case .fill(let prefix, let count, let size, let node):
      [(1, 8), (1, size), (count / 2, size), (count, 8)]
        .filter { $0.0 >= 1 && ($0.0, $0.1) != (count, size) }
        .map { .fill(prefix, count: $0.0, size: $0.1, at: node) }
    case .partition(let groups) where groups.count > 2:
      [.partition([groups[0], Array(groups.dropFirst().joined())])]
    default: []
    }
  }
}
