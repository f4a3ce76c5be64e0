import ClusterCore

/// What a sweep over many seeds came to.
public struct Report: Sendable {
  /// The scenario's name.
  public let scenario: String
  /// The hash of all runs, in the order of their seeds. Equal sweeps have equal hashes, in debug
  /// and in release, on every machine.
  public internal(set) var hash: UInt64
  /// What broke: at most one failure for each seed, and those that concern all seeds.
  public internal(set) var failures: [Failure] = []
  /// What the runs came to.
  public internal(set) var statistics = Statistics()
  /// Each seed's hash, in order.
  public internal(set) var hashes: [UInt64] = []
  /// Which of the scenario's `sometimes` came true in no run.
  public internal(set) var neverReached: [String] = []

  /// Throws when anything broke.
  public func requirePassed() throws(SimulationFailure) {
    guard failures.isEmpty else { throw SimulationFailure(failures: failures) }
  }
}

/// A sweep that found something.
public struct SimulationFailure: Error, CustomStringConvertible, Sendable {
  /// What broke.
  public let failures: [Failure]

  /// The first failure of each invariant in full, and the seeds of the others.
  public var description: String {
    var shown: [Failure] = []
    for failure in failures where !shown.contains(where: { $0.invariant == failure.invariant }) {
      shown.append(failure)
    }
    let texts = shown.prefix(3).map(String.init(describing:))
    guard failures.count > texts.count else { return texts.joined(separator: "\n") }
    let seeds = failures.prefix(20).map { "\($0.seed)" }.joined(separator: ", ")
    let more = failures.count > 20 ? ", ..." : ""
    let all = "  \(failures.count) failed in all: seeds \(seeds)\(more)"
    return (texts + [all]).joined(separator: "\n")
  }
}

/// Why a sweep couldn't be made at all.
public enum SimulationError: Error, Hashable, Sendable {
  /// There is no seed to run.
  case noSeeds
  /// One seed gave two different runs: the simulator, the core or the resolver depends on something
  /// else than the seed.
  case notDeterministic(seed: UInt64)
}
