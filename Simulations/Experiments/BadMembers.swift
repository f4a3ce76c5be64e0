import ClusterCore
import ClusterSimulation

extension Experiment {
  /// Rapid's two experiments (Suresh and others 2018, section 7): one member has a bad link. Rapid
  /// takes one in a hundred; in a smaller cluster each member's word weighs more.
  static let badMembers = [20, 100].flatMap { nodes in
    [
      bad("loss-80", "most of what one sends and gets is lost, of", nodes) { control, node in
        var link = Laboratory.lan
        link.loss = .percent(80)
        for other in 0..<nodes where other != node { control.link(node, other, link) }
      },
      bad("deaf", "one hears nothing 20 s in 40, of", nodes) { control, node in
        for other in 0..<nodes where other != node { control.cut(from: other, to: node) }
      } mend: { control, node in
        for other in 0..<nodes where other != node { control.mend(from: other, to: node) }
      },
      bad("mute", "one isn't heard 20 s in 40, of", nodes) { control, node in
        for other in 0..<nodes where other != node { control.cut(from: node, to: other) }
      } mend: { control, node in
        for other in 0..<nodes where other != node { control.mend(from: node, to: other) }
      },
    ]
  }

  private static func bad(
    _ name: String, _ about: String, _ nodes: Int,
    begin: @escaping @Sendable (inout Control, Int) -> Void,
    mend: (@Sendable (inout Control, Int) -> Void)? = nil
  ) -> Experiment {
    Experiment(
      name: "\(name)-\(nodes)", about: "\(about) \(nodes)",
      bounds: [
        Bound(name: "healthy members evicted", unit: "count", maximum: 0),
        Bound(name: "the bad one degraded", unit: "count", least: 1),
        Bound(name: "changes of the leader", unit: "count", maximum: 2),
      ], thinning: nodes > 50 ? 100 : 5
    ) { seed in
      // Every second time it is the leader.
      let node = seed % 2 == 0 ? 0 : Int(seed) % nodes
      var scenario = Scenario.lan(nodes)
      if let mend {
        for round in 0..<4 {
          let start = 15 + Double(round) * 40
          scenario.at(.seconds(exactly: start)) { begin(&$0, node) }
          scenario.at(.seconds(exactly: start + 20)) { mend(&$0, node) }
        }
      } else {
        scenario.at(.seconds(15)) { begin(&$0, node) }
      }
      var laboratory = Laboratory(scenario, seed: seed, length: 181)
      laboratory.pass(to: 175)
      let healthy = (0..<nodes).filter { $0 != node }
      laboratory.sample.add(
        "healthy members evicted", Double(laboratory.deaths(of: healthy, at: healthy)))
      let degraded = laboratory.count(at: node) {
        if case .memberDegraded(_, degraded: true) = $0 { true } else { false }
      }
      laboratory.sample.add("the bad one degraded", Double(degraded))
      let changes = healthy.map { laboratory.leaderChanges(at: $0, after: 15) }
      laboratory.sample.add("changes of the leader", Double(changes.max() ?? 0))
      return laboratory.sample
    }
  }
}
