import ClusterSimulation

extension Experiment {
  /// A member ends: how long until all others know.
  static let crashes = [
    crash("crash-5", nodes: 5, Bound(name: "known to all", unit: "s", median: 3, p99: 5)),
    crash("crash-20", nodes: 20, Bound(name: "known to all", unit: "s", median: 3.5, p99: 5.5)),
    crash(
      "crash-100", nodes: 100, Bound(name: "known to all", unit: "s", median: 5, p99: 8),
      thinning: 5),
    crash(
      "crash-1000", nodes: 1_000, Bound(name: "known to all", unit: "s", median: 8, p99: 12),
      thinning: 100),
    kill("kill-5", nodes: 5), kill("kill-20", nodes: 20),
    zone,
  ]

  /// A host vanishes, and its process with it: nobody is told.
  private static func crash(
    _ name: String, nodes: Int, _ bound: Bound, thinning: UInt64 = 1
  ) -> Experiment {
    Experiment(
      name: name, about: "a host of \(nodes) vanishes without a word", bounds: [bound],
      thinning: thinning
    ) { seed in
      lose([Int(seed) % nodes], of: nodes, silently: true, seed: seed)
    }
  }

  private static func kill(_ name: String, nodes: Int) -> Experiment {
    Experiment(
      name: name, about: "one process of \(nodes) is killed, its host lives on",
      bounds: [Bound(name: "known to all", unit: "s", median: 0.05, maximum: 3)]
    ) { seed in
      lose([Int(seed) % nodes], of: nodes, silently: false, seed: seed)
    }
  }

  private static func lose(
    _ lost: [Int], of nodes: Int, silently: Bool, seed: UInt64
  ) -> Sample {
    lose(lost, in: .lan(nodes), silently: silently, after: 8, seed: seed)
  }

  /// - Parameter base: From when on the cluster has settled, in seconds.
  static func lose(
    _ lost: [Int], in settled: Scenario, silently: Bool, after base: Double, seed: UInt64
  ) -> Sample {
    var scenario = settled
    let nodes = scenario.nodes
    let start = Scenario.start(seed, after: base, within: 2)
    scenario.at(.seconds(exactly: start)) { control in
      for node in lost { control.crash(node, silently: silently) }
    }
    var laboratory = Laboratory(scenario, seed: seed, length: start + 61)
    laboratory.pass(to: start)
    let observers = (0..<nodes).filter { !lost.contains($0) }
    let known = laboratory.pass(to: start + 60, every: 0.25) {
      $0.knownToAll(lost, by: observers, after: start) != nil
    }
    let moment = known.flatMap { _ in laboratory.knownToAll(lost, by: observers, after: start) }
    laboratory.measure("known to all", moment, since: start)
    return laboratory.sample
  }

  /// A zone with a third of the members vanishes: each of the others should see one change of its view.
  private static let zone = Experiment(
    name: "zone-9", about: "three hosts of nine vanish together",
    bounds: [
      Bound(name: "known to all", unit: "s", median: 4, p99: 6),
      Bound(name: "changes of one view", unit: "count", median: 1, p99: 2),
    ]
  ) { seed in
    let lost = (0..<3).map { (Int(seed) + $0 * 3) % 9 }
    var scenario = Scenario.lan(9)
    let start = Scenario.start(seed, after: 8, within: 2)
    scenario.at(.seconds(exactly: start)) { control in
      for node in lost { control.crash(node, silently: true) }
    }
    var laboratory = Laboratory(scenario, seed: seed, length: start + 21)
    laboratory.pass(to: start + 15)
    let observers = (0..<9).filter { !lost.contains($0) }
    laboratory.measure(
      "known to all", laboratory.knownToAll(lost, by: observers, after: start), since: start)
    for observer in observers {
      var moments: [UInt64] = []
      for entry in laboratory.events where entry.node == observer {
        guard case .memberChanged(let member, _) = entry.event, member.state == .dead,
          !moments.contains(entry.time)
        else { continue }
        moments.append(entry.time)
      }
      laboratory.sample.add("changes of one view", Double(moments.count))
    }
    return laboratory.sample
  }
}
