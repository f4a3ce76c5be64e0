import Testing

@testable import ClusterCore

/// A probe that others are asked to make is made in rounds: what one round loses the next one finds.
@Suite struct ProbeRoundTests {
  @Test(arguments: 2...6)
  func `what loses a whole round of a probe accuses nobody`(size: Int) {
    var world = World.settled(size)
    let start = world.now
    world.run(seconds: 3) { $0.now > start && $0.nodes[0].probes.current?.isAnswered == false }
    guard let target = world.nodes[0].probes.current?.target else {
      Issue.record("nobody is probed")
      return
    }
    // The ping, the second one, and all that the helpers send in the first round.
    world.partition([target], world.nodes.indices.filter { $0 != target })
    let asked = world.run(seconds: 0.4) { $0.nodes[0].probes.current?.hasAsked == true }
    #expect(asked)
    world.run(seconds: 0.05)
    world.heal()
    world.run(seconds: 3)
    #expect(world.nodes.allSatisfy { $0.counters.suspicionsRaised == 0 })
    #expect(world.nodes[0].counters.probesFailed == 0)
  }

  @Test func `a helper that is asked again pings again and doesn't probe twice`() throws {
    var world = World.settled(3)
    world.partition([2], [0, 1])
    world.transcript = []
    let request = Section.probeRequest(
      nonce: 77, target: 2, boot: world.nodes[2].boot, address: World.address(2))
    for _ in 0..<3 {
      world.deliver(world.packet(from: 0, to: 1, [request]), from: 0, to: 1)
      world.run(seconds: 0.05)
    }
    #expect(world.nodes[1].proxies.count == 1)
    let own = try #require(world.nodes[1].proxies.first?.nonce)
    #expect(sent(.ping(nonce: own), by: 1, to: 2, in: world) == 3)
    #expect(sent(.nack(nonce: 77), by: 1, to: 0, in: world) == 0, "there is still time")
    world.run(seconds: 0.2)
    #expect(sent(.nack(nonce: 77), by: 1, to: 0, in: world) == 1)
    world.deliver(world.packet(from: 0, to: 1, [request]), from: 0, to: 1)
    world.run(seconds: 0.01)
    #expect(sent(.nack(nonce: 77), by: 1, to: 0, in: world) == 2, "the first may have been lost")
  }

  @Test func `a helper that says twice that it has nothing counts once`() throws {
    var world = World.settled(4)
    world.run(seconds: 3) { $0.nodes[0].probes.current?.isAnswered == false }
    let target = try #require(world.nodes[0].probes.current?.target)
    world.partition([target], world.nodes.indices.filter { $0 != target })
    world.run(seconds: 0.4) { $0.nodes[0].probes.current?.hasAsked == true }
    let probe = try #require(world.nodes[0].probes.current)
    let helper = try #require(probe.helpers.first)
    for _ in 0..<3 {
      let nack = world.packet(from: helper, to: 0, [.nack(nonce: probe.nonce)])
      world.deliver(nack, from: helper, to: 0)
    }
    #expect(world.nodes[0].probes.current?.nackers.elements == [helper])
  }

  @Test func `a member's own late answer shows that the way is open although another vouched`()
    throws
  {
    var world = World.settled(4)
    world.run(seconds: 3) { $0.nodes[0].probes.current?.isAnswered == false }
    let target = try #require(world.nodes[0].probes.current?.target)
    world.heldBack = { $0.from == target && $0.to == 0 }
    world.run(seconds: 0.6) { $0.nodes[0].counters.probesVouched == 1 }
    #expect(world.nodes[0].counters.probesVouched == 1)
    #expect(world.nodes[0].peers[target].answers == false)
    world.heldBack = { _ in false }
    for letter in world.held { world.deliver(letter.bytes, from: target, to: 0) }
    #expect(world.nodes[0].peers[target].answers == true)
  }

  @Test(arguments: [(0, 4), (1, 4), (2, 3), (3, 2), (4, 2), (16, 2)])
  func `fewer helpers are asked more often`(helpers: Int, rounds: Int) {
    #expect(ProbeCycle.rounds(helpers: helpers) == rounds)
  }

  /// How often a section was sent.
  private func sent(_ section: Section, by source: Int, to other: Int, in world: World) -> Int {
    world.transcript?.count { letter in
      letter.from == source && letter.to == other
        && (try? Packet(decoding: letter.bytes))?.sections.contains(section) == true
    } ?? 0
  }
}
