import ClusterCore
import Testing

@testable import ClusterSimulation

@Suite struct `The shrinker` {
  private func swarm(without fault: PlantedFault) -> Scenario {
    var scenario = Scenario(name: "swarm", nodes: 3)
    scenario.swarm = Swarm(until: .seconds(10), faults: 6)
    scenario.plantedFaults = [fault]
    return scenario
  }

  private func failingSeed(_ scenario: Scenario) -> UInt64? {
    (0..<8).first { seed in
      var run = Simulation(scenario, seed: seed)
      return run.finish() != nil
    }
  }

  @Test(arguments: [PlantedFault.mergeByStamp])
  func `leaves a scenario file that fails in the same way`(_ fault: PlantedFault) throws {
    let scenario = swarm(without: fault)
    let seed = try #require(failingSeed(scenario))
    var shrinker = try #require(Shrinker(scenario, seed: seed, budget: 12_000))
    shrinker.run()
    #expect(!shrinker.isStubborn)
    #expect(shrinker.remainingActions < shrinker.originalActions)
    let copy = try Scenario(parsing: shrinker.minimal.text)
    var run = Simulation(copy, seed: try #require(copy.seed))
    #expect(run.finish()?.invariant == shrinker.invariant)
  }

  @Test func `leaves out members, faults, writes and time that don't matter`() throws {
    var scenario = Scenario(name: "full", nodes: 5)
    scenario.link = Link(latency: .exponential(mean: .milliseconds(9)), loss: .percent(3))
    scenario.at(.seconds(4)) { $0.crash(4) }
    scenario.at(.milliseconds(5_120)) { $0.put("a key", "a value", at: 3) }
    scenario.at(.milliseconds(7_340)) { $0.put("k", "v", at: 2) }
    scenario.at(.seconds(9)) { $0.restart(4) }
    scenario.always("one write is enough") { $0.writes < 2 }
    var shrinker = try #require(Shrinker(scenario, seed: 1, budget: 20_000))
    shrinker.run()
    #expect(shrinker.minimal.steps.flatMap(\.actions).count == 2)
    #expect(shrinker.minimal.link == Link())
    #expect(shrinker.minimal.steps.allSatisfy { $0.time % 1_000_000_000 == 0 })
  }

  /// Cut off for ever, no cluster converges: that would be another failure, and none at all.
  @Test func `ends no run with a fault that the given one had mended`() throws {
    var scenario = Scenario(name: "mended", nodes: 3)
    scenario.at(.seconds(4)) { $0.clog(from: 0, to: 1) }
    scenario.at(.seconds(5)) { $0.crash(2) }
    scenario.at(.seconds(6)) { $0.link(Link(loss: .percent(95))) }
    scenario.at(.seconds(8)) { $0.heal() }
    scenario.at(.seconds(8)) { $0.restart(2) }
    scenario.at(.seconds(9)) { $0.link(Link()) }
    scenario.eventually("never", within: .seconds(5)) { $0.running.count > 3 }
    var shrinker = try #require(Shrinker(scenario, seed: 2, budget: 30_000))
    shrinker.run()
    #expect(shrinker.remainingActions == 0)
    scenario.eventually("led by 0", within: .milliseconds(1)) { $0.leader == 0 && $0.isConverged }
    var other = try #require(Shrinker(scenario, seed: 2, budget: 30_000))
    other.run()
    var end = World(other.minimal, seed: try #require(other.minimal.seed))
    while end.step() {}
    #expect(end.network.carries(0, 1) && end.machines.count { $0.isUp } == 3)
  }

  /// Without its writes a cart is not what it should be either: that would show nothing.
  @Test func `keeps what a condition speaks of`() throws {
    let average = ConflictResolver.merging(name: "average") { conflict in
      let numbers = conflict.candidates.compactMap(\.string).compactMap { Int($0) }
      return .value(Array("\(numbers.reduce(0, +) / max(numbers.count, 1))".utf8))
    }
    var scenario = Scenario(name: "stock", nodes: 4, resolver: average)
    scenario.link = Link(loss: .percent(3))
    scenario.workload = Workload(keys: 2, perSecond: 1, until: .seconds(9))
    scenario.at(.seconds(4)) { $0.partition([0, 1], [2, 3]) }
    scenario.at(.seconds(5)) {
      $0.put("stock", "1000", at: 0); $0.put("stock", "3000", at: 3)
    }
    scenario.at(.seconds(9)) { $0.heal() }
    scenario.eventually("both were counted", within: .seconds(5)) {
      $0.string("stock", at: 0) == "4000"
    }
    var shrinker = try #require(Shrinker(scenario, seed: 0, budget: 40_000))
    shrinker.run()
    let minimal = shrinker.minimal
    let writes = minimal.steps.flatMap(\.actions).filter(\.isWrite)
    #expect(
      writes == [
        .put("stock", Array("1000".utf8), at: 0), .put("stock", Array("3000".utf8), at: 3),
      ])
    #expect(minimal.nodes == 4 && minimal.resolver.name == "average" && minimal.link == Link())
    var run = Simulation(minimal, seed: try #require(minimal.seed))
    #expect(run.finish()?.invariant == "eventually: both were counted")
    #expect(run.cluster.string("stock", at: 0) == "2000")
  }

  /// Two runs that fail without a rule, of which one fails with it, too.
  @Test func `keeps what a rule is for apart from what fails anyway`() throws {
    var scenario = Scenario(name: "both", nodes: 3)
    scenario.plantedFaults = [.deadForgotten]
    scenario.at(.seconds(4)) { $0.isolate(2) }
    scenario.at(.seconds(12)) { $0.heal() }
    var shrinker = try #require(
      Shrinker(scenario, seed: 0, budget: 40_000, planted: .deadForgotten))
    shrinker.run()
    var sound = shrinker.minimal
    sound.plantedFaults = []
    var run = Simulation(sound, seed: try #require(sound.seed))
    #expect(run.finish() == nil)
    #expect(shrinker.remainingActions == 2)
  }

  @Test func `has nothing to do where nothing fails`() {
    #expect(Shrinker(Scenario(nodes: 1), seed: 0) == nil)
  }
}
