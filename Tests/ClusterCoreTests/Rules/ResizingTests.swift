import Testing

@testable import ClusterCore

/// A set's size is changed by a rolling update: for a while its members expect different numbers.
@Suite struct ResizingTests {
  /// Whether a member has been filled: what a roll-out waits for.
  private func isFilled(_ ordinal: Int) -> (World) -> Bool {
    { $0.nodes[ordinal].isSynced && $0.nodes[ordinal].registerCount >= 40 }
  }

  private func rollOut(_ world: inout World, _ ordinals: [Int], size: Int) {
    for ordinal in ordinals {
      world.crash(ordinal)
      world.configurations[ordinal].size = size
      world.run(seconds: 0.5)
      world.restart(ordinal)
      let isFilledInTime = world.run(seconds: 10, until: isFilled(ordinal))
      #expect(isFilledInTime, "\(ordinal)")
    }
  }

  private func allHold(_ world: World, _ keys: Int) -> Bool {
    world.running.allSatisfy { member in
      (0..<keys).allSatisfy { world.value("k\($0)", at: member) == "v\($0)" }
    }
  }

  @Test func `a set that grows by a rolling update keeps its map`() throws {
    var world = World(5) { if $0.ordinal < 3 { $0.size = 3 } }
    for ordinal in 0..<3 { world.start(ordinal) }
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 }
    for key in 0..<40 { try world.put("k\(key)", "v\(key)", at: key % 3) }
    // The new ones start at once; those that are there don't expect them.
    world.start(3)
    world.start(4)
    world.run(seconds: 3)
    try world.put("k40", "v40", at: 4)
    rollOut(&world, [2, 1, 0], size: 5)
    let isWhole = world.run(seconds: 10) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    #expect(isWhole)
    #expect(allHold(world, 41))
    #expect(world.brokenInvariant == nil)
  }

  @Test func `a set that shrinks by a rolling update keeps what those too many wrote`() throws {
    var world = World.settled(5)
    for key in 0..<40 { try world.put("k\(key)", "v\(key)", at: key % 5) }
    world.run(seconds: 2)
    for ordinal in [4, 3] { world.crash(ordinal) }
    rollOut(&world, [2, 1, 0], size: 3)
    let isWhole = world.run(seconds: 10) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    #expect(isWhole)
    #expect(allHold(world, 40))
    // What is deleted now is forgotten, too: nobody waits for members that aren't expected.
    for key in 0..<40 { try world.delete("k\(key)", at: 0) }
    let areForgotten = world.run(seconds: 60) { world in
      world.running.allSatisfy { world.nodes[$0].registerCount == 0 }
    }
    #expect(areForgotten)
    #expect(world.brokenInvariant == nil)
  }
}
