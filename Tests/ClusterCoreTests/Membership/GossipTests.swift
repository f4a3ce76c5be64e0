import Testing

@testable import ClusterCore

/// News reaches those who can hear it, however many others may be gone.
@Suite struct GossipTests {
  /// What one of four finds silent of sixteen, the others know at once, and not by a probe of their
  /// own. Else one that happens to hear of some late suspects them late, and all others wait for them
  /// to leave in one change of the view.
  @Test(arguments: [1, 2])
  func `a few that are cut off from many tell each other whom they miss`(seed: UInt64) {
    var world = World.settled(20, seed: seed)
    world.partition(Array(0..<4), Array(4..<20))
    var first = [Int: UInt64]()
    var last = [Int: UInt64]()
    let isWhole = world.run(seconds: 5) { world in
      for lost in 4..<20 {
        let knowing = (0..<4).count { world.state(of: lost, at: $0) != .alive }
        if knowing > 0, first[lost] == nil { first[lost] = world.now }
        if knowing == 4, last[lost] == nil { last[lost] = world.now }
      }
      return last.count == 16
    }
    #expect(isWhole)
    let spans = (4..<20).map { (last[$0] ?? .max) - (first[$0] ?? 0) }
    #expect((spans.max() ?? .max) / 1_000_000 <= 100, "milliseconds from the first to the last")
  }
}
