import Testing

@testable import ClusterCore

/// Manual recovery and separation.
@Suite struct NodeGroupsTests {
  /// Three sides that have lost one another and can reach one another again.
  private func threeGroups() -> World {
    var world = World.settled(6) { $0.recovery = .manual }
    world.partition([0, 1], [2, 3], [4, 5])
    world.run(seconds: 20) {
      $0.leader(at: 1) == 0 && $0.leader(at: 3) == 2 && $0.leader(at: 5) == 4
    }
    world.heal()
    world.run(seconds: 10)
    return world
  }

  @Test func `three groups stay apart and each keeps its own leader`() throws {
    var world = threeGroups()
    try world.put("k", "left", at: 0)
    try world.put("l", "middle", at: 3)
    world.run(seconds: 10)
    for (ordinal, leader) in [(0, 0), (1, 0), (2, 2), (3, 2), (4, 4), (5, 4)] {
      #expect(world.leader(at: ordinal) == leader)
      #expect(world.nodes[ordinal].members.count(where: \.isLive) == 2)
    }
    #expect(world.value("k", at: 1) == "left" && world.value("k", at: 2) == nil)
    #expect(world.value("l", at: 2) == "middle" && world.value("l", at: 4) == nil)
  }

  @Test func `three groups are joined one after another`() throws {
    var world = threeGroups()
    try world.put("k", "right", at: 5)
    world.give(.commanded(.join(ordinal: 3)), to: 1)
    #expect(world.run(seconds: 8) { $0.leader(at: 3) == 0 && $0.leader(at: 2) == 0 })
    #expect(world.leader(at: 5) == 4)
    #expect(world.nodes[0].members.count(where: \.isLive) == 4)
    world.give(.commanded(.join(ordinal: 0)), to: 4)
    #expect(world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual })
    #expect(world.value("k", at: 2) == "right")
  }

  @Test func `automatic recovery ends all groups at once`() {
    var world = threeGroups()
    world.give(.commanded(.setRecovery(.automatic)), to: 5)
    #expect(world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual })
  }

  @Test func `a new boot joins the group of the lowest ordinal that it reaches`() throws {
    var world = World.settled(4) { $0.recovery = .manual }
    try world.put("k", "both", at: 0)
    world.partition([0, 1], [2, 3])
    world.run(seconds: 15) { $0.leader(at: 0) == 0 && $0.leader(at: 3) == 2 }
    try world.put("k", "right", at: 2)
    try world.put("l", "left", at: 1)
    world.heal()
    world.run(seconds: 5)
    world.crash(3)
    world.wall += 1_000
    world.restart(3)
    #expect(world.run(seconds: 10) { $0.leader(at: 3) == 0 })
    world.run(seconds: 3)
    #expect(world.value("k", at: 3) == "both" && world.value("l", at: 3) == "left")
    #expect(world.value("l", at: 2) == nil, "it never relays between groups")
    #expect(world.value("k", at: 0) == "both")
    #expect(world.leader(at: 2) == 2)
  }

  @Test func `a separation survives a partition and its heal`() {
    var world = World.settled(3)
    world.give(.commanded(.disconnect), to: 2)
    world.run(seconds: 3) { $0.nodes[0].status == .yellow }
    world.partition([2], [0, 1])
    world.run(seconds: 30)
    world.heal()
    world.run(seconds: 15)
    #expect(world.nodes[2].status == .red && world.nodes[2].isSeparated)
    #expect(world.nodes[0].status == .yellow && world.nodes[1].status == .yellow)
    world.give(.commanded(.rejoin), to: 2)
    #expect(world.run(seconds: 5) { $0.isGreen && $0.leader == 0 })
  }

  @Test func `a separation ends with its boot`() {
    var world = World.settled(3)
    world.give(.commanded(.disconnect), to: 2)
    world.run(seconds: 3)
    world.crash(2)
    world.wall += 1_000
    world.restart(2)
    #expect(world.run(seconds: 8) { $0.isGreen && $0.leader == 0 })
    #expect(!world.nodes[2].isSeparated)
  }

  @Test func `the newest recovery setting wins on every member and crosses groups`() {
    var world = threeGroups()
    world.give(.commanded(.setRecovery(.manual)), to: 0)
    world.run(seconds: 4)
    #expect(world.nodes.allSatisfy { $0.recovery == .manual && $0.status == .yellow })
    world.give(.commanded(.setRecovery(.automatic)), to: 0)
    world.give(.commanded(.setRecovery(.manual)), to: 0)
    world.run(seconds: 4)
    #expect(Set(world.nodes.map(\.recoveryWord)).count == 1)
    #expect(world.nodes.allSatisfy { $0.recovery == .manual })
  }
}
