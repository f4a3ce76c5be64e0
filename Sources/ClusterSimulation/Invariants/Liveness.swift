import ClusterCore

/// What is due after the last fault, and what has come true so far.
struct Liveness {
  /// How often, in simulated time, the whole cluster is looked at after the last action.
  static func period(members: Int) -> UInt64 { members <= 64 ? 20_000_000 : 200_000_000 }

  /// How long nothing may change after everything had converged.
  static let quiet: UInt64 = 3_000_000_000

  /// When the cluster is looked at next; none before the last action.
  var nextCheck: UInt64?
  /// When the last fault ended.
  private(set) var lastFault: UInt64 = 0
  /// When everything had converged.
  var settledAt: UInt64?
  /// The stores' digests at that moment.
  var digests: [UInt64] = []
  /// How many datagrams had been sent, and how often the resolver had been asked, at that moment.
  var datagrams: UInt64 = 0
  var resolverCalls = 0
  /// Which `sometimes` came true.
  var reached: [Bool] = []
  /// Which `eventually` came true.
  var fulfilled: [Bool] = []
  /// The recovery mode that was set last.
  var recovery = Recovery.automatic
  /// Crashes that not everyone knows yet.
  var detections = Detections()
  /// Whether there are conditions of the scenario to look at.
  private(set) var watchesConditions = false

  /// The run begins.
  mutating func begin(_ world: World) {
    nextCheck = world.lastAction + Self.period(members: world.scenario.nodes)
    reached = world.scenario.possibilities.map { _ in false }
    fulfilled = world.scenario.eventualities.map { _ in false }
    watchesConditions = !reached.isEmpty || !fulfilled.isEmpty
    recovery = world.scenario.recovery
  }

  /// A fault happens, or ends, at a moment.
  mutating func faultHappened(at time: UInt64) {
    lastFault = max(lastFault, time)
    settledAt = nil
  }
}

/// Crashes and who doesn't know of them yet.
struct Detections {
  private struct Crash {
    var ordinal: Int
    var boot: UInt64
    var time: UInt64
    var ignorant: [Int]
  }

  private var open: [Crash] = []
  /// How long it took until the last one knew, crash by crash, in nanoseconds.
  private(set) var times: [UInt64] = []

  /// A process dies: all others that it could reach should come to know.
  mutating func begin(_ ordinal: Int, boot: UInt64, _ world: World) {
    let ignorant = world.machines.indices.filter {
      $0 != ordinal && world.machines[$0].isActive && world.network.connects($0, ordinal)
    }
    guard !ignorant.isEmpty else { return }
    open.append(Crash(ordinal: ordinal, boot: boot, time: world.now, ignorant: ignorant))
  }

  /// The process is started again: it doesn't matter any more.
  mutating func end(_ ordinal: Int) { open.removeAll { $0.ordinal == ordinal } }

  /// A member believes something of another.
  mutating func believed(_ member: Member, by observer: Int, at now: UInt64) {
    guard !open.isEmpty, !member.isLive else { return }
    for index in open.indices.reversed()
    where open[index].ordinal == member.ordinal && member.boot <= open[index].boot {
      open[index].ignorant.removeAll { $0 == observer }
      guard open[index].ignorant.isEmpty else { continue }
      times.append(now - open[index].time)
      open.remove(at: index)
    }
  }
}
