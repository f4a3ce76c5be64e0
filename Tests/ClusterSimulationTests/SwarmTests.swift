import Testing

@testable import ClusterSimulation

@Suite struct `A swarm` {
  @Test func `draws the same from the same seed, and something else from another`() {
    let swarm = Swarm()
    let first = swarm.plan(nodes: 5, seed: 4).actions.map(\.action)
    #expect(swarm.plan(nodes: 5, seed: 4).actions.map(\.action) == first)
    #expect(swarm.plan(nodes: 5, seed: 5).actions.map(\.action) != first)
  }

  @Test func `ends healed, with little loss`() {
    for seed in 0..<200 as Range<UInt64> {
      let plan = Swarm().plan(nodes: 5, seed: seed)
      #expect(plan.actions.contains { $0.action == .heal && $0.time >= 40_000_000_000 })
      let calm = plan.actions.reversed().compactMap { entry -> Link? in
        if case .links(let link) = entry.action { link } else { nil }
      }
      #expect(calm.first?.loss.isAtMost(percent: 5) == true)
    }
  }
}
