import Testing

@testable import ClusterCore

@Suite struct LeaderElectionTests {
  @Test(arguments: 0..<20 as Range<UInt64>)
  func `terms grow whatever the clocks say and bear their leader's ordinal`(seed: UInt64) {
    var generator = Generator(seed: seed)
    var highest: UInt64 = 0
    for _ in 0..<200 {
      let ordinal = generator.below(Limits.members)
      let wall = 1_700_000_000_000 + generator.randomness.below(1_000)
      let term = LeaderElection.term(after: highest, wallMilliseconds: wall, ordinal: ordinal)
      #expect(term > highest)
      #expect(term >> 16 >= wall)
      #expect(term & 0xFFFF == UInt64(ordinal))
      #expect(LeaderElection.belongs(term, to: ordinal))
      #expect(!LeaderElection.belongs(term, to: ordinal ^ 1))
      highest = term
    }
  }

  @Test func `terms of two leaders in the same millisecond differ`() {
    let terms = (0..<5).map {
      LeaderElection.term(after: 0, wallMilliseconds: 1_000, ordinal: $0)
    }
    #expect(Set(terms).count == 5)
  }

  @Test(arguments: [.max, .max - 1, .max >> 1, .max << 16] as [UInt64])
  func `terms saturate instead of wrapping`(highest: UInt64) {
    for wall in [0, 1 << 48, UInt64.max] {
      let term = LeaderElection.term(after: highest, wallMilliseconds: wall, ordinal: 3)
      #expect(term >> 16 >= highest >> 16)
      #expect(term & 0xFFFF == 3)
    }
  }
}
