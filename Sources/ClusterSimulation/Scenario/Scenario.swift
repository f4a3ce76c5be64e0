public import ClusterCore

/// What happens to a cluster, and what must be true of it: everything of a run but its seed.
///
/// ```swift
/// var scenario = Scenario(nodes: 5, resolver: cartResolver)
/// scenario.at(.seconds(10)) { $0.partition([0, 1], [2, 3, 4]) }
/// scenario.at(.seconds(12)) { $0.put("cart", "book", at: 0); $0.put("cart", "pen", at: 3) }
/// scenario.at(.seconds(60)) { $0.heal() }
/// scenario.eventually("one cart", within: .seconds(20)) { $0.allEqual("cart") && $0.leader == 0 }
/// try Simulation(scenario).run(seeds: 0..<1_000).requirePassed()
/// ```
///
/// The protocol's own invariants are checked in any case: after each event those of the member that
/// it touched (its core's own, what it recorded of others never goes back, its events tell all of
/// its view, its writes are what it reads, no value goes unless one that had seen it comes, none
/// comes back), and after the last fault those of the whole cluster (one confirmed leader, one
/// view, one store, no delete remembered, no acknowledged write missing), within bounds computed
/// from the protocol's times.
public struct Scenario: Sendable {
  /// What decides whether a condition holds.
  public typealias Condition = @Sendable (SimulatedCluster) -> Bool

  /// The name, which reports and commands show.
  public var name: String
  /// How many processes beyond the expected ones a run can have.
  public static let guests = 2
  /// Where it was read from; the command that replays a failure names it.
  public var file: String?
  /// How many members are expected. All of them start, but for those in `absent`.
  public internal(set) var nodes: Int
  /// What decides what is read of a conflict.
  public var resolver: ConflictResolver
  /// How every link behaves at first.
  public var link = Link()
  /// The recovery mode that all members start with.
  public var recovery = Recovery.automatic
  /// When a leader is confirmed.
  public var leadershipPolicy = LeadershipPolicy.any
  /// The protocol's times.
  public var timing = Timing.lan
  /// How long a delete is remembered for a member that is away: see `NodeConfiguration`.
  public var tombstoneGrace = Self.usualGrace
  /// Longer than what a scenario simulates: nobody is away for too long.
  static let usualGrace = Duration.seconds(86_400)
  /// How the members' disks behave; none means that they keep their stores in memory only.
  public var disk: Disk?
  /// Members that aren't started at the beginning; `restart` starts them.
  public var absent: [Int] = []
  /// Writes beside the script.
  public var workload: Workload?
  /// Faults that are drawn from the seed, beside the script.
  public var swarm: Swarm?
  /// Faults that come again and again, drawn from the seed, beside script and swarm.
  public var nemesis: Nemesis?
  /// The seed to run with when none is asked for: a failure that was shrunk names its own.
  public var seed: UInt64?
  /// Rules taken out of the protocol, to see that the simulator notices.
  package var plantedFaults: Set<PlantedFault> = []

  var steps: [Step] = []
  var eventualities: [Eventuality] = []
  var constants: [NamedCondition] = []
  var possibilities: [NamedCondition] = []

  /// Creates a scenario in which nothing happens: all members start within half a second.
  ///
  /// - Precondition: There are 1 to `Limits.members` members.
  public init(
    name: String = "scenario", nodes: Int, resolver: ConflictResolver = .lastWriterWins
  ) {
    precondition(
      (1...Limits.members).contains(nodes), "a scenario has 1 to \(Limits.members) members")
    self.name = name
    self.nodes = nodes
    self.resolver = resolver
  }

  /// Does something at a moment, counted from the start.
  ///
  /// - Parameters:
  ///   - time: When.
  ///   - body: What; of several bodies for the same time, the one given first comes first.
  public mutating func at(_ time: Duration, _ body: @escaping @Sendable (inout Control) -> Void) {
    steps.append(Step(time: Span64(time).nanoseconds, body: .closure(body)))
  }

  /// Does what was read from a text, or written out by a run, at a moment in nanoseconds.
  mutating func at(_ time: UInt64, _ actions: [Action]) {
    steps.append(Step(time: time, body: .actions(actions)))
  }

  /// A condition that must have become true `within` after the last scheduled action.
  public mutating func eventually(
    _ name: String, within: Duration, _ condition: @escaping Condition
  ) {
    eventualities.append(
      Eventuality(name: name, within: Span64(within).nanoseconds, condition: condition))
  }

  /// A condition that must hold after every event.
  public mutating func always(_ name: String, _ condition: @escaping Condition) {
    constants.append(NamedCondition(name: name, condition: condition))
  }

  /// A condition that must hold at some moment of at least one of the seeds: a test that never
  /// reaches what it is about fails.
  public mutating func sometimes(_ name: String, _ condition: @escaping Condition) {
    possibilities.append(NamedCondition(name: name, condition: condition))
  }

  /// When the last scheduled action comes, in nanoseconds from the start.
  func lastAction(seed: UInt64) -> UInt64 {
    var last = steps.map(\.time).max() ?? 0
    if let workload { last = max(last, Span64(workload.until).nanoseconds) }
    if let swarm { last = max(last, swarm.plan(nodes: nodes, seed: seed).end) }
    if let nemesis {
      let actions = nemesis.actions(nodes: nodes, seed: seed, link: link)
      last = max(last, actions.last?.time ?? 0)
    }
    return last
  }

  /// What is done at one moment.
  struct Step: Sendable {
    var time: UInt64
    var body: Body

    /// Actions as data, or Swift that decides on them when the moment comes.
    enum Body: Sendable {
      case actions([Action])
      case closure(@Sendable (inout Control) -> Void)
    }
  }

  /// A condition that must come true in time.
  struct Eventuality: Sendable {
    var name: String
    var within: UInt64
    /// What it says as a text; none for a closure in Swift.
    var text: [TextCondition]?
    var condition: Condition
  }

  /// A condition that must hold always, or once.
  struct NamedCondition: Sendable {
    var name: String
    /// What it says as a text; none for a closure in Swift.
    var text: [TextCondition]?
    var condition: Condition
  }
}
