import Testing

@testable import ClusterCore

/// Members that were away for longer than deletes are remembered for.
@Suite struct NodeExchangeTests {
  /// Both sides of a long split delete, forget that they did, and write.
  private func longSplit(
    _ left: [Int], _ right: [Int], faults: Set<PlantedFault> = [],
    grace: @escaping (Int) -> Span64
  ) throws -> World {
    var world = World.settled(left.count + right.count) { configuration in
      configuration.tombstoneGrace = grace(configuration.ordinal)
      configuration.plantedFaults = faults
    }
    for key in ["dead-left", "dead-right", "same", "over-left", "both"] {
      try world.put(key, "old", at: 0)
    }
    world.run(seconds: 5) { world in
      world.storesAreEqual && world.nodes.allSatisfy { $0.store.unstable.count == 0 }
    }
    world.partition(left, right)
    world.run(seconds: 20) { $0.leader(at: right[0]) == right[0] }
    try world.delete("dead-left", at: left[0])
    try world.delete("dead-right", at: right[0])
    try world.put("over-left", "new", at: left[0])
    try world.put("only-left", "x", at: left[0])
    try world.put("only-right", "x", at: right[0])
    try world.put("both", "left", at: left[0])
    try world.put("both", "right", at: right[0])
    world.run(seconds: 60)
    return world
  }

  private func sound(_ world: World) throws -> Bool {
    try world.nodes.indices.allSatisfy { node in
      let both = try world.nodes[node].candidates(Key("both"), wallMilliseconds: 0)
      return world.value("dead-left", at: node) == nil && world.value("dead-right", at: node) == nil
        && world.value("same", at: node) == "old" && world.value("over-left", at: node) == "new"
        && world.value("only-left", at: node) == "x" && world.value("only-right", at: node) == "x"
        && both.count == 2
    }
  }

  /// The counterexample of a split of 48 hours, with the grace made short.
  @Test(arguments: [PlantedFault?.none, .noFullExchange])
  func `both sides that evicted each other drop what the other deleted and keep the rest`(
    fault: PlantedFault?
  ) throws {
    var world = try longSplit([0, 1], [2, 3], faults: Set([fault].compactMap { $0 })) { _ in
      .seconds(30)
    }
    #expect(world.nodes.allSatisfy { $0.tombstoneCount == 0 }, "deletes are forgotten apart")
    #expect(
      world.nodes[0].evicted.elements == [2, 3] && world.nodes[3].evicted.elements == [0, 1])
    world.heal()
    let isEqual = world.run(seconds: 30) { world in
      world.isGreen && world.storesAreEqual
        && world.nodes.allSatisfy { $0.evicted.isEmpty && $0.tombstoneCount == 0 }
    }
    #expect(isEqual == (fault == nil))
    #expect(try sound(world) == (fault == nil))
    guard fault == nil else { return }
    #expect(world.nodes.allSatisfy { $0.store.counters.exchanges == 2 })
    world.run(seconds: 20)
    #expect(try sound(world) && world.brokenInvariant == nil)
    #expect(world.nodes.allSatisfy { $0.store.counters.exchanges == 2 }, "once is enough")
    #expect(world.nodes.allSatisfy { $0.store.counters.divergences == 0 })
  }

  @Test func `one that was evicted without evicting takes part all the same`() throws {
    var world = try longSplit([0, 1], [2]) { $0 == 2 ? .seconds(86_400) : .seconds(30) }
    #expect(world.nodes[2].evicted.isEmpty && world.nodes[0].evicted.elements == [2])
    #expect(world.nodes[0].tombstoneCount == 0 && world.nodes[2].tombstoneCount == 1)
    world.heal()
    #expect(
      world.run(seconds: 30) { world in
        world.isGreen && world.storesAreEqual && world.nodes.allSatisfy { $0.evicted.isEmpty }
      })
    #expect(try sound(world))
    world.run(seconds: 20)
    #expect(world.nodes.allSatisfy { $0.tombstoneCount == 0 && $0.store.unstable.count == 0 })
    #expect(try sound(world))
  }

  @Test func `deletes are remembered for a member that is away for less than the grace`() throws {
    var world = World.settled(3) { $0.tombstoneGrace = .seconds(30) }
    try world.put("k", "v", at: 0)
    world.run(seconds: 3)
    world.crash(2)
    world.run(seconds: 15) { $0.nodes[0].status == .yellow }
    try world.delete("k", at: 0)
    world.run(seconds: 20)
    #expect(world.nodes[0].tombstoneCount == 1)
    world.run(seconds: 20)
    #expect(world.nodes[0].tombstoneCount == 0 && world.nodes[1].tombstoneCount == 0)
    // A new start holds nothing: there is nothing to exchange.
    world.wall += 60_000
    world.restart(2)
    #expect(world.run(seconds: 10) { $0.isGreen && $0.storesAreEqual })
    #expect(world.nodes.allSatisfy { $0.store.counters.exchanges == 0 && $0.evicted.isEmpty })
  }

  @Test func `an exchange that is cut off begins anew`() throws {
    var world = try longSplit([0, 1], [2, 3]) { _ in .seconds(30) }
    for number in 0..<300 {
      try world.put("large/\(number)", String(repeating: "x", count: 2_000), at: 1)
    }
    world.run(seconds: 5)
    world.heal()
    world.run(seconds: 30) { world in
      world.nodes.contains { node in node.peers.contains { $0.exchange.progress != nil } }
    }
    for node in 0..<4 {
      for entry in world.nodes[node].streams { world.give(.streamClosed(entry.stream), to: node) }
    }
    #expect(world.nodes.contains { !$0.evicted.isEmpty })
    #expect(
      world.run(seconds: 30) { world in
        world.isGreen && world.storesAreEqual && world.nodes.allSatisfy { $0.evicted.isEmpty }
      })
    #expect(try sound(world) && world.value("large/299", at: 2) != nil)
  }

  /// What should never be: the same writes known, other values held. It is noticed and mended, and no
  /// value is given up for it.
  @Test func `a member that lost a value which it knows gets it back`() throws {
    var world = World.settled(3)
    for number in 0..<20 { try world.put("k\(number)", "v", at: number % 3) }
    world.run(seconds: 5) { $0.storesAreEqual }
    let slot = try #require(world.nodes[1].store.table.slot(Key("k7")))
    world.nodes[1].store.forget(slot)
    #expect(world.nodes[1].storeDigest != world.nodes[0].storeDigest)
    #expect(world.run(seconds: 20) { $0.storesAreEqual })
    world.run(seconds: 10)
    #expect(world.nodes.allSatisfy { $0.store.readableCount == 20 })
    #expect(world.nodes.contains { $0.store.counters.divergences > 0 })
    let told = world.events.joined().filter {
      if case .storeDiverged = $0 { true } else { false }
    }
    #expect(!told.isEmpty)
  }

  /// A delete that all knew when it was forgotten, on one member only, and a write that came after
  /// it from a start that had never heard of it.
  @Test func `a write of an empty restart meets a delete that some have forgotten`() throws {
    var world = World.settled(5)
    try world.put("k", "v", at: 4)
    world.run(seconds: 5) {
      $0.storesAreEqual && $0.nodes.allSatisfy { $0.store.unstable.count == 0 }
    }
    // Only member 3 hears that all know of the delete: the others' digests to each other are lost.
    world.partition([0], [1], [2])
    try world.delete("k", at: 4)
    #expect(
      world.run(seconds: 3) { world in
        world.nodes[3].tombstoneCount == 0 && world.nodes[3].store.counters.forgotten > 0
      })
    #expect((0..<3).allSatisfy { world.nodes[$0].tombstoneCount == 1 })
    world.partition([0, 1, 2, 3], [4])
    world.crash(4)
    world.wall += 1_000
    world.restart(4)
    world.run(seconds: 5) { $0.nodes[4].isReady }
    try world.put("k", "w", at: 4)
    world.heal()
    #expect(world.run(seconds: 30) { $0.isGreen && $0.storesAreEqual })
    let held = try world.nodes.map {
      try $0.candidates(Key("k"), wallMilliseconds: 0).map(\.string)
    }
    #expect(held.allSatisfy { $0 == held[0] && $0.contains("w") }, "\(held)")
    #expect(world.brokenInvariant == nil)
  }
}
