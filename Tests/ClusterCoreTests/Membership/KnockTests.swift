import Testing

@testable import ClusterCore

/// What a silent member turns out to be: cut off, standing still, or over.
@Suite struct KnockTests {
  private func suspicions(_ world: World, at ordinal: Int) -> Int {
    world.count(at: ordinal) { if case .partitionSuspected = $0 { true } else { false } }
  }

  private func heals(_ world: World, at ordinal: Int) -> Int {
    world.count(at: ordinal) { if case .partitionHealed = $0 { true } else { false } }
  }

  private func stalls(_ world: World, at ordinal: Int) -> Int {
    world.count(at: ordinal) { if case .memberStalled = $0 { true } else { false } }
  }

  @Test(arguments: [3, 5])
  func `a member that stands still is no partition, before its return and after it`(size: Int) {
    var world = World.settled(size)
    world.isDown[1] = true
    world.standing = [1]
    world.run(seconds: 10)
    #expect(world.state(of: 1, at: 0) == .dead)
    #expect(suspicions(world, at: 0) == 0)
    world.isDown[1] = false
    world.standing = []
    world.give(.woken, to: 1)
    #expect(world.run(seconds: 5) { $0.isGreen })
    world.run(seconds: 2)
    for other in [0, 2] {
      #expect(stalls(world, at: other) == 1)
      #expect(suspicions(world, at: other) + heals(world, at: other) == 0)
      #expect(world.nodes[other].counters.partitions == 0)
    }
  }

  @Test func `a member that stood still and doesn't know it is told as stalled`() {
    var world = World.settled(3) { $0.plantedFaults = [.stallUnnoticed] }
    world.isDown[1] = true
    world.standing = [1]
    world.run(seconds: 10)
    world.isDown[1] = false
    world.standing = []
    world.give(.woken, to: 1)
    #expect(world.run(seconds: 10) { $0.isGreen })
    world.run(seconds: 2)
    #expect(stalls(world, at: 0) == 1 && heals(world, at: 0) == 0)
  }

  @Test func `a process that nobody watched and that ended is a crash and no partition`() {
    var world = World.settled(3)
    // Its end is not noticed by the streams to it: they ended before.
    world.pipes = []
    for ordinal in [0, 2] { world.nodes[ordinal].peers[1].line = Line() }
    world.isDown[1] = true
    #expect(world.run(seconds: 10) { $0.state(of: 1, at: 0) == .dead })
    world.run(seconds: 2)
    #expect(suspicions(world, at: 0) == 0 && suspicions(world, at: 2) == 0)
  }

  @Test func `members across a cut are a suspected partition`() {
    var world = World.settled(5)
    world.partition([0, 1, 2], [3, 4])
    world.run(seconds: 8)
    for ordinal in 0..<5 { #expect(suspicions(world, at: ordinal) >= 1) }
  }

  @Test func `where datagrams alone are cut it is a partition although connections are taken`() {
    var world = World.settled(3)
    world.heldBack = { $0.from == 2 || $0.to == 2 }
    world.run(seconds: 10)
    #expect(world.state(of: 2, at: 0) == .dead)
    #expect(suspicions(world, at: 0) == 1)
  }

  @Test func `what is knocked at once is bounded`() {
    var world = World.settled(24)
    world.partition(Array(0..<4), Array(4..<24))
    world.run(seconds: 12) { world in (4..<24).allSatisfy { world.state(of: $0, at: 0) == .dead } }
    let tried = (4..<24).count { world.nodes[0].peers[$0].line.connection != .none }
    #expect(tried <= Knock.most)
    world.run(seconds: 1)
    #expect(suspicions(world, at: 0) >= 1)
  }

  @Test func `in manual recovery a partition is confirmed when the lost are heard again`() {
    var world = World.settled(3) { $0.recovery = .manual }
    world.partition([0, 1], [2])
    world.run(seconds: 10)
    #expect(world.nodes[0].counters.partitions == 0)
    world.heal()
    world.run(seconds: 6)
    for ordinal in 0..<3 {
      let confirmed = world.count(at: ordinal) {
        if case .partitionConfirmed = $0 { true } else { false }
      }
      #expect(confirmed >= 1, "member \(ordinal)")
      #expect(heals(world, at: ordinal) == 0)
      #expect(world.nodes[ordinal].counters.partitions == 1)
    }
    world.give(.commanded(.setRecovery(.automatic)), to: 0)
    #expect(world.run(seconds: 8) { $0.isGreen })
    world.run(seconds: 1)
    for ordinal in 0..<3 {
      #expect(heals(world, at: ordinal) >= 1)
      #expect(world.nodes[ordinal].counters.partitions == 1, "counted once a side")
    }
  }

  @Test func `a member that is separated on request confirms no partition`() {
    var world = World.settled(3)
    world.give(.commanded(.disconnect), to: 2)
    world.run(seconds: 10)
    for ordinal in 0..<3 {
      #expect(suspicions(world, at: ordinal) == 0)
      let told = world.count(at: ordinal) {
        if case .partitionConfirmed = $0 { true } else { false }
      }
      #expect(told == 0)
      #expect(world.nodes[ordinal].counters.partitions == 0)
    }
  }

  @Test func `who hears a silent member is known by the rows of the matrix`() {
    var world = World.settled(3)
    world.run(seconds: 5)
    #expect(world.nodes[0].hearers(of: 2) == [0, 1])
    world.partition([0], [2])
    world.run(seconds: 8)
    #expect(world.nodes[0].hearers(of: 2) == [1], "others vouch for it")
    world.crash(2)
    world.run(seconds: 8)
    #expect(world.nodes[0].hearers(of: 2).isEmpty)
    #expect(world.nodes[0].reachability[0][2] == .unheard)
  }
}
