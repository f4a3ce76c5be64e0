import ClusterCore
import ClusterSimulation

extension Experiment {
  /// The network is cut, silently: how long until everyone knows all who are across.
  static let cuts = [cut("cut-5", nodes: 5), cut("cut-20", nodes: 20), isolation]

  private static func cut(_ name: String, nodes: Int) -> Experiment {
    Experiment(
      name: name, about: "\(nodes) members are cut in two, each way",
      bounds: [
        Bound(name: "known to all across", unit: "s", median: 4, maximum: 6),
        Bound(name: "partition suspected by all", unit: "s", median: 4, p99: 5, maximum: 6),
      ]
    ) { seed in
      // From one member against the others to halves, whoever they are.
      let size = 2 + Int(seed / 7) % (nodes / 2 - 1)
      let side = (0..<size).map { (Int(seed) + $0 * 3) % nodes }
      return split(Array(Set(side)).sorted(), of: nodes, seed: seed)
    }
  }

  private static let isolation = Experiment(
    name: "isolation-5", about: "one of five is cut off, each way",
    bounds: [
      Bound(name: "known to all across", unit: "s", median: 4, maximum: 6),
      Bound(name: "partition suspected by all", unit: "s"),
    ]
  ) { seed in split([Int(seed) % 5], of: 5, seed: seed) }

  private static func split(_ side: [Int], of nodes: Int, seed: UInt64) -> Sample {
    split(side, in: .lan(nodes), after: 8, watching: 20, seed: seed)
  }

  /// - Parameters:
  ///   - base: From when on the cluster has settled, in seconds.
  ///   - span: For how many seconds the cut is watched.
  static func split(
    _ side: [Int], in settled: Scenario, after base: Double, watching span: Double, seed: UInt64
  ) -> Sample {
    var scenario = settled
    let nodes = scenario.nodes
    let rest = (0..<nodes).filter { !side.contains($0) }
    let start = Scenario.start(seed, after: base, within: 2)
    scenario.at(.seconds(exactly: start)) { $0.partition(side, rest) }
    var laboratory = Laboratory(scenario, seed: seed, length: start + span + 1)
    laboratory.pass(to: start + span)
    let moments = [(side, rest), (rest, side)].map {
      laboratory.knownToAll($0.0, by: $0.1, after: start)
    }
    let last = moments.contains { $0 == nil } ? nil : moments.compactMap { $0 }.max()
    laboratory.measure("known to all across", last, since: start)
    let suspected = (0..<nodes).map { node in
      laboratory.events.first { entry in
        if case .partitionSuspected = entry.event { entry.node == node } else { false }
      }?.seconds
    }
    let slowest = suspected.contains { $0 == nil } ? nil : suspected.compactMap { $0 }.max()
    laboratory.measure("partition suspected by all", slowest, since: start)
    return laboratory.sample
  }
}
