import ClusterSimulation
import Testing

/// A cart is a list of items; concurrent carts are put together.
private let cartResolver = ConflictResolver.merging(name: "cart") { conflict in
  let items = conflict.candidates.compactMap(\.string).flatMap { $0.split(separator: ",") }
  return .value(Array(Set(items).sorted().joined(separator: ",").utf8))
}

private func netsplit(_ resolver: ConflictResolver) -> Scenario {
  var scenario = Scenario(name: "cart netsplit", nodes: 5, resolver: resolver)
  scenario.link = Link(
    latency: .exponential(mean: .milliseconds(20)), loss: .percent(2), duplicate: .percent(1))
  scenario.at(.seconds(10)) { $0.partition([0, 1], [2, 3, 4]) }
  scenario.at(.seconds(12)) {
    $0.put("cart", "book", at: 0)
    $0.put("cart", "pen", at: 3)
  }
  scenario.at(.seconds(30)) { $0.heal() }
  scenario.eventually("both are in the cart", within: .seconds(20)) { cluster in
    cluster.allEqual("cart") && cluster.string("cart", at: 0) == "book,pen" && cluster.leader == 0
  }
  scenario.sometimes("the resolver ran") { $0.resolverCalls > 0 }
  return scenario
}

@Test func `a cart survives a netsplit`() throws {
  let report = try Simulation(netsplit(cartResolver)).run(seeds: 0..<10)
  try report.requirePassed()
  #expect(report.statistics.runs == 10 && report.statistics.conflicts > 0)
  #expect(report.hash == (try Simulation(netsplit(cartResolver)).run(seeds: 0..<10)).hash)
}

@Test func `the last writer loses an item, and the sweep says so once`() throws {
  let report = try Simulation(netsplit(.lastWriterWins)).run(seeds: 0..<3)
  let failure = try #require(report.failures.first)
  #expect(report.failures.map(\.seed) == [0, 1, 2])
  #expect(failure.invariant == "eventually: both are in the cart")
  #expect(failure.command == "Simulation(scenario).replay(seed: 0)")
  #expect(failure.isShrunk && failure.minimal.link == Link())
  var again = Simulation(failure.minimal, seed: failure.minimal.seed ?? 0)
  #expect(again.finish()?.invariant == failure.invariant)
  let thrown = #expect(throws: SimulationFailure.self) { try report.requirePassed() }
  let words = String(describing: try #require(thrown))
  for word in ["seed 0", "shrunk to", "replay: Simulation(scenario)", "3 failed in all"] {
    #expect(words.contains(word), "\(words)")
  }
}

@Test func `the cart's resolver is sound, and one by the clock is not`() throws {
  try ResolverCheck(cartResolver, samples: ["book", "pen", "book,pen"]).run()
    .requirePassed(ResolverLaw.allCases)
  let first = ConflictResolver.merging(name: "first") { .keep($0.oldest) }
  let report = ResolverCheck(first).run()
  #expect(!report.holds(.keepsValues))
}
