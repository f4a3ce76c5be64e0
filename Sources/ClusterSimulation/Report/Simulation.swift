import ClusterCore

/// Runs a scenario: step by step with one seed, or over many seeds at once.
///
/// A run depends on the scenario and the seed only. A simulation is a value: a copy is a snapshot
/// from which the run can go on twice.
public struct Simulation {
  /// What is run.
  public let scenario: Scenario
  /// Of how many seeds one is run twice, to see that both runs are the same.
  public var recheck: UInt64 = 50
  private var world: World

  /// Prepares the run of one seed.
  public init(_ scenario: Scenario, seed: UInt64 = 0, traced: Bool = false) {
    self.scenario = scenario
    world = World(scenario, seed: seed, traced: traced)
  }

  // MARK: One seed

  /// Does the next thing that is due; false when the run has ended.
  @discardableResult
  public mutating func step() -> Bool { world.step() }

  /// Runs until a moment, counted from the start, or the end.
  public mutating func run(until time: Duration) {
    let limit = Span64(time).nanoseconds
    while !world.isDone, world.nextTime <= limit { _ = world.step() }
  }

  /// Runs to the end. What broke; none when all went well.
  @discardableResult
  public mutating func finish() -> Failure? {
    while world.step() {}
    return failure
  }

  /// The hash of everything that happened so far.
  public var hash: UInt64 { world.hash.value }

  /// The cluster as it is now.
  public var cluster: SimulatedCluster { SimulatedCluster(world) }

  /// What broke so far.
  public var failure: Failure? {
    world.failure.map {
      Failure(
        seed: world.seed, invariant: $0.invariant, detail: $0.detail,
        time: Span64(nanoseconds: $0.time).duration, node: $0.node, minimal: scenario)
    }
  }

  /// What the run came to so far.
  public var statistics: Statistics {
    var statistics = Statistics()
    statistics.add(world.statistics, detections: world.liveness.detections.times)
    return statistics
  }

  /// The lines of the trace since the last call; empty unless `traced` was asked for.
  public mutating func takeTrace() -> [String] { world.trace?.take() ?? [] }

  /// Keeps what members tell their embedders from now on.
  package mutating func recordEvents() { world.record = world.record ?? [] }

  /// What members told since the last call; empty unless `recordEvents` was asked for.
  package mutating func takeEvents() -> [RecordedEvent] {
    defer { if world.record != nil { world.record = [] } }
    return world.record ?? []
  }

  /// How many datagrams were sent so far, and how many bytes.
  package var traffic: (datagrams: UInt64, bytes: UInt64) {
    (world.statistics.datagrams, world.statistics.bytes)
  }

  /// Runs one seed to the end and returns its trace, whose last line is the hash.
  public func replay(seed: UInt64) -> [String] {
    var run = Simulation(scenario, seed: seed, traced: true)
    run.finish()
    return run.takeTrace() + ["hash=" + Self.hexadecimal(run.hash)]
  }

  // MARK: Many seeds

  /// Runs every seed and sums up. Some seeds are run twice.
  ///
  /// - Throws: `SimulationError`; what a run found is in the report.
  public func run(seeds: Range<UInt64>) throws(SimulationError) -> Report {
    var sweep = Sweep(scenario)
    guard !seeds.isEmpty else { throw .noSeeds }
    for seed in seeds { try sweep.run(seed, twice: recheck > 0 && seed % recheck == 0) }
    return sweep.report()
  }

  /// A number as sixteen hexadecimal digits.
  public static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}

/// The runs of one scenario with many seeds, one after the other; several sweeps over parts of the
/// seeds can be joined.
public struct Sweep: Sendable {
  private let scenario: Scenario
  private var hashes: [(seed: UInt64, hash: UInt64)] = []
  private var failures: [Failure] = []
  private var statistics = Statistics()
  private var reached: [Bool]

  /// Prepares a sweep.
  public init(_ scenario: Scenario) {
    self.scenario = scenario
    reached = scenario.possibilities.map { _ in false }
  }

  /// How many seeds failed so far.
  public var failureCount: Int { failures.count }

  /// Runs one seed.
  public mutating func run(_ seed: UInt64, twice: Bool = false) throws(SimulationError) {
    var world = World(scenario, seed: seed)
    while world.step() {}
    if twice {
      var again = World(scenario, seed: seed)
      while again.step() {}
      guard again.hash.value == world.hash.value else { throw .notDeterministic(seed: seed) }
    }
    hashes.append((seed, world.hash.value))
    statistics.add(world.statistics, detections: world.liveness.detections.times)
    for index in reached.indices where world.liveness.reached[index] { reached[index] = true }
    guard let broken = world.failure else { return }
    failures.append(
      Failure(
        seed: seed, invariant: broken.invariant, detail: broken.detail,
        time: Span64(nanoseconds: broken.time).duration, node: broken.node, minimal: scenario))
  }

  /// Joins the runs of another sweep of the same scenario.
  public mutating func join(_ other: Sweep) {
    hashes += other.hashes
    failures += other.failures
    statistics.add(other.statistics)
    for index in reached.indices where other.reached[index] { reached[index] = true }
  }

  /// Sums up.
  public func report() -> Report {
    var hash = RunHash()
    let ordered = hashes.sorted { $0.seed < $1.seed }
    for entry in ordered { hash.combine(entry.hash) }
    var report = Report(hash: hash.value)
    report.hashes = ordered.map(\.hash)
    report.statistics = statistics
    report.failures = failures.sorted { $0.seed < $1.seed }
    for index in reached.indices where !reached[index] {
      let name = scenario.possibilities[index].name
      report.neverReached.append(name)
      report.failures.append(
        Failure(
          seed: ordered.first?.seed ?? 0, invariant: "sometimes: \(name)",
          detail: "in none of \(ordered.count) runs", time: .zero, node: nil, minimal: scenario))
    }
    return report
  }
}
