import Testing

@testable import ClusterCore

/// Rules of membership and leadership, each written out: it holds, and doesn't with the rule taken out.
@Suite struct MembershipRuleTests {
  private static func world(
    _ size: Int, _ fault: PlantedFault?, configure: (inout NodeConfiguration) -> Void = { _ in }
  ) -> World {
    var world = World.settled(size) {
      $0.plantedFaults = Set([fault].compactMap { $0 })
      configure(&$0)
    }
    world.run(seconds: 3)
    world.events = Array(repeating: [], count: size)
    return world
  }

  /// Has one member tell another that some found a third one silent.
  private func accuse(
    _ ordinal: Int, by accusers: [Int], from source: Int, to destination: Int, in world: inout World
  ) {
    var update = MemberUpdate(
      ordinal: ordinal, claim: .accused, boot: world.nodes[ordinal].boot,
      incarnation: world.nodes[ordinal].incarnation, address: nil)
    update.accusers = accusers
    world.deliver(
      world.packet(from: source, to: destination, [.members([update])]), from: source,
      to: destination)
  }

  /// Lets a member believe of itself that it is heard badly.
  private func degrade(_ ordinal: Int, in world: inout World) {
    world.run(seconds: 30)
    for seconds in [20, 15, 10, 5, 0] as [UInt64] {
      let moment = Instant(nanoseconds: world.now - seconds * 1_000_000_000)
      for other in world.nodes.indices where other != ordinal {
        world.nodes[ordinal].conduct.note(
          .accused, by: other, others: world.nodes.count - 1, at: moment)
      }
    }
    world.give(.woken, to: ordinal)
  }

  @Test(arguments: [PlantedFault?.none, .rumoursConfirm])
  func `only who found a member silent confirms a suspicion, whoever passes it on`(
    fault: PlantedFault?
  ) {
    var world = Self.world(5, fault)
    for source in 1...3 { accuse(4, by: [1], from: source, to: 0, in: &world) }
    #expect((world.nodes[0].peers[4].suspicion?.accusers == [1]) == (fault == nil))
  }

  @Test(arguments: [PlantedFault?.none, .noSuspicionDecay])
  func `one accuser alone is given time`(fault: PlantedFault?) throws {
    var world = Self.world(5, fault)
    accuse(4, by: [1], from: 1, to: 0, in: &world)
    let suspicion = try #require(world.nodes[0].peers[4].suspicion)
    #expect((suspicion.deadline(confirmers: 3) > suspicion.ripeAt) == (fault == nil))
  }

  @Test(arguments: [PlantedFault?.none, .accusedNotTold])
  func `who is accused hears of it first`(fault: PlantedFault?) {
    var world = Self.world(5, fault)
    world.transcript = []
    // The one that is being probed anyway: it isn't looked at once more, by a ping that would tell it.
    let accused = world.nodes[0].probes.current?.target ?? 4
    world.nodes[0].probes.current?.isAnswered = false
    let accuser = accused == 1 ? 2 : 1
    accuse(accused, by: [accuser], from: accuser, to: 0, in: &world)
    let isTold = world.transcript?.contains { $0.from == 0 && $0.to == accused } ?? false
    #expect(isTold == (fault == nil))
  }

  @Test(arguments: [PlantedFault?.none, .verdictsBelieved])
  func `what another takes for dead is only suspected here`(fault: PlantedFault?) {
    var world = Self.world(5, fault)
    accuse(4, by: [1, 1], from: 1, to: 0, in: &world)
    #expect(world.state(of: 4, at: 0) == (fault == nil ? .suspect : .dead))
  }

  @Test(arguments: [PlantedFault?.none, .noLocalHealth])
  func `a member that misses answers and nacks probes more slowly`(fault: PlantedFault?) {
    var world = Self.world(5, fault)
    world.partition([0], [1, 2, 3, 4])
    let isSlow = world.run(seconds: 4) { world in
      guard let probe = world.nodes[0].probes.current else { return false }
      return world.nodes[0].probes.nextAt.since(probe.sentAt) > .seconds(1)
    }
    #expect(isSlow == (fault == nil))
  }

  @Test(arguments: [PlantedFault?.none, .noBatchedDeaths])
  func `members that are lost together leave as one change of the view`(fault: PlantedFault?) {
    var world = Self.world(5, fault)
    world.partition([0, 1, 2], [3, 4])
    accuse(3, by: [1, 2, 4], from: 1, to: 0, in: &world)
    world.run(seconds: 0.5)
    accuse(4, by: [1, 2, 3], from: 1, to: 0, in: &world)
    #expect(world.run(seconds: 4) { $0.state(of: 3, at: 0) == .dead })
    #expect((world.state(of: 4, at: 0) == .dead) == (fault == nil))
  }

  @Test(arguments: [PlantedFault?.none, .stallUnnoticed])
  func `a member notices that it stood still and says so`(fault: PlantedFault?) {
    var world = Self.world(3, fault)
    world.isDown[2] = true
    world.run(seconds: 10)
    world.isDown[2] = false
    world.give(.woken, to: 2)
    let stalls = world.count(at: 2) { if case .memberStalled = $0 { true } else { false } }
    #expect((stalls == 1) == (fault == nil))
  }

  @Test(arguments: [PlantedFault?.none, .degradedLeads])
  func `a degraded member does not lead until it has behaved`(fault: PlantedFault?) {
    var world = Self.world(5, fault)
    degrade(0, in: &world)
    world.run(seconds: 2)
    #expect(world.leader == (fault == nil ? 1 : 0))
    #expect(world.nodes[3].members[0].isDegraded)
    #expect(world.run(seconds: 70) { $0.leader == 0 && !$0.nodes[3].members[0].isDegraded })
  }

  @Test(arguments: [PlantedFault?.none, .degradedAccuses])
  func `a degraded member's accusations do not count`(fault: PlantedFault?) {
    var world = Self.world(5, fault)
    degrade(4, in: &world)
    world.run(seconds: 2)
    accuse(3, by: [4], from: 4, to: 0, in: &world)
    #expect((world.state(of: 3, at: 0) == .alive) == (fault == nil))
    #expect((world.nodes[0].counters.accusationsIgnored == 1) == (fault == nil))
  }

  @Test func `where most are degraded it is the network and the lowest leads`() {
    var world = Self.world(3, nil)
    for ordinal in 0..<2 { degrade(ordinal, in: &world) }
    #expect(world.run(seconds: 3) { $0.leader == 0 })
  }

  @Test(arguments: [PlantedFault?.none, .majorityUnheard])
  func `a leader by majority steps down before others lead when it hears no majority`(
    fault: PlantedFault?
  ) {
    var world = Self.world(5, fault) { $0.leadershipPolicy = .majority }
    world.run(seconds: 20)
    let changes = world.count(at: 0) { if case .leaderChanged = $0 { true } else { false } }
    #expect(changes == 0, "it keeps hearing one while there is one")
    world.partition([0], [1, 2, 3, 4])
    world.run(seconds: 0.7)
    #expect((world.leader(at: 0) == nil) == (fault == nil))
    #expect(world.leader(at: 1) != 1)
    #expect(world.run(seconds: 6) { $0.leader(at: 1) == 1 })
  }

  @Test func `an accusation that was refuted is corrected by whoever hears it`() {
    var world = Self.world(4, nil)
    world.heldBack = { $0.from == 3 && $0.to == 0 }
    accuse(3, by: [1], from: 1, to: 0, in: &world)
    #expect(world.state(of: 3, at: 0) == .suspect)
    #expect(world.run(seconds: 1) { $0.state(of: 3, at: 0) == .alive })
  }

  @Test func `a boot that has joined is not joining again for an older packet`() {
    var world = Self.world(3, nil)
    #expect(!world.nodes[1].peers[0].isJoining)
    let late = world.packet(from: 0, to: 1) { $0.flags.insert(.joining) }
    world.deliver(late, from: 0, to: 1)
    #expect(world.leader == 0)
    #expect(world.count(at: 1) { if case .leaderChanged = $0 { true } else { false } } == 0)
  }

  @Test func `a link that carries one way only is seen as such by all`() {
    var world = Self.world(3, nil)
    world.heldBack = { $0.from == 0 && $0.to == 1 }
    world.run(seconds: 30)
    let matrix = world.nodes[2].reachability
    #expect(matrix[1][0] == .unheard)
    #expect(matrix[0][1] == .oneWay)
    guard case .bothWays = matrix[0][2] else {
      Issue.record("0 and 2 hear each other: \(matrix[0][2])")
      return
    }
    #expect(world.nodes[2].asymmetricLinks.map { [$0.from, $0.to] } == [[0, 1]])
    #expect(world.isGreen, "others probe in its stead")
    world.heldBack = { _ in false }
    world.run(seconds: 10)
    #expect(world.nodes[2].asymmetricLinks.isEmpty)
  }
}
