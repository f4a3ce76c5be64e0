import ClusterCore
import Testing

@testable import ClusterSimulation

@Suite struct `The explorer` {
  @Test func `goes through all orders of a small scope, each state once`() {
    var explorer = Explorer(.init(nodes: 2, writes: 1, cuts: 1, ticks: 1))
    while explorer.step() {}
    #expect(explorer.isExhausted)
    #expect(explorer.counterexample == nil)
    // Two members may write; the write may come before, in or after the cut, or without one.
    #expect(explorer.states > 20 && explorer.verdicts > 10)
    #expect(explorer.transitions > explorer.states)
    var again = Explorer(.init(nodes: 2, writes: 1, cuts: 1, ticks: 1))
    while again.step() {}
    #expect(again.states == explorer.states && again.transitions == explorer.transitions)
  }

  @Test func `finds the order that breaks a rule, and shows how`() throws {
    var explorer = Explorer(
      .init(nodes: 2, writes: 2, cuts: 0, ticks: 0), resolver: .lastWriterWins,
      plantedFaults: [.mergeByStamp])
    while explorer.step() {}
    let found = try #require(explorer.counterexample)
    #expect(found.invariant == "I5 growth")
    #expect(found.steps.filter { $0.hasPrefix("put k") }.count == 2)
    #expect(found.steps.last?.hasPrefix("the datagram from") == true)
    #expect(found.trace.events.last?.kind == .failed)
    #expect(!explorer.isExhausted)
  }

  @Test func `keeps its scope within bounds`() {
    let scope = Explorer.Scope(nodes: 9, writes: 7, cuts: 3, ticks: -1, states: 0)
    #expect(scope == Explorer.Scope(nodes: 3, writes: 2, cuts: 1, ticks: 0, states: 1))
  }
}
