import ClusterCore
import Testing

@testable import ClusterSimulation

@Suite struct `A run` {
  private var scenario: Scenario {
    var scenario = Scenario(name: "swarm", nodes: 3)
    scenario.swarm = Swarm(until: .seconds(10))
    return scenario
  }

  private func hash(_ seed: UInt64) -> UInt64 {
    var run = Simulation(scenario, seed: seed)
    run.finish()
    return run.hash
  }

  @Test func `is the same alone and after others`() throws {
    let alone = hash(3)
    let report = try Simulation(scenario).run(seeds: 0..<4)
    #expect(report.hashes[3] == alone)
    #expect(hash(3) == alone)
    #expect(Set(report.hashes).count == 4)
  }

  @Test func `goes on from a copy as from the original`() {
    var original = Simulation(scenario, seed: 1)
    original.run(until: .seconds(5))
    var copy = original
    original.finish()
    copy.finish()
    #expect(original.hash == copy.hash)
  }

  @Test func `is the same with and without its trace`() {
    let traced = Simulation(scenario).replay(seed: 2)
    #expect(traced.last == "hash=" + Simulation.hexadecimal(hash(2)))
    #expect(traced == Simulation(scenario).replay(seed: 2))
  }

  @Test func `of no seed is refused`() {
    #expect(throws: SimulationError.noSeeds) { try Simulation(scenario).run(seeds: 5..<5) }
  }

  @Test func `fails where a condition does not hold`() throws {
    var scenario = Scenario(nodes: 1)
    scenario.always("never") { _ in false }
    let report = try Simulation(scenario).run(seeds: 0..<2)
    #expect(report.failures.map(\.invariant) == ["always: never", "always: never"])
    #expect(report.failures.map(\.seed) == [0, 1])
    #expect(report.statistics.simulated == report.failures[0].time + report.failures[1].time)
    #expect(throws: SimulationFailure.self) { try report.requirePassed() }
  }

  @Test func `that never comes to what it is about fails`() throws {
    var scenario = Scenario(nodes: 1)
    scenario.sometimes("a conflict of one") { $0.resolverCalls > 0 }
    let report = try Simulation(scenario).run(seeds: 0..<2)
    #expect(report.neverReached == ["a conflict of one"])
    #expect(report.failures.map(\.invariant) == ["sometimes: a conflict of one"])
    // There is no moment and no run to replay.
    let name = scenario.name
    #expect("\(report.failures[0])" == "\(name): sometimes: a conflict of one: in none of 2 runs")
  }
}
