import ClusterCore

/// The concerns that draw random numbers, each from a stream of its own.
///
/// A stream is derived from the run's seed, the concern and indices. So when one fault or one write
/// is taken out of a scenario, the draws of everything else stay as they were: a smaller scenario
/// fails in the same way, and two traces can be compared.
enum RandomStream: UInt64 {
  case link = 1
  case node
  case clock
  case address
  case start
  case names
  case streams
  case workload
  case script
  case swarm
  case nemesis
  case disks

  /// The concern's generator in the run of `seed`.
  func generator(_ seed: UInt64, _ first: UInt64 = 0, _ second: UInt64 = 0) -> Randomness {
    Randomness(seed: mix(seed, rawValue, first, second))
  }
}
