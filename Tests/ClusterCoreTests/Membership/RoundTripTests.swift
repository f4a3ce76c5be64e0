import Testing

@testable import ClusterCore

@Suite struct RoundTripTests {
  private func timeout(_ samples: [UInt64]) -> Span64 {
    var roundTrip = RoundTrip()
    for sample in samples { roundTrip.note(.milliseconds(sample)) }
    return roundTrip.timeout(.lan)
  }

  @Test func `before anything was measured the setting holds`() {
    #expect(timeout([]) == Timing.lan.probeTimeout)
  }

  @Test func `a near member is missed sooner but not at once`() {
    #expect(timeout([1, 1, 1, 1]) == Timing.lan.probeTimeoutMinimum)
  }

  @Test func `a far one is waited for, within bounds`() {
    let steady = timeout(Array(repeating: 400, count: 40))
    #expect(steady > .milliseconds(400) && steady < .milliseconds(450))
    #expect(timeout([900, 900]) == Timing.lan.probeTimeoutMaximum)
  }

  @Test func `one that varies is waited for longer`() {
    let steady = timeout(Array(repeating: 250, count: 40))
    let varying = timeout((0..<40).map { $0 % 2 == 0 ? 200 : 300 })
    #expect(varying > steady)
  }

  @Test func `the largest spans do no harm`() {
    var roundTrip = RoundTrip()
    for sample in [UInt64.max, 0, .max, .max] { roundTrip.note(Span64(nanoseconds: sample)) }
    #expect(roundTrip.timeout(.lan) == Timing.lan.probeTimeoutMaximum)
  }

  @Test func `a cell of the matrix gives a round trip back to a tenth`() {
    for microseconds in [1, 2, 3, 7, 9, 15, 100, 350, 999, 12_345, 800_000, 59_000_000] as [UInt64]
    {
      let cell = ReachabilityRow.cell(Span64(nanoseconds: microseconds * 1_000))
      guard case .bothWays(let roundTrip) = ReachabilityRow.reach(cell) else {
        Issue.record("no round trip of \(microseconds)")
        continue
      }
      let back = Span64(roundTrip).nanoseconds / 1_000
      #expect(back <= microseconds && back * 10 >= microseconds * 8, "\(microseconds): \(back)")
    }
    let longest = ReachabilityRow.reach(ReachabilityRow.cell(Span64(nanoseconds: .max)))
    #expect(longest != .unknown && longest != .unheard && longest != .oneWay)
    for cell in 0...UInt8.max { _ = ReachabilityRow.reach(cell) }
  }
}
