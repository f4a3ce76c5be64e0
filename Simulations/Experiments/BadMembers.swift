import ClusterCore
import ClusterSimulation

extension Experiment {
  /// Rapid's two experiments (Suresh and others 2018, section 7): one member in a hundred has a bad link.
  static let badMembers = [
    bad("loss-80", "80 % of what one of a hundred sends and gets is lost") { control, node in
      var link = Laboratory.lan
      link.loss = .percent(80)
      for other in 0..<100 where other != node { control.link(node, other, link) }
    },
    bad("deaf-flapping", "one of a hundred hears nothing, 20 s in 40") { control, node in
      for other in 0..<100 where other != node { control.cut(from: other, to: node) }
    } mend: { control, node in
      for other in 0..<100 where other != node { control.mend(from: other, to: node) }
    },
    bad("mute-flapping", "nobody hears one of a hundred, 20 s in 40") { control, node in
      for other in 0..<100 where other != node { control.cut(from: node, to: other) }
    } mend: { control, node in
      for other in 0..<100 where other != node { control.mend(from: node, to: other) }
    },
  ]

  private static func bad(
    _ name: String, _ about: String,
    begin: @escaping @Sendable (inout Control, Int) -> Void,
    mend: (@Sendable (inout Control, Int) -> Void)? = nil
  ) -> Experiment {
    Experiment(
      name: name, about: about,
      bounds: [
        Bound(name: "healthy members evicted", unit: "count", maximum: 0),
        Bound(name: "the bad one degraded", unit: "count", least: 1),
        Bound(name: "changes of the leader", unit: "count", maximum: 2),
      ], thinning: 10
    ) { seed in
      // Every second time it is the leader.
      let node = seed % 2 == 0 ? 0 : Int(seed) % 100
      var scenario = Scenario.lan(100)
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
      let healthy = (0..<100).filter { $0 != node }
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
