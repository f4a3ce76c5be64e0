import Testing

@testable import ClusterCore

/// A member that hears and isn't heard: nobody else can tell it.
@Suite struct MuteTests {
  @Test(arguments: [5, 9])
  func `a leader that isn't heard knows it by what it hears and doesn't lead when it returns`(
    size: Int
  ) {
    var world = World.settled(size)
    for other in 1..<size { world.cuts.insert([0, other]) }
    world.endStreams()
    world.run(seconds: 25)
    #expect(world.state(of: 0, at: 1) == .dead)
    #expect(world.nodes[0].conduct.isDegraded)
    world.heal()
    #expect(world.run(seconds: 5) { $0.isGreen && $0.leader == 1 })
    #expect(world.run(seconds: 70) { $0.leader == 0 })
  }

  @Test(arguments: [5, 9])
  func `a member that was cut off both ways is not degraded for it`(size: Int) {
    var world = World.settled(size)
    world.partition([0], Array(1..<size))
    world.run(seconds: 20)
    world.heal()
    #expect(world.run(seconds: 5) { $0.isGreen && $0.leader == 0 })
    world.run(seconds: 10)
    #expect(!world.nodes[0].conduct.isDegraded)
  }
}
