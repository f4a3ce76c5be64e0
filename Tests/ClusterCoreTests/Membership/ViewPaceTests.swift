import Testing

@testable import ClusterCore

@Suite struct ViewPaceTests {
  @Test func `a burst goes at once, and then so many a second`() {
    var pace = ViewPace()
    func taken(at milliseconds: UInt64, of tries: Int) -> UInt64 {
      (0..<tries).reduce(0) { sum, _ in
        sum + (pace.take(at: Instant(nanoseconds: milliseconds * 1_000_000)) ? 1 : 0)
      }
    }
    #expect(taken(at: 10_000, of: 1_000) == ViewPace.burst)
    #expect(taken(at: 10_000, of: 1) == 0)
    #expect(taken(at: 11_000, of: 1_000) == ViewPace.burst, "no more than a burst is saved up")
    #expect(taken(at: 11_010, of: 1_000) == 2)
  }
}
