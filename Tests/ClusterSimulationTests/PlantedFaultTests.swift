import ClusterCore
import Testing

@testable import ClusterSimulation

/// The test of the tests: with a rule taken out, a few seeds must fail. The whole table is made in
/// release, by `simulate faults`.
@Suite struct `A planted fault` {
  @Test(arguments: [
    PlantedFault.mergeByStamp, .actorWithoutBoot, .bootDoesNotSupersede,
  ])
  func `is noticed within four seeds`(_ fault: PlantedFault) throws {
    var scenario = Scenario(name: "swarm", nodes: 5)
    scenario.swarm = Swarm()
    scenario.plantedFaults = [fault]
    let caught = (0..<4).contains { seed in
      var run = Simulation(scenario, seed: UInt64(seed))
      return run.finish() != nil
    }
    #expect(caught)
  }

  @Test func `in the order of stamps is noticed where clocks are set back`() throws {
    var scenario = Scenario(nodes: 2)
    scenario.at(.seconds(5)) { $0.skew(1, by: .seconds(-600)) }
    scenario.at(.seconds(6)) { $0.put("k", "first", at: 0) }
    scenario.at(.seconds(7)) { $0.put("k", "second", at: 1) }
    try Simulation(scenario).run(seeds: 0..<1).requirePassed()
    scenario.plantedFaults = [.stampsNotMonotone]
    let report = try Simulation(scenario).run(seeds: 0..<1)
    #expect(report.failures.map(\.invariant) == ["I6 uniqueness"])
  }
}
