import ClusterSimulation

extension Experiment {
  /// Members that start together: SWIM's own experiment with its loss, and larger clusters.
  static let joins = [
    lossy, join("join-50", nodes: 50, limit: 0.8, thinning: 5),
    join("join-100", nodes: 100, limit: 1, thinning: 20),
    join("join-1000", nodes: 1_000, limit: nil, thinning: 1_000),
  ]

  private static let lossy = Experiment(
    name: "join-17-loss",
    about: "seventeen join at 10 % loss (SWIM, section 5: twelve came through)",
    bounds: [
      Bound(name: "members that see all 17", unit: "count", least: 17),
      Bound(name: "all see all, from last start", unit: "s", p99: 10),
      Bound(name: "deaths in the next minute", unit: "count", maximum: 0),
    ]
  ) { seed in
    var scenario = Scenario.lan(17)
    scenario.link.loss = .percent(10)
    var laboratory = Laboratory(scenario, seed: seed, length: 91)
    let whole = laboratory.pass(to: 30, every: 0.01) { $0.isWhole }
    laboratory.measure("all see all, from last start", whole, since: 0.5)
    laboratory.pass(to: 90)
    let members = (0..<17).count { laboratory.cluster.status(of: $0) == .green }
    laboratory.sample.add("members that see all 17", Double(members))
    laboratory.sample.add(
      "deaths in the next minute",
      Double(laboratory.deaths(of: Array(0..<17), at: Array(0..<17))))
    return laboratory.sample
  }

  private static func join(
    _ name: String, nodes: Int, limit: Double?, thinning: UInt64
  ) -> Experiment {
    Experiment(
      name: name, about: "\(nodes) members start within half a second",
      bounds: [Bound(name: "all see all, from last start", unit: "s", median: limit)],
      thinning: thinning
    ) { seed in
      var laboratory = Laboratory(.lan(nodes), seed: seed, length: 61)
      let whole = laboratory.pass(to: 60, every: 0.02) { $0.isWhole }
      laboratory.measure("all see all, from last start", whole.map { max($0, 0.5) }, since: 0.5)
      return laboratory.sample
    }
  }
}
