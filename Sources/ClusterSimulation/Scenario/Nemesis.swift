import ClusterCore

/// Faults that come again and again, drawn from the seed: which one, when, and whom it hits.
///
/// A nemesis is data. Single ones are made of a few faults (`random`, `flipFlop`, `swizzle`,
/// `rolling`) and go together: at the same time (`mixed`), or one after another (`staggered`).
/// ```swift
/// scenario.nemesis = .mixed([
///   .flipFlop(.halves, .heal, every: .seconds(4) ... .seconds(8)),
///   .random([.crash, .restart, .pause(.seconds(3))], every: .seconds(2) ... .seconds(9)),
/// ])
/// ```
/// It begins five seconds into the run and ends at `until`: then the network is healed and unclogged,
/// what had crashed is started again, and liveness is due. The manner is Jepsen's (Kingsbury), whose
/// generators it takes its names from; swizzle-clogging is FoundationDB's.
public struct Nemesis: Hashable, Sendable {
  /// One kind of thing that goes wrong, or right again.
  public enum Fault: Hashable, Sendable {
    /// Two sides, drawn.
    case halves
    /// One member alone, drawn.
    case isolate
    /// The lowest member alone: the leader.
    case isolateLeader
    /// Three sides, drawn.
    case threeWay
    /// Everyone alone.
    case singletons
    /// Two sides that reach each other through one member only.
    case bridge
    /// Each reaches two neighbours only.
    case ring
    /// One direction between two members is cut.
    case oneWay
    /// Nothing that one member sends arrives.
    case mute
    /// Nothing arrives at one member.
    case deaf
    /// Everyone reaches everyone.
    case heal
    /// One process dies.
    case crash
    /// One process dies with its host, silently.
    case vanish
    /// One that died starts again; where none did, one is killed and started.
    case restart
    /// One process stands still, for up to so long.
    case pause(Duration)
    /// One wall clock jumps, forward or back, by up to so much.
    case skew(Duration)
    /// One member's clocks run otherwise, by up to so many millionths.
    case drift(Int)
    /// One process gets another address.
    case move
    /// The streams between two members end.
    case sever
    /// The whole network behaves so.
    case weather(Link)
  }

  indirect enum Plan: Hashable, Sendable {
    case drawn([Fault], every: ClosedRange<Duration>)
    case flipFlop(Fault, Fault, every: ClosedRange<Duration>)
    case swizzle(every: Duration)
    case rolling(every: Duration)
    case mixed([Plan])
    case staggered([Plan], by: Duration)
  }

  let plan: Plan
  /// When the last fault comes.
  public var until = Duration.seconds(60)

  /// One of several faults each time, drawn.
  public static func random(_ faults: [Fault], every gap: ClosedRange<Duration>) -> Nemesis {
    Nemesis(plan: .drawn(faults, every: gap))
  }

  /// Two faults in turn.
  public static func flipFlop(
    _ first: Fault, _ second: Fault, every gap: ClosedRange<Duration>
  ) -> Nemesis {
    Nemesis(plan: .flipFlop(first, second, every: gap))
  }

  /// Clogs the network cards of about half of the members one by one, and unclogs them in another
  /// order, again and again.
  public static func swizzle(every gap: Duration) -> Nemesis { Nemesis(plan: .swizzle(every: gap)) }

  /// Cuts one part of three off after another, so that the whole is never connected: A against BC,
  /// AB against C, B against AC, again and again.
  public static func rolling(every gap: Duration) -> Nemesis { Nemesis(plan: .rolling(every: gap)) }

  /// Several at once, each with draws of its own.
  public static func mixed(_ parts: [Nemesis]) -> Nemesis {
    Nemesis(plan: .mixed(parts.map(\.plan)))
  }

  /// Several, each beginning so much later than the one before.
  public static func staggered(_ parts: [Nemesis], by gap: Duration) -> Nemesis {
    Nemesis(plan: .staggered(parts.map(\.plan), by: gap))
  }
}

extension Nemesis {
  /// When the first fault may come.
  static let from: UInt64 = 5_000_000_000

  /// Everything that one seed draws, in order of time, and what ends it.
  func actions(nodes: Int, seed: UInt64, link: Link) -> [(time: UInt64, action: Action)] {
    var draws = NemesisDraws(nodes: nodes, seed: seed, end: Span64(until).nanoseconds)
    draws.add(plan, from: Self.from)
    return draws.finished(link)
  }
}

/// What a nemesis draws from one seed. Each part has a stream of its own.
private struct NemesisDraws {
  let nodes: Int
  let seed: UInt64
  let end: UInt64
  var part: UInt64 = 0
  var actions: [(time: UInt64, action: Action)] = []

  init(nodes: Int, seed: UInt64, end: UInt64) {
    self.nodes = nodes
    self.seed = seed
    self.end = end
  }

  mutating func add(_ plan: Nemesis.Plan, from start: UInt64) {
    switch plan {
    case .mixed(let parts): for part in parts { add(part, from: start) }
    case .staggered(let parts, let gap):
      for (index, part) in parts.enumerated() {
        add(part, from: start + UInt64(index) * Span64(gap).nanoseconds)
      }
    case .drawn(let faults, let gap):
      guard !faults.isEmpty else { return }
      repeated(from: start, every: gap) { draws, time, random, _ in
        let fault = faults[Int(random.below(UInt64(faults.count)))]
        draws.strike(fault, at: time, &random)
      }
    case .flipFlop(let first, let second, let gap):
      repeated(from: start, every: gap) { draws, time, random, turn in
        draws.strike(turn % 2 == 0 ? first : second, at: time, &random)
      }
    case .swizzle(let gap):
      repeated(from: start, every: gap * 4...gap * 4) { draws, time, random, _ in
        draws.swizzle(at: time, every: Span64(gap).nanoseconds, &random)
      }
    case .rolling(let gap):
      repeated(from: start, every: gap...gap) { draws, time, _, turn in
        let third = (0..<3).map { part in (0..<draws.nodes).filter { $0 % 3 == part } }
        let alone = [0, 2, 1][turn % 3]
        draws.actions.append((time, .partition([third[alone]])))
      }
    }
  }

  private mutating func repeated(
    from start: UInt64, every gap: ClosedRange<Duration>,
    _ body: (inout NemesisDraws, UInt64, inout Randomness, Int) -> Void
  ) {
    part += 1
    var random = RandomStream.nemesis.generator(seed, part)
    let shortest = max(Span64(gap.lowerBound).nanoseconds, 1_000_000)
    let longest = max(Span64(gap.upperBound).nanoseconds, shortest)
    var time = start
    var turn = 0
    while true {
      time += shortest + random.below(longest - shortest + 1)
      guard time < end else { return }
      body(&self, time, &random, turn)
      turn += 1
    }
  }

  private mutating func strike(
    _ fault: Nemesis.Fault, at time: UInt64, _ random: inout Randomness
  ) {
    var members = Array(0..<nodes)
    random.shuffle(&members)
    let one = members[0]
    let drawn: [Action] =
      switch fault {
      case .halves: PartitionShape.halves(members)
      case .isolate: PartitionShape.alone(members)
      case .isolateLeader: [.partition([[0]])]
      case .threeWay: PartitionShape.threeWay(members)
      case .singletons: PartitionShape.singletons(members)
      case .bridge: PartitionShape.bridge(members)
      case .ring: PartitionShape.ring(members)
      case .oneWay: PartitionShape.oneWay(members)
      case .mute: PartitionShape.mute(members)
      case .deaf: PartitionShape.deaf(members)
      case .heal: [.heal]
      case .crash: [.crash(one, silently: false)]
      case .vanish: [.crash(one, silently: true)]
      case .restart: [.restart(down(before: time).first ?? one)]
      case .pause(let most):
        [.pause(one, for: Span64(nanoseconds: 1 + random.below(Span64(most).nanoseconds)))]
      case .skew(let most): [.skew(one, milliseconds: Self.offset(most, &random))]
      case .drift(let most):
        [.drift(one, perMillion: Int64(random.below(UInt64(2 * abs(most)) + 1)) - Int64(abs(most)))]
      case .move: [.move(one)]
      case .sever: nodes < 2 ? [] : [.sever(one, members[1])]
      case .weather(let link): [.links(link)]
      }
    for action in drawn { actions.append((time, action)) }
  }

  private static func offset(_ most: Duration, _ random: inout Randomness) -> Int64 {
    let milliseconds = Span64(most).nanoseconds / 1_000_000
    return Int64(random.below(2 * milliseconds + 1)) - Int64(milliseconds)
  }

  private mutating func swizzle(at time: UInt64, every gap: UInt64, _ random: inout Randomness) {
    var chosen = (0..<nodes).filter { _ in random.chance(1, in: 2) }
    let step = max(gap / UInt64(2 * max(chosen.count, 1)), 1)
    for (turn, clogs) in [true, false].enumerated() {
      random.shuffle(&chosen)
      for (index, member) in chosen.enumerated() {
        let moment = time + UInt64(turn) * 2 * gap + UInt64(index) * step
        for other in 0..<nodes where other != member {
          actions.append(
            (moment, clogs ? .clog(from: other, to: member) : .unclog(from: other, to: member)))
        }
      }
    }
  }

  /// Who has died and not been started again before a moment, in order of ordinals.
  private func down(before time: UInt64) -> [Int] {
    var down = Array(repeating: false, count: nodes)
    for entry in actions.sorted(by: { $0.time < $1.time }) where entry.time < time {
      switch entry.action {
      case .crash(let node, _): down[node] = true
      case .restart(let node, _), .upgrade(let node): down[node] = false
      default: break
      }
    }
    return down.indices.filter { down[$0] }
  }

  /// All in order of time, with the end: healed, unclogged, the links as they were, everyone running.
  mutating func finished(_ link: Link) -> [(time: UInt64, action: Action)] {
    let hasWeather = actions.contains { if case .links = $0.action { true } else { false } }
    actions.append((end, .heal))
    if hasWeather { actions.append((end, .links(link))) }
    for (index, node) in down(before: .max).enumerated() {
      actions.append((end + UInt64(index + 1) * 100_000_000, .restart(node)))
    }
    return actions.enumerated()
      .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      .map { ($0.element.time, $0.element.action) }
  }
}
