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
    world.failure.map { Failure(scenario, seed: world.seed, $0) }
  }

  /// What the run came to so far.
  public var statistics: Statistics {
    var statistics = Statistics()
    statistics.add(world.statistics, detections: world.liveness.detections.times)
    return statistics
  }

  /// What happened since the last call; empty unless `traced` was asked for.
  public mutating func takeTrace() -> [TraceEvent] { world.trace?.take() ?? [] }

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

  /// Runs one seed to the end and returns its trace as text, whose last line is the hash.
  public func replay(seed: UInt64) -> [String] { Trace(scenario, seed: seed).lines }

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
