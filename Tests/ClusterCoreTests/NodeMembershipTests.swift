import Testing

@testable import ClusterCore

@Suite struct NodeMembershipTests {
  /// Lets everyone else go on for a while; then the member is given what came meanwhile, and wakes.
  private func pause(_ ordinal: Int, seconds: Double, in world: inout World) {
    world.isDown[ordinal] = true
    world.transcript = []
    world.run(seconds: seconds)
    let letters = (world.transcript ?? []).filter { $0.to == ordinal }
    world.transcript = nil
    world.isDown[ordinal] = false
    for letter in letters {
      world.deliver(letter.bytes, from: letter.from, to: ordinal)
    }
    world.give(.woken, to: ordinal)
  }

  private func isDeath(_ event: ClusterEvent) -> Bool {
    if case .memberChanged(let member, _) = event { member.state == .dead } else { false }
  }

  private func isStall(_ event: ClusterEvent) -> Bool {
    if case .memberStalled = event { true } else { false }
  }

  @Test func `a paused member declares nobody dead and doesn't lead at first`() {
    var world = World.settled(3)
    let boot = world.nodes[0].boot
    world.events = [[], [], []]
    pause(0, seconds: 10, in: &world)
    #expect(
      world.nodes[0].leadership.member?.ordinal != 0 || !world.nodes[0].leadership.isConfirmed)
    #expect(world.count(at: 0, isStall) == 1)
    #expect(world.leader(at: 1) == 1, "the others took it for dead meanwhile")
    #expect(world.run(seconds: 8) { $0.isGreen && $0.leader == 0 })
    #expect(world.count(at: 0, isDeath) == 0)
    #expect(world.nodes[0].boot == boot, "it returns with the same boot")
    #expect(world.count(at: 1, isStall) == 1, "and says that it stalled")
    #expect(world.count(at: 1) { if case .partitionHealed = $0 { true } else { false } } == 0)
  }

  @Test func `a member that was paused alone with no letters judges nobody either`() {
    var world = World.settled(3)
    world.events = [[], [], []]
    world.isDown = [true, true, true]
    world.run(seconds: 30)
    world.isDown = [false, false, false]
    for ordinal in 0..<3 { world.give(.woken, to: ordinal) }
    #expect(world.run(seconds: 10) { $0.isGreen && $0.leader == 0 })
    for ordinal in 0..<3 { #expect(world.count(at: ordinal, isDeath) == 0) }
  }

  @Test func `a member that left doesn't rise from its late packets`() {
    var world = World.settled(3)
    world.transcript = []
    world.run(seconds: 2)
    let late = (world.transcript ?? []).filter { $0.from == 2 }
    world.transcript = nil
    world.give(.commanded(.leave), to: 2)
    #expect(world.run(seconds: 5) { $0.endings[2] == .left })
    #expect(world.state(of: 2, at: 0) == .left && world.state(of: 2, at: 1) == .left)
    #expect(!late.isEmpty)
    for letter in late { world.deliver(letter.bytes, from: 2, to: letter.to) }
    let alive = MemberUpdate(
      ordinal: 2, claim: .alive, boot: world.nodes[2].boot, incarnation: 50, address: nil)
    world.deliver(world.packet(from: 1, to: 0, [.members([alive])]), from: 1, to: 0)
    world.run(seconds: 5)
    #expect(world.state(of: 2, at: 0) == .left && world.state(of: 2, at: 1) == .left)
    #expect(world.leader == 0)
    world.endings[2] = nil
    world.wall += 1_000
    world.restart(2)
    #expect(world.run(seconds: 5) { $0.isGreen }, "a new boot may come")
  }

  @Test func `packets of a boot that is over change nothing`() {
    var world = World.settled(3)
    world.transcript = []
    world.run(seconds: 3)
    var old = (world.transcript ?? []).filter { $0.from == 1 && $0.to == 0 }.map(\.bytes)
    world.transcript = nil
    old.append(world.packet(from: 1, to: 0, [.leave]))
    old.append(world.packet(from: 1, to: 0, [.dismiss(.halt)]))
    world.crash(1)
    world.wall += 1_000
    world.restart(1)
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 }
    let before = NodeTrace(world.nodes[0])
    let stale = world.nodes[0].rejected(.stale)
    for bytes in old { world.deliver(bytes, from: 1, to: 0) }
    #expect(NodeTrace(world.nodes[0]) == before)
    #expect(world.nodes[0].rejected(.stale) == stale + UInt64(old.count))
  }

  @Test func `packets for another cluster or member or boot or from nobody change nothing`() {
    var world = World.settled(3)
    let before = NodeTrace(world.nodes[0])
    let sections: [Section] = [.leave, .dismiss(.halt), .stalled(milliseconds: 5)]
    let boot = world.nodes[0].boot
    let changes: [(Node.Rejection, (inout Header) -> Void)] = [
      (.cluster, { $0.clusterID = 8 }), (.unknownMember, { $0.destination = 1 }),
      (.unknownMember, { $0.source = 3 }), (.unknownMember, { $0.source = Limits.members - 1 }),
      (.unknownMember, { $0.sourceBoot = 0 }), (.stale, { $0.sourceBoot -= 1 }),
      (.destination, { $0.destinationBoot -= 1 }),
      (
        .stale,
        { header in
          header.source = 0
          header.sourceBoot = boot
        }
      ),
    ]
    for (reason, change) in changes {
      let count = world.nodes[0].rejected(reason)
      world.deliver(world.packet(from: 1, to: 0, sections, change), from: 1, to: 0)
      #expect(world.nodes[0].rejected(reason) == count + 1)
      #expect(NodeTrace(world.nodes[0]) == before, "\(reason)")
    }
    var version = world.packet(from: 1, to: 0, sections)
    version[2] = 2
    world.deliver(version, from: 1, to: 0)
    #expect(world.nodes[0].rejected(.version) == 1)
    #expect(NodeTrace(world.nodes[0]) == before)
  }

  @Test func `a third party can accuse but not remove a member that answers`() {
    var world = World.settled(3)
    world.events = [[], [], []]
    for step in 0..<40 as Range<UInt64> {
      let accusation = MemberUpdate(
        ordinal: 1, claim: .accused, boot: world.nodes[1].boot, incarnation: step, address: nil)
      world.deliver(world.packet(from: 2, to: 0, [.members([accusation])]), from: 2, to: 0)
      world.run(seconds: 0.25)
    }
    #expect(world.count(at: 0, isDeath) == 0)
    #expect(world.run(seconds: 3) { $0.isGreen && $0.leader == 0 })
    #expect(world.nodes[0].counters.suspicionsRefuted > 5)
  }

  @Test func `a restart is never called a heal and a heal never a restart`() {
    var world = World.settled(3)
    let isHeal: (ClusterEvent) -> Bool = { if case .partitionHealed = $0 { true } else { false } }
    world.crash(2)
    world.run(seconds: 8)
    world.wall += 1_000
    world.restart(2)
    world.run(seconds: 8) { $0.isGreen }
    #expect(world.count(at: 0, isHeal) == 0)
    world.partition([2], [0, 1])
    world.run(seconds: 20)
    world.heal()
    #expect(world.run(seconds: 8) { $0.isGreen && $0.leader == 0 })
    world.run(seconds: 1)
    #expect(world.count(at: 0, isHeal) == 1)
    #expect(world.nodes[0].counters.partitions == 1)
  }

  @Test(arguments: [30, 900] as [Double])
  func `a partition of any length heals without an operator`(seconds: Double) throws {
    var world = World.settled(3)
    world.partition([0], [1, 2])
    world.run(seconds: seconds)
    try world.put("k", "left", at: 0)
    try world.put("l", "right", at: 2)
    world.heal()
    #expect(world.run(seconds: 5) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual })
    #expect(world.value("l", at: 0) == "right" && world.value("k", at: 1) == "left")
  }

  @Test func `an address that changed is learned from the member's own packets`() {
    var world = World.settled(3)
    let moved = Address(family: .v4, high: 0, low: 0x0A00_0001, port: 1)
    let boot = world.nodes[1].boot
    world.crash(1)
    world.run(seconds: 8)
    #expect(world.state(of: 1, at: 0) == .dead)
    world.wall += 1_000
    world.restart(1)
    world.run(seconds: 8) { $0.isGreen }
    #expect(world.nodes[0].member(1).address == World.address(1) && world.nodes[1].boot > boot)
    let bytes = world.packet(from: 1, to: 0) { $0.sourceBoot += 1 }
    world.give(.datagramReceived(bytes, source: moved), to: 0)
    #expect(world.nodes[0].member(1).address == moved, "a newer boot counts from whatever address")
  }
}
