import Testing

@testable import ClusterCore

@Suite struct NodeTests {
  @Test(arguments: [1, 2, 3, 5, 9])
  func `members that start together become one green cluster with the lowest as leader`(
    size: Int
  ) {
    var world = World(size)
    world.startAll()
    #expect(world.run(seconds: 8) { $0.isGreen && $0.leader == 0 })
    #expect(world.brokenInvariant == nil)
  }

  @Test func `a write is everywhere a moment later`() throws {
    var world = World(3)
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 }
    try world.put("k", "v", at: 1)
    #expect(world.run(seconds: 0.01) { $0.value("k", at: 0) == "v" && $0.value("k", at: 2) == "v" })
    #expect(world.run(seconds: 5) { $0.storesAreEqual })
  }

  @Test func `the next ordinal leads after a crash and the restarted one leads again`() throws {
    var world = World(3)
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 }
    try world.put("k", "v", at: 0)
    world.run(seconds: 1)
    world.crash(0)
    #expect(world.run(seconds: 8) { $0.leader == 1 })
    world.restart(0)
    #expect(world.run(seconds: 5) { $0.leader == 0 && $0.isGreen && $0.value("k", at: 0) == "v" })
    #expect(world.brokenInvariant == nil)
  }

  @Test func `two sides of a partition lead themselves and merge when it heals`() throws {
    var world = World(5)
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 }
    try world.put("both", "before", at: 0)
    try world.put("gone", "x", at: 0)
    world.run(seconds: 2)
    world.partition([0, 1], [2, 3, 4])
    #expect(
      world.run(seconds: 10) {
        $0.nodes[1].leadership.member?.ordinal == 0 && $0.nodes[1].leadership.isConfirmed
          && $0.nodes[4].leadership.member?.ordinal == 2 && $0.nodes[4].leadership.isConfirmed
      })
    try world.put("left", "1", at: 1)
    try world.put("right", "2", at: 3)
    try world.put("both", "left", at: 0)
    try world.put("both", "right", at: 4)
    try world.delete("gone", at: 2)
    world.run(seconds: 10)
    world.heal()
    #expect(world.run(seconds: 5) { $0.leader == 0 && $0.isGreen && $0.storesAreEqual })
    for ordinal in 0..<5 {
      #expect(world.value("left", at: ordinal) == "1")
      #expect(world.value("right", at: ordinal) == "2")
      #expect(world.value("both", at: ordinal) == "right")
      #expect(world.value("gone", at: ordinal) == nil)
    }
    #expect(world.run(seconds: 30) { $0.nodes.allSatisfy { $0.tombstoneCount == 0 } })
    #expect(world.brokenInvariant == nil)
  }

  @Test func `a fresh member is filled over a stream`() throws {
    var world = World(3)
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 }
    for index in 0..<2_000 {
      try world.put("key-\(index)", String(repeating: "v", count: 100), at: 0)
    }
    try world.put("large", String(repeating: "x", count: 200_000), at: 0)
    #expect(world.run(seconds: 10) { $0.storesAreEqual })
    world.crash(2)
    world.restart(2)
    #expect(world.run(seconds: 10) { $0.storesAreEqual && $0.nodes[2].isSynced })
    #expect(world.value("large", at: 2)?.count == 200_000)
  }

  @Test func `in manual recovery the sides stay apart until told`() throws {
    var world = World(3) { $0.recovery = .manual }
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 }
    world.partition([0, 1], [2])
    world.run(seconds: 10) { $0.nodes[2].status == .red }
    try world.put("k", "left", at: 0)
    try world.put("l", "right", at: 2)
    world.run(seconds: 5)
    world.heal()
    #expect(!world.run(seconds: 20) { $0.value("k", at: 2) != nil || $0.value("l", at: 0) != nil })
    #expect(world.nodes[2].status == .red)
    #expect(world.nodes[0].status == .yellow)
    world.give(.commanded(.setRecovery(.automatic)), to: 1)
    #expect(world.run(seconds: 5) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual })
    #expect(world.nodes.allSatisfy { $0.recovery == .automatic })
    #expect(world.value("k", at: 2) == "left")
  }

  @Test func `two groups are joined by a word to one member`() throws {
    var world = World(4) { $0.recovery = .manual }
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 }
    world.partition([0, 1], [2, 3])
    world.run(seconds: 15) {
      $0.nodes[3].leadership.member?.ordinal == 2 && $0.nodes[3].leadership.isConfirmed
    }
    world.heal()
    world.run(seconds: 10)
    #expect(world.nodes.allSatisfy { $0.status == .yellow })
    world.give(.commanded(.join(ordinal: 3)), to: 1)
    #expect(world.run(seconds: 5) { $0.isGreen && $0.leader == 0 })
    #expect(world.nodes.allSatisfy { $0.recovery == .manual })
  }

  @Test func `a separated member goes on alone until it is brought back`() throws {
    var world = World(3)
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 }
    world.give(.commanded(.dismiss(ordinal: 2, .disconnect)), to: 0)
    #expect(
      world.run(seconds: 5) { $0.nodes[2].status == .red && $0.nodes[0].status == .yellow })
    try world.put("k", "alone", at: 2)
    #expect(
      !world.run(seconds: 10) { $0.value("k", at: 0) != nil || $0.nodes[1].status != .yellow })
    world.give(.commanded(.join(ordinal: 2)), to: 1)
    #expect(world.run(seconds: 5) { $0.isGreen && $0.value("k", at: 0) == "alone" })
    world.give(.commanded(.disconnect), to: 1)
    #expect(world.run(seconds: 5) { $0.nodes[1].status == .red })
    world.give(.commanded(.rejoin), to: 1)
    #expect(world.run(seconds: 5) { $0.isGreen && $0.leader == 0 })
    world.give(.commanded(.disconnect), to: 0)
    #expect(world.run(seconds: 5) { $0.nodes[0].status == .red && $0.nodes[1].status == .yellow })
    world.give(.commanded(.setRecovery(.automatic)), to: 1)
    #expect(world.run(seconds: 5) { $0.isGreen && $0.leader == 0 })
  }

  @Test func `a member that leaves is gone at once and loses no write`() throws {
    var world = World(3)
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 }
    try world.put("last", "word", at: 0)
    world.give(.commanded(.leave), to: 0)
    #expect(world.run(seconds: 1) { $0.endings[0] == .left && $0.leader == 1 })
    #expect(world.value("last", at: 2) == "word")
  }

  @Test func `members that leave together don't wait for each other`() throws {
    var world = World(5)
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 }
    for ordinal in 0..<5 { try world.put("k\(ordinal)", "v", at: ordinal) }
    for ordinal in 0..<5 {
      world.give(.commanded(.leave), to: ordinal)
      world.run(seconds: 0.001)
    }
    #expect(world.run(seconds: 1) { $0.endings.allSatisfy { $0 == .left } })
  }

  @Test func `members that start together lead and are green without waiting for a window`() {
    var world = World(5)
    world.startAll()
    #expect(world.run(seconds: 0.5) { $0.isGreen && $0.leader == 0 })
    #expect(
      world.events.allSatisfy { events in
        events.count { if case .leaderChanged(.confirmed) = $0 { true } else { false } } == 1
      })
  }

  @Test func `what was written under a boot that is jumped past reaches those who sealed it`()
    throws
  {
    var world = World(3)
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 }
    try world.put("first", "life", at: 2)
    world.run(seconds: 1)
    let first = world.nodes[2].boot
    world.wall += 100_000
    world.crash(2)
    world.restart(2)
    world.run(seconds: 20) { $0.isGreen }
    world.run(seconds: 20)
    #expect(world.nodes[0].store.known[2].sealedThrough == first)
    world.wall -= 300_000
    // Behind its earlier boot, it first hears nobody who knows of that one.
    world.crash(2)
    world.partition([0, 1], [2])
    world.restart(2)
    world.run(seconds: 3)
    let early = world.nodes[2].boot
    try world.put("early", "bird", at: 2)
    world.heal()
    #expect(world.run(seconds: 20) { $0.isGreen && $0.value("early", at: 0) == "bird" })
    #expect(world.nodes[2].boot > early)
    #expect(world.run(seconds: 10) { $0.storesAreEqual })
  }

  @Test func `of two processes with one ordinal the newer stays and nothing is lost`() throws {
    var world = World(4)
    // The fourth one claims the ordinal of the third.
    world.configurations[3].ordinal = 2
    world.configurations = world.configurations.map {
      var configuration = $0
      configuration.size = 3
      return configuration
    }
    world.nodes = world.configurations.map { Node(configuration: $0, at: world.moment) }
    for ordinal in 0..<3 { world.start(ordinal) }
    world.run(seconds: 5) { $0.leader == 0 }
    world.wall += 1_000
    world.nodes[3] = Node(configuration: world.configurations[3], at: world.moment)
    world.start(3)
    world.heldBack = { $0.from == 2 }
    try world.put("only here", "value", at: 2)
    world.run(seconds: 0.5)
    #expect(world.value("only here", at: 0) == nil)
    world.heldBack = { _ in false }
    #expect(world.run(seconds: 20) { if case .superseded = $0.endings[2] { true } else { false } })
    #expect(
      world.value("only here", at: 0) == "value" || world.value("only here", at: 1) == "value")
  }
}
