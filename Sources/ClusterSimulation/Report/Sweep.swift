import ClusterCore

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

  /// How many seeds were run so far.
  public var count: Int { hashes.count }

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
    failures.append(Failure(scenario, seed: seed, broken))
  }

  /// Joins the runs of another sweep of the same scenario.
  public mutating func join(_ other: Sweep) {
    hashes += other.hashes
    failures += other.failures
    statistics.add(other.statistics)
    for index in reached.indices where other.reached[index] { reached[index] = true }
  }

  /// Sums up.
  ///
  /// - Parameter shrinking: Whether the first failure of each of the first three broken invariants is
  ///   made small, which takes some seconds each.
  public func report(shrinking: Bool = true) -> Report {
    var hash = RunHash()
    let ordered = hashes.sorted { $0.seed < $1.seed }
    for entry in ordered { hash.combine(entry.hash) }
    var report = Report(scenario: scenario.name, hash: hash.value)
    report.hashes = ordered.map(\.hash)
    report.statistics = statistics
    report.failures = failures.sorted { $0.seed < $1.seed }
    if shrinking { Self.shrink(&report.failures) }
    for index in reached.indices where !reached[index] {
      let name = scenario.possibilities[index].name
      report.neverReached.append(name)
      let broken = Violation(
        invariant: "sometimes: \(name)", detail: "in none of \(ordered.count) runs", time: 0)
      report.failures.append(Failure(scenario, seed: ordered.first?.seed ?? 0, broken))
    }
    return report
  }

  private static func shrink(_ failures: inout [Failure]) {
    var known: [String] = []
    for index in failures.indices where !known.contains(failures[index].invariant) {
      guard known.count < 3 else { return }
      known.append(failures[index].invariant)
      failures[index] = failures[index].shrunk()
    }
  }
}
