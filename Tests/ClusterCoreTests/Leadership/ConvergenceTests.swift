import Testing

@testable import ClusterCore

@Suite struct ConvergenceTests {
  private let now = Instant(nanoseconds: 5)

  private func held(_ convergence: Convergence) -> [Int] {
    (0..<10).filter { convergence.contains($0) }
  }

  @Test func `a new digest is held by its member alone`() {
    var convergence = Convergence(size: 10)
    convergence.update(7, own: 9, at: now)
    convergence.insert(3)
    #expect(held(convergence) == [3, 9])
    convergence.update(7, own: 9, at: now)
    #expect(held(convergence) == [3, 9], "the same digest changes nothing")
    convergence.update(8, own: 9, at: now)
    #expect(held(convergence) == [9])
  }

  @Test func `holders are joined and those of another size ignored`() {
    var convergence = Convergence(size: 10)
    convergence.formUnion([0b101, 0b10])
    #expect(held(convergence) == [0, 2, 9])
    for wrong in [[0xFF], [], [0xFF, 0xFF, 0xFF]] as [[UInt8]] { convergence.formUnion(wrong) }
    #expect(held(convergence) == [0, 2, 9])
  }

  @Test func `holders are passed on for ten seconds after a change`() {
    var convergence = Convergence(size: 3)
    convergence.update(1, own: 0, at: now)
    #expect(convergence.isFresh(at: now + .milliseconds(9_999)))
    #expect(!convergence.isFresh(at: now + .seconds(10)))
  }

  @Test func `a member that differs keeps a view from converging`() {
    var world = World.settled(3)
    #expect(world.nodes.allSatisfy { $0.isConverged })
    world.nodes[0].convergence.update(1, own: 0, at: world.moment.instant)
    #expect(!world.nodes[0].isConverged)
  }
}
