import ClusterCore

/// What broke, in which run, and how to see it again.
public struct Failure: Sendable {
  /// The run's seed.
  public let seed: UInt64
  /// Which invariant or condition broke.
  public let invariant: String
  /// What exactly was wrong.
  public let detail: String
  /// When, counted from the start of the run.
  public let time: Duration
  /// On which member, if it was one.
  public let node: Int?
  /// A scenario that fails in the same way. The scenario itself for now: nothing is shrunk yet.
  public let minimal: Scenario
  /// The command that replays the run, for scenarios that were read from a file; else the call.
  public var command: String {
    if let file = minimal.file { return "simulate replay \(file) --seed \(seed) --trace" }
    return "try Simulation(scenario).replay(seed: \(seed))"
  }
}

extension Failure: CustomStringConvertible {
  /// The failure in one paragraph.
  public var description: String {
    let place = node.map { " on member \($0)" } ?? ""
    return "\(minimal.name), seed \(seed): \(invariant) broke after "
      + "\(Trace.time(Span64(time).nanoseconds)) s\(place): \(detail)\n  replay: \(command)"
  }
}
