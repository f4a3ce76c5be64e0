import ClusterSimulation
import Testing

/// The code of the articles in `ClusterSimulation.docc`, word for word: what is shown compiles
/// and holds.
let cartResolver = ConflictResolver.merging(name: "cart") { conflict in
  let items = conflict.candidates.compactMap(\.string).flatMap { $0.split(separator: ",") }
  return .value(Array(Set(items).sorted().joined(separator: ",").utf8))
}

@Test func cartSurvivesNetsplit() throws {
  var scenario = Scenario(nodes: 5, resolver: cartResolver)
  scenario.link = Link(latency: .exponential(mean: .milliseconds(20)), loss: .percent(2))
  scenario.at(.seconds(10)) { $0.partition([0, 1], [2, 3, 4]) }
  scenario.at(.seconds(12)) {
    $0.put("cart", "book", at: 0)
    $0.put("cart", "pen", at: 3)
  }
  scenario.at(.seconds(60)) { $0.heal() }
  scenario.eventually("one cart", within: .seconds(20)) { $0.string("cart", at: 4) == "book,pen" }
  scenario.sometimes("the resolver ran") { $0.resolverCalls > 0 }
  try Simulation(scenario).run(seeds: 0..<10).requirePassed()
}

func rollingPartition() -> Scenario {
  var scenario = Scenario(name: "rolling partition", nodes: 3)
  scenario.workload = Workload(keys: 4, perSecond: 5, until: .seconds(40))
  for (index, time) in [10, 20, 30].enumerated() {
    scenario.at(.seconds(time)) { $0.isolate(index) }
  }
  scenario.at(.seconds(40)) { $0.heal() }
  scenario.always("a member always has a status") { cluster in
    cluster.running.allSatisfy { cluster.members(of: $0).count == 3 }
  }
  scenario.eventually("whole again", within: .seconds(20)) { $0.isConverged && $0.leader == 0 }
  return scenario
}

func anything() -> Scenario {
  var scenario = Scenario(name: "anything", nodes: 5)
  scenario.swarm = Swarm(until: .seconds(40), faults: 12)
  return scenario
}

func restless() -> Scenario {
  var scenario = Scenario(name: "restless", nodes: 5)
  scenario.workload = Workload(keys: 4, perSecond: 5, until: .seconds(60))
  scenario.nemesis = .mixed([
    .flipFlop(.halves, .heal, every: .seconds(4) ... .seconds(8)),
    .random([.crash, .restart, .pause(.seconds(3))], every: .seconds(3) ... .seconds(9)),
  ])
  return scenario
}

@Test func cartResolverIsSound() throws {
  let check = ResolverCheck(cartResolver, samples: ["book", "pen", "book,pen", "cup"])
  try check.run().requirePassed(ResolverLaw.usual + [.idempotent, .absorbing, .bounded])
}

@Test func noFailureComesBack() throws {
  let text = """
    scenario found-in-march
    nodes 3
    seed 6
    at 1s put k0 v1 at 1
    at 2s pause 2 for 5s
    at 3s delete k0 at 0
    """
  let scenario = try Scenario(parsing: text)
  try Simulation(scenario).run(seeds: 6..<7).requirePassed()
}

func picture(of failure: Failure) -> String {
  Trace(failure.minimal, seed: failure.minimal.seed ?? failure.seed).html
}

@Suite struct `The articles' scenarios` {
  @Test(arguments: [rollingPartition(), anything(), restless()].map(\.name))
  func `pass`(_ name: String) throws {
    let all = [rollingPartition(), anything(), restless()]
    let scenario = try #require(all.first { $0.name == name })
    try Simulation(scenario).run(seeds: 0..<1).requirePassed()
  }

  @Test func `lead to a picture where they fail`() throws {
    var scenario = Scenario(nodes: 1)
    scenario.always("never") { _ in false }
    let failure = try #require(try Simulation(scenario).run(seeds: 0..<1).failures.first)
    #expect(picture(of: failure).contains("always: never"))
  }
}
