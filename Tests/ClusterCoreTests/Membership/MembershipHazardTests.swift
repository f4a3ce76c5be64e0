import Testing

@testable import ClusterCore

@Suite struct MembershipHazardTests {
  private func green(_ size: Int, configure: (inout NodeConfiguration) -> Void = { _ in }) -> World
  {
    var world = World(size, configure: configure)
    world.startAll()
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    return world
  }

  @Test(arguments: [2, 3, 5])
  func `members that write as soon as they may are synced all the same`(size: Int) throws {
    var world = World(size)
    world.startAll()
    var written = Set<Int>()
    for _ in 0..<400 where written.count < size {
      for ordinal in 0..<size where !written.contains(ordinal) && world.nodes[ordinal].isReady {
        try world.put("k\(ordinal)", "v", at: ordinal)
        written.insert(ordinal)
      }
      world.run(seconds: 0.001)
    }
    #expect(written.count == size)
    let synced = world.run(seconds: 15) { world in
      world.running.allSatisfy { world.nodes[$0].isSynced }
    }
    #expect(synced)
  }

  @Test func `a full peer does not keep anybody from deleting`() throws {
    var world = green(2) { $0.storeBytes = $0.ordinal == 0 ? 1 << 20 : 100 }
    for index in 0..<10 { try world.put("k\(index)", "0123456789abcdef", at: 0) }
    world.run(seconds: 3)
    #expect(throws: StoreError.self) { try world.put("more", "x", at: 0) }
    for index in 0..<10 { try world.delete("k\(index)", at: 0) }
    #expect(world.run(seconds: 10) { $0.storesAreEqual })
    world.run(seconds: 3)
    try world.put("more", "x", at: 0)
  }

  private func suspicions(_ world: World, at ordinal: Int) -> Int {
    world.events[ordinal].count { if case .partitionSuspected = $0 { true } else { false } }
  }

  @Test func `each silent loss of a restarted member is told`() {
    var world = green(3)
    for round in 1...3 {
      // Its host is cut off before it ends: nothing refuses a connection.
      world.partition([0, 1], [2])
      world.crash(2)
      world.run(seconds: 10)
      #expect(suspicions(world, at: 0) == round)
      world.heal()
      world.restart(2)
      world.run(seconds: 10) { $0.isGreen }
    }
    #expect(world.nodes[0].counters.partitions == 0)
  }

  @Test func `one partition is counted once though its members come back one by one`() {
    var world = green(4)
    world.partition([0], [1, 2, 3])
    world.run(seconds: 15)
    for other in [1, 2, 3] {
      // Only this member is reached again; the others are a while behind.
      world.cuts = world.cuts.filter { !$0.contains(other) }
      world.run(seconds: 4)
    }
    world.heal()
    #expect(world.run(seconds: 10) { $0.isGreen })
    #expect(world.nodes[0].counters.partitions == 1)
  }

  @Test func `in manual recovery a restart that one member cannot see does not part the others`()
    throws
  {
    var world = green(3) { $0.recovery = .manual }
    world.crash(2)
    world.run(seconds: 15)
    world.cuts = [[0, 2], [2, 0]]
    world.restart(2)
    world.run(seconds: 15)
    try world.put("k", "v", at: 1)
    #expect(world.run(seconds: 10) { $0.value("k", at: 0) == "v" })
    try world.put("l", "w", at: 0)
    #expect(world.run(seconds: 10) { $0.value("l", at: 1) == "w" })
  }
}
