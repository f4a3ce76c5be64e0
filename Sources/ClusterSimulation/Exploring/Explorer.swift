public import ClusterCore

/// Goes through *all* orders of events of a very small cluster: every way in which up to two writes,
/// one cut and its heal, the arrival of each datagram, and timers can follow each other.
///
/// Random runs find what is likely; this finds what is possible within its scope, on the production
/// core itself, with no second model that could be wrong in its own way. Most protocol bugs show with
/// two or three members and a few events: the small scope hypothesis (Jackson, "Software Abstractions",
/// 2006).
///
/// A state is told by what each member was told and when: equal histories make equal members, since a
/// core depends on nothing else. So orders that differ only in steps of different members are one
/// state, and nothing but 64-bit collisions makes two states one. At each state in which nothing is
/// under way, the network heals, time goes on by itself, and all promises of a run must hold.
///
/// ```swift
/// var explorer = Explorer(.init(nodes: 2, writes: 2, cuts: 1))
/// while explorer.step() {}
/// print(explorer.counterexample?.description ?? "\(explorer.states) states, all good")
/// ```
public struct Explorer {
  /// How much is explored.
  public struct Scope: Hashable, Sendable {
    /// How many members: 1 to 3.
    public var nodes: Int
    /// How many writes of one key, the second of which may be a delete: up to 2.
    public var writes: Int
    /// How many cuts of one member from the others, each with its heal: up to 1.
    public var cuts: Int
    /// How often time may pass to the next timer, whatever is under way then.
    public var ticks: Int
    /// How many states are remembered at most: about 20 bytes each. Beyond that nothing is pruned.
    public var states: Int

    /// Creates a scope; what is out of bounds is brought into them.
    public init(
      nodes: Int = 3, writes: Int = 2, cuts: Int = 1, ticks: Int = 2, states: Int = 4_000_000
    ) {
      self.nodes = min(max(nodes, 1), 3)
      self.writes = min(max(writes, 0), 2)
      self.cuts = min(max(cuts, 0), 1)
      self.ticks = min(max(ticks, 0), 16)
      self.states = max(states, 1)
    }
  }

  /// How much is explored.
  public let scope: Scope
  /// How many different states were reached.
  public private(set) var states = 0
  /// How many steps were made from one state to another.
  public private(set) var transitions = 0
  /// In how many states the network was healed and the run went on to its verdict.
  public private(set) var verdicts = 0
  /// The longest chain of steps so far.
  public private(set) var depth = 0
  /// What broke, if anything did.
  public private(set) var counterexample: Counterexample?

  private let scenario: Scenario
  private var visited: Set<UInt64> = []
  private var stack: [Frame] = []

  /// Prepares to explore.
  public init(_ scope: Scope = Scope(), resolver: ConflictResolver = .lastWriterWins) {
    self.init(scope, resolver: resolver, plantedFaults: [])
  }

  package init(_ scope: Scope, resolver: ConflictResolver, plantedFaults: [PlantedFault]) {
    self.scope = scope
    var scenario = Scenario(name: "explored", nodes: scope.nodes, resolver: resolver)
    scenario.link = Link(latency: .constant(.milliseconds(1)))
    scenario.plantedFaults.formUnion(plantedFaults)
    self.scenario = scenario
    let start = Self.settled(World(scenario, seed: 0))
    let left = Left(writes: scope.writes, cuts: scope.cuts, ticks: scope.ticks, isCut: false)
    if let failure = start.failure {
      counterexample = Counterexample(steps: [], failure, Trace(scenario, seed: 0))
    } else {
      enter(start, left, step: nil)
    }
  }

  /// Makes one step. False when all of the scope was explored, or something broke.
  public mutating func step() -> Bool {
    guard counterexample == nil, let top = stack.indices.last else { return false }
    guard stack[top].next < stack[top].choices.count else {
      stack.removeLast()
      return !stack.isEmpty
    }
    let choice = stack[top].choices[stack[top].next]
    stack[top].next += 1
    var world = stack[top].world
    var left = stack[top].left
    Self.make(choice, &world, &left)
    transitions += 1
    if let failure = world.failure {
      stack.append(Frame(world: world, left: left, choices: [], step: choice))
      fail(failure)
    } else {
      enter(world, left, step: choice)
    }
    return counterexample == nil
  }

  /// Whether nothing is left to explore and nothing broke.
  public var isExhausted: Bool { stack.isEmpty && counterexample == nil }

  /// What may still happen.
  private struct Left: Hashable, Sendable {
    var writes: Int
    var cuts: Int
    var ticks: Int
    var isCut: Bool
  }

  /// One thing that can happen next.
  private enum Choice: Sendable {
    case arrive(World.Letter)
    case write(Int, isDelete: Bool, number: Int)
    case cut(Int)
    case heal
    case tick
  }

  /// A state on the way from the start to the present one.
  private struct Frame {
    var world: World
    var left: Left
    var choices: [Choice]
    var next = 0
    var step: Choice?
  }

  /// A new state: it is judged where nothing is under way, and its choices wait.
  private mutating func enter(_ world: World, _ left: Left, step: Choice?) {
    let key = Self.key(world, left)
    guard !visited.contains(key) else { return }
    if visited.count < scope.states { visited.insert(key) }
    states += 1
    let letters = world.letters
    stack.append(
      Frame(world: world, left: left, choices: choices(world, left, letters), step: step))
    depth = max(depth, stack.count)
    guard letters.isEmpty else { return }
    verdicts += 1
    var end = world
    end.finish()
    if let failure = end.failure { fail(failure) }
  }

  private func choices(_ world: World, _ left: Left, _ letters: [World.Letter]) -> [Choice] {
    var choices = letters.map { Choice.arrive($0) }
    let number = scope.writes - left.writes
    if left.writes > 0 {
      for node in 0..<scope.nodes {
        choices.append(.write(node, isDelete: false, number: number))
        if number > 0 { choices.append(.write(node, isDelete: true, number: number)) }
      }
    }
    if left.cuts > 0, scope.nodes > 1 {
      // Of two members it doesn't matter which one is cut off.
      choices += (0..<(scope.nodes == 2 ? 1 : scope.nodes)).map { .cut($0) }
    }
    if left.isCut { choices.append(.heal) }
    if left.ticks > 0 { choices.append(.tick) }
    return choices
  }

  private static func make(_ choice: Choice, _ world: inout World, _ left: inout Left) {
    switch choice {
    case .arrive(let letter): world.deliver(letter)
    case .write(let node, let isDelete, let number):
      left.writes -= 1
      world.apply(isDelete ? .delete("k", at: node) : .put("k", [0x61 + UInt8(number)], at: node))
      world.settle()
    case .cut(let node):
      left.cuts -= 1
      left.isCut = true
      world.isolate(node)
    case .heal:
      left.isCut = false
      world.apply(.heal)
      world.settle()
    case .tick:
      left.ticks -= 1
      _ = world.passTime()
    }
  }

  /// Equal for states from which the same can follow.
  private static func key(_ world: World, _ left: Left) -> UInt64 {
    let budget = UInt64(left.writes) << 24 | UInt64(left.ticks) << 8 | UInt64(left.cuts)
    var key = mix(world.now, budget << 1 | (left.isCut ? 1 : 0))
    for history in world.histories ?? [] { key = mix(key, history.value) }
    for from in world.machines.indices {
      for to in world.machines.indices where !world.network.reaches(from, to) {
        key = mix(key, UInt64(from << 8 | to))
      }
    }
    return key
  }

  /// A cluster that has formed and come to rest: what the exploration begins with.
  private static func settled(_ world: World) -> World {
    var world = world
    world.liveness.nextCheck = nil
    while world.failure == nil, world.nextTime <= 6_000_000_000, world.step() {}
    world.settle()
    while world.failure == nil, let letter = world.letters.first { world.deliver(letter) }
    world.histories = world.machines.map { _ in RunHash() }
    return world
  }

  private mutating func fail(_ failure: Violation) {
    let choices = stack.compactMap(\.step)
    counterexample = Counterexample(
      steps: choices.map(Self.text), failure, trace(of: choices))
  }

  /// The run once more, with its trace.
  private func trace(of choices: [Choice]) -> Trace {
    var world = Self.settled(World(scenario, seed: 0, traced: true))
    var left = Left(writes: scope.writes, cuts: scope.cuts, ticks: scope.ticks, isCut: false)
    for choice in choices where world.failure == nil { Self.make(choice, &world, &left) }
    if world.failure == nil { world.finish() }
    return Trace(
      header: Trace.Header(scenario, seed: 0), events: world.trace?.take() ?? [],
      hash: world.hash.value)
  }

  private static func text(_ choice: Choice) -> String {
    switch choice {
    case .arrive(let letter): "the datagram from \(letter.from) reaches \(letter.to)"
    case .write(let node, true, _): "delete k at \(node)"
    case .write(let node, false, let number): "put k \(number == 0 ? "a" : "b") at \(node)"
    case .cut(let node): "isolate \(node)"
    case .heal: "heal"
    case .tick: "time passes to the next timer"
    }
  }
}

/// An order of events of a small cluster that breaks something.
public struct Counterexample: Sendable, CustomStringConvertible {
  /// What happens, in order, from a cluster at rest on. Then the network heals and time goes on.
  public let steps: [String]
  /// Which invariant breaks.
  public let invariant: String
  /// What exactly is wrong.
  public let detail: String
  /// On which member, if it is one.
  public let node: Int?
  /// Everything that happens, from the start of the members on.
  public let trace: Trace

  init(steps: [String], _ broken: Violation, _ trace: Trace) {
    self.steps = steps
    self.trace = trace
    invariant = broken.invariant
    detail = broken.detail
    node = broken.node
  }

  /// What breaks, and the steps that lead there, one a line.
  public var description: String {
    let place = node.map { " on member \($0)" } ?? ""
    let head = "\(invariant) broke\(place): \(detail)\n  after these steps of a cluster at rest:"
    return ([head] + steps.map { "    \($0)" }).joined(separator: "\n")
  }
}
