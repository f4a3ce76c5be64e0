import Testing

@testable import ClusterCore

@Suite struct LocalHealthTests {
  @Test func `health stays between well and worst`() {
    var health = LocalHealth()
    health.improve()
    #expect(health.score == 0 && health.multiplier == 1)
    for points in [1, 3, 0, 100] as [UInt64] { health.worsen(by: points) }
    #expect(health.score == LocalHealth.worst)
    #expect(health.multiplier == LocalHealth.worst + 1)
    for _ in 0..<20 { health.improve() }
    #expect(health.score == 0)
  }

  @Test func `a member alone on its side slows down and recovers`() {
    var world = World.settled(3)
    world.partition([0], [1, 2])
    world.run(seconds: 3)
    #expect(world.nodes[0].health.score > 0)
    world.heal()
    world.run(seconds: 15)
    #expect(world.nodes.allSatisfy { $0.health.score == 0 })
  }
}
