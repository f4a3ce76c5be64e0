import ClusterCore
import ClusterSimulation

extension Experiment {
  /// Processes that stand still.
  static let pauses = [pause, lifeguard]

  private static let pause = Experiment(
    name: "pause-5", about: "any one of five stands still for ten seconds",
    bounds: [
      Bound(name: "deaths that it declares", unit: "count", maximum: 0),
      Bound(name: "deaths of others", unit: "count", maximum: 0),
      Bound(name: "whole again", unit: "s", maximum: 3),
      Bound(name: "memberStalled told by it", unit: "count", maximum: 1, least: 1),
      Bound(name: "partitions healed", unit: "count", maximum: 0),
    ]
  ) { seed in
    let node = Int(seed) % 5
    let others = (0..<5).filter { $0 != node }
    var scenario = Scenario.lan(5)
    let start = Scenario.start(seed, after: 8, within: 2)
    scenario.at(.seconds(exactly: start)) { $0.pause(node, for: .seconds(10)) }
    var laboratory = Laboratory(scenario, seed: seed, length: start + 41)
    laboratory.pass(to: start + 10)
    let whole = laboratory.pass(to: start + 40) { $0.isWhole }
    laboratory.measure("whole again", whole, since: start + 10)
    laboratory.pass(to: start + 40)
    let byIt = laboratory.deaths(of: others, at: [node])
    laboratory.sample.add("deaths that it declares", Double(byIt))
    laboratory.sample.add("deaths of others", Double(laboratory.deaths(of: others, at: others)))
    let stalls = laboratory.count(at: node) {
      if case .memberStalled = $0 { true } else { false }
    }
    laboratory.sample.add("memberStalled told by it", Double(stalls))
    let healed = laboratory.count { if case .partitionHealed = $0 { true } else { false } }
    laboratory.sample.add("partitions healed", Double(healed))
    return laboratory.sample
  }

  /// Lifeguard's experiment: some members stand still at random, for up to 32 seconds; the others do
  /// well. Compared with the same run without Lifeguard and without the notice of one's own pause.
  private static let lifeguard = Experiment(
    name: "lifeguard-20", about: "four of twenty stand still again and again, up to 32 s",
    bounds: [
      Bound(name: "false deaths of the well", unit: "count"),
      Bound(name: "the same without Lifeguard", unit: "count"),
      Bound(name: "with, for 50 without", unit: "count", maximum: 1),
    ], thinning: 10
  ) { seed in
    let (with, first) = falseDeaths([], seed: seed)
    let plain: Set<PlantedFault> = [
      .noLocalHealth, .noSuspicionDecay, .stallUnnoticed, .noBatchedDeaths, .degradedAccuses,
      .rumoursConfirm,
    ]
    let (without, second) = falseDeaths(plain, seed: seed)
    var sample = Sample()
    sample.failure = first ?? second
    sample.add("false deaths of the well", Double(with))
    sample.add("the same without Lifeguard", Double(without))
    if without > 0 { sample.add("with, for 50 without", Double(with) * 50 / Double(without)) }
    return sample
  }

  private static func falseDeaths(
    _ faults: Set<PlantedFault>, seed: UInt64
  ) -> (Int, String?) {
    var random = Randomness(seed: mix(seed, 0x4C49_4645))
    var scenario = Scenario.lan(20)
    scenario.link.loss = .percent(1)
    scenario.plantedFaults = faults
    let sick = (0..<4).map { (Int(seed) + $0 * 5) % 20 }
    for node in sick {
      var time = 8 + Double(random.below(8_000)) / 1_000
      while time < 180 {
        let span = 0.1 + Double(random.below(32_000)) / 1_000
        scenario.at(.seconds(exactly: time)) { $0.pause(node, for: .seconds(exactly: span)) }
        time += span + 0.05 + Double(random.below(2_000)) / 1_000
      }
    }
    var laboratory = Laboratory(scenario, seed: seed, length: 241)
    laboratory.pass(to: 200)
    let well = (0..<20).filter { !sick.contains($0) }
    return (laboratory.deaths(of: well, at: Array(0..<20)), laboratory.sample.failure)
  }
}
