import ClusterCore
import Testing

@testable import ClusterSimulation

@Suite struct `The shrinker` {
  private func swarm(without fault: PlantedFault) -> Scenario {
    var scenario = Scenario(name: "swarm", nodes: 5)
    scenario.swarm = Swarm()
    scenario.plantedFaults = [fault]
    return scenario
  }

  private func failingSeed(_ scenario: Scenario) -> UInt64? {
    (0..<8).first { seed in
      var run = Simulation(scenario, seed: seed)
      return run.finish() != nil
    }
  }

  @Test(arguments: [PlantedFault.mergeByStamp, .bootDoesNotSupersede])
  func `leaves a scenario file that fails in the same way`(_ fault: PlantedFault) throws {
    let scenario = swarm(without: fault)
    let seed = try #require(failingSeed(scenario))
    var shrinker = try #require(Shrinker(scenario, seed: seed))
    shrinker.run()
    #expect(!shrinker.isStubborn)
    #expect(shrinker.remainingActions < shrinker.originalActions)
    let copy = try Scenario(parsing: shrinker.minimal.text)
    var run = Simulation(copy, seed: try #require(copy.seed))
    #expect(run.finish()?.invariant == shrinker.invariant)
    print(fault, seed, shrinker.originalActions, shrinker.remainingActions, shrinker.spent, shrinker.attempts, shrinker.minimal.text)
  }
}
