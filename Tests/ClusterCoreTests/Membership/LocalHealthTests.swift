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

  @Test func `a silence counts once, and the first answer takes it back`() {
    var health = LocalHealth()
    health.fail(by: 2, isSilence: false)
    for _ in 0..<5 { health.fail(by: 3, isSilence: true) }
    #expect(health.score == 5 && health.isSilenced)
    health.improve()
    #expect(health.score == 1 && !health.isSilenced)
    for _ in 0..<2 { health.fail(by: 2, isSilence: false) }
    #expect(health.score == 5, "it hears, and doesn't get what it asks for: it may be starved")
  }

  @Test(arguments: [5, 9])
  func `a member that is cut off every ten seconds notices the last cut like the first`(size: Int) {
    var world = World.settled(size)
    for round in 0..<6 {
      let (rest, start) = (Array(1..<size), world.now)
      world.partition([0], rest)
      world.run(seconds: 10) { world in rest.allSatisfy { world.state(of: $0, at: 0) == .dead } }
      #expect(world.now - start < 6_000_000_000, "cut \(round)")
      world.heal()
      let left = 10 - Double(world.now - start) / 1_000_000_000
      world.run(seconds: left)
      #expect(world.isGreen)
      #expect(world.nodes.allSatisfy { $0.health.score == 0 }, "after cut \(round)")
    }
  }
}
