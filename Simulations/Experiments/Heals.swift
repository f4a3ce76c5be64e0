import ClusterCore
import ClusterSimulation

extension Experiment {
  /// A cut of some length heals: how long until all are one cluster again, with one leader.
  static let heals = [
    heal("heal-10s", after: 10, thinning: 1), heal("heal-10m", after: 600, thinning: 5),
    heal("heal-48h", after: 172_800, thinning: 200),
  ]

  private static func heal(_ name: String, after length: Double, thinning: UInt64) -> Experiment {
    Experiment(
      name: name, about: "five members, cut in two for so long, meet again",
      bounds: [
        Bound(name: "whole with one leader", unit: "s", maximum: 3),
        Bound(name: "partitions counted a member", unit: "count", maximum: 1, least: 1),
      ], thinning: thinning
    ) { seed in
      let side = [Int(seed) % 5, (Int(seed) + 2) % 5].sorted()
      let rest = (0..<5).filter { !side.contains($0) }
      var scenario = Scenario.lan(5)
      let start = Scenario.start(seed, after: 8, within: 2)
      scenario.at(.seconds(exactly: start)) { $0.partition(side, rest) }
      scenario.at(.seconds(exactly: start + length)) { $0.heal() }
      var laboratory = Laboratory(scenario, seed: seed, length: start + length + 31)
      laboratory.pass(to: start + length)
      let whole = laboratory.pass(to: start + length + 30) { $0.isWhole }
      laboratory.measure("whole with one leader", whole, since: start + length)
      laboratory.pass(to: start + length + 30)
      for node in 0..<5 {
        let healed = laboratory.count(at: node) {
          if case .partitionHealed = $0 { true } else { false }
        }
        laboratory.sample.add("partitions counted a member", Double(min(healed, 1)))
      }
      return laboratory.sample
    }
  }
}
