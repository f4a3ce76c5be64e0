import Testing

@testable import ClusterCore

/// When a member that has just started may say that its store is complete.
@Suite struct FirstSyncTests {
  /// Two members begin empty at the same moment and hear each other first; the ones that hold the data
  /// are heard a moment later.
  @Test func `members that begin together don't take each other's emptiness for the whole`() throws
  {
    var world = World.settled(4)
    for number in 0..<20 { try world.put("k\(number)", "v", at: 0) }
    world.run(seconds: 3) { $0.storesAreEqual }
    world.crash(2)
    world.crash(3)
    world.run(seconds: 10) { $0.nodes[0].status == .yellow && $0.nodes[1].status == .yellow }
    world.wall += 60_000
    world.partition([0, 1], [2, 3])
    world.restart(2)
    world.restart(3)
    world.run(seconds: 0.5) { $0.nodes[2].isReady && $0.nodes[3].isReady }
    world.run(seconds: 0.2)
    #expect(!world.nodes[2].isSynced && !world.nodes[3].isSynced)
    world.heal()
    var isEverEmpty = false
    let isWhole = world.run(seconds: 10) { world in
      for node in 2..<4 where world.nodes[node].isSynced {
        isEverEmpty = isEverEmpty || world.nodes[node].store.readableCount < 20
      }
      return world.isGreen && world.storesAreEqual && world.nodes.allSatisfy(\.isSynced)
    }
    #expect(isWhole && !isEverEmpty)
  }

  @Test func `members that begin together and alone are complete after a join window`() {
    var world = World(4)
    world.start(0)
    world.start(1)
    #expect(world.run(seconds: 6) { $0.nodes[0].isSynced && $0.nodes[1].isSynced })
  }
}
