import ClusterSimulation

extension Experiment {
  /// What a member sends while nothing happens.
  static let idle = [
    idle("idle-5", nodes: 5), idle("idle-20", nodes: 20), idle("idle-100", nodes: 100),
  ]

  /// Bytes with the headers of IP and UDP.
  private static func idle(_ name: String, nodes: Int) -> Experiment {
    Experiment(
      name: name, about: "\(nodes) members have nothing to say for two minutes",
      bounds: [
        Bound(name: "packets a member", unit: "1/s", maximum: 2.05),
        Bound(name: "bytes a member", unit: "B/s", maximum: 300),
      ], thinning: 20
    ) { seed in
      var laboratory = Laboratory(.lan(nodes), seed: seed, length: 182)
      laboratory.pass(to: 60)
      let before = laboratory.run.traffic
      laboratory.pass(to: 180)
      let after = laboratory.run.traffic
      let packets = Double(after.datagrams - before.datagrams)
      let bytes = Double(after.bytes - before.bytes) + packets * 28
      laboratory.sample.add("packets a member", packets / 120 / Double(nodes))
      laboratory.sample.add("bytes a member", bytes / 120 / Double(nodes))
      return laboratory.sample
    }
  }
}
