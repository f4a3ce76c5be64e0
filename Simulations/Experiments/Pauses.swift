import ClusterCore
import ClusterSimulation

extension Experiment {
  /// Processes that stand still.
  static let pauses = [pause, lifeguard]

  private static let pause = Experiment(
    name: "pause-5", about: "any one of five stands still for ten seconds",
    bounds: [
      Bound(name: "partitions suspected", unit: "count", maximum: 0),
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
    let suspected = laboratory.count { if case .partitionSuspected = $0 { true } else { false } }
    laboratory.sample.add("partitions suspected", Double(suspected))
    return laboratory.sample
  }

  /// Lifeguard's experiment (Dadgar, Phillips and Currey 2018, section 5): some members stand still at
  /// random, for up to 32 seconds; the others do well. Compared with the same run as plain SWIM:
  /// without Lifeguard's parts, without the notice of one's own pause, and with others' verdicts
  /// believed.
  private static let lifeguard = Experiment(
    name: "lifeguard-20", about: "four of twenty stand still again and again, up to 32 s",
    bounds: [
      Bound(name: "false deaths of the well", unit: "count"),
      Bound(name: "of these, at the well", unit: "count"),
      Bound(name: "the same as plain SWIM", unit: "count", leastMedian: 1),
      Bound(name: "of these, at the well, plain", unit: "count", leastMedian: 1),
      Bound(name: "with, for 50 without", unit: "count", maximum: 1),
    ], thinning: 10
  ) { seed in
    let with = falseDeaths([], seed: seed)
    let plain: Set<PlantedFault> = [
      .noLocalHealth, .noSuspicionDecay, .accusedNotTold, .stallUnnoticed, .noBatchedDeaths,
      .degradedAccuses, .rumoursConfirm, .verdictsBelieved,
    ]
    let without = falseDeaths(plain, seed: seed)
    var sample = Sample()
    sample.failure = with.failure ?? without.failure
    sample.add("false deaths of the well", Double(with.all))
    sample.add("of these, at the well", Double(with.atTheWell))
    sample.add("the same as plain SWIM", Double(without.all))
    sample.add("of these, at the well, plain", Double(without.atTheWell))
    let ratio = Double(with.all) * 50 / Double(max(without.all, 1))
    sample.add("with, for 50 without", ratio)
    return sample
  }

  /// How often a member that did well was taken for dead.
  private static func falseDeaths(
    _ faults: Set<PlantedFault>, seed: UInt64
  ) -> (all: Int, atTheWell: Int, failure: String?) {
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
        // Between two pauses it has, as in the paper, from a millisecond on in powers of four.
        time += span + 0.001 * Double(1 << (2 * random.below(6)))
      }
    }
    var laboratory = Laboratory(scenario, seed: seed, length: 241)
    laboratory.pass(to: 200)
    let well = (0..<20).filter { !sick.contains($0) }
    return (
      laboratory.deaths(of: well, at: Array(0..<20)), laboratory.deaths(of: well, at: well),
      laboratory.sample.failure
    )
  }
}
