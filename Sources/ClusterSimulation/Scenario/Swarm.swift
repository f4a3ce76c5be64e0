import ClusterCore

/// Faults drawn from the seed: which kinds at all, how strong, and when.
///
/// Each kind of fault is switched on or off per seed, so that a rare combination isn't drowned in a
/// mix of everything (swarm testing: Groce and others, 2012). At `until` the network is healed and
/// what had crashed is started again, or stays down in one seed of four; then liveness is due.
public struct Swarm: Hashable, Sendable {
  /// When the last fault has passed.
  public var until: Duration
  /// The most faults in one run.
  public var faults: Int
  /// The highest loss that may be drawn, in percent.
  public var lossPercent: UInt64

  /// Creates a swarm.
  public init(until: Duration = .seconds(40), faults: Int = 12, lossPercent: UInt64 = 20) {
    self.until = until
    self.faults = max(faults, 1)
    self.lossPercent = min(lossPercent, 90)
  }

  /// Everything that one seed draws.
  struct Plan: Sendable {
    var link: Link
    var actions: [(time: UInt64, action: Action)] = []
    var workload: Workload
    var end: UInt64
  }

  /// The faults of one seed, in order of time.
  func plan(nodes: Int, seed: UInt64) -> Plan {
    var random = RandomStream.swarm.generator(seed)
    let end = Span64(until).nanoseconds
    let link = drawLink(&random)
    let workload = Workload(
      keys: 1 + Int(random.below(6)), perSecond: 1 + random.below(12),
      deletes: .percent(random.below(60)), size: random.chance(1, in: 8) ? 3_000 : 24,
      from: .milliseconds(500 + Int64(random.below(3_000))), until: until)
    var plan = Plan(link: link, workload: workload, end: end)
    let kinds = drawKinds(&random)
    var down: [Int] = []
    let count = kinds.isEmpty ? 0 : 1 + Int(random.below(UInt64(faults)))
    let times = (0..<count).map { _ in
      3_000_000_000 + random.below(max(end, 4_000_000_000) - 3_000_000_000)
    }
    for time in times.sorted() {
      let kind = kinds[Int(random.below(UInt64(kinds.count)))]
      let action = draw(kind, nodes: nodes, down: &down, &random)
      plan.actions.append((time, action))
    }
    finish(&plan, down: down, &random)
    return plan
  }

  private enum Kind: CaseIterable {
    case partition, isolate, oneWay, heal, crash, vanish, restart, pause, skew, weather
  }

  private func drawKinds(_ random: inout Randomness) -> [Kind] {
    var kinds = Kind.allCases.filter { _ in random.chance(1, in: 2) }
    if kinds.contains(.crash) || kinds.contains(.vanish), !kinds.contains(.restart) {
      kinds.append(.restart)
    }
    return kinds
  }

  private func drawLink(_ random: inout Randomness) -> Link {
    var link = Link()
    switch random.below(4) {
    case 0: link.latency = .constant(.milliseconds(1))
    case 1: link.latency = .uniform(.microseconds(200), .milliseconds(5))
    case 2: link.latency = .exponential(mean: .milliseconds(20), minimum: .milliseconds(1))
    default: link.latency = .exponential(mean: .milliseconds(3))
    }
    if random.chance(2, in: 3) { link.loss = .percent(random.below(lossPercent + 1)) }
    if random.chance(1, in: 2) { link.duplicate = .percent(random.below(21)) }
    if random.chance(1, in: 2) { link.reorder = .percent(random.below(21)) }
    if random.chance(1, in: 4) { link.corrupt = .percent(1 + random.below(3)) }
    return link
  }

  private func draw(
    _ kind: Kind, nodes: Int, down: inout [Int], _ random: inout Randomness
  ) -> Action {
    let node = Int(random.below(UInt64(nodes)))
    switch kind {
    case .partition:
      var groups: [[Int]] = [[], [], []]
      let sides = 2 + random.below(2)
      for member in 0..<nodes { groups[Int(random.below(sides))].append(member) }
      return .partition(groups.filter { !$0.isEmpty })
    case .isolate: return .partition([[node]])
    case .oneWay:
      let other = (node + 1 + Int(random.below(UInt64(max(nodes - 1, 1))))) % nodes
      return .cut(from: node, to: other)
    case .heal: return .heal
    case .crash, .vanish:
      if !down.contains(node) { down.append(node) }
      return .crash(node, silently: kind == .vanish)
    case .restart:
      let again = down.isEmpty ? node : down.removeFirst()
      return .restart(again)
    case .pause: return .pause(node, for: .milliseconds(100 + random.below(8_000)))
    case .skew:
      let size = Int64(random.below(600_000))
      return .skew(node, milliseconds: random.chance(1, in: 2) ? size : -size)
    case .weather: return .links(drawLink(&random))
    }
  }

  private func finish(_ plan: inout Plan, down: [Int], _ random: inout Randomness) {
    plan.actions.append((plan.end, .heal))
    var calm = drawLink(&random)
    if !calm.loss.isAtMost(percent: 5) || random.chance(1, in: 2) {
      calm.loss = .percent(random.below(6))
    }
    calm.corrupt = .zero
    plan.actions.append((plan.end, .links(calm)))
    guard !random.chance(1, in: 4) else { return }
    for node in down {
      plan.actions.append((plan.end + random.below(2_000_000_000), .restart(node)))
    }
    plan.actions.sort { $0.time < $1.time }
    plan.end = plan.actions.last?.time ?? plan.end
  }
}
