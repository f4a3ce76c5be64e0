import Testing

@testable import ClusterCore

@Suite struct SuspicionTests {
  /// Milliseconds of a suspicion among so many, as a member computes it: 1,200 ms, twice that at most.
  private func timeout(members: Int, confirmations: Int) -> UInt64 {
    let minimum = Suspicion.minimum(.milliseconds(1_200), members: members)
    let expected = min(3, max(0, members - 2))
    return Suspicion.timeout(
      confirmations: confirmations, expected: expected, minimum: minimum, maximum: minimum * 2
    ).nanoseconds / 1_000_000
  }

  @Test(
    arguments: [
      (2, [1_200, 1_200, 1_200, 1_200]),
      (3, [2_400, 1_200, 1_200, 1_200]),
      (4, [2_400, 1_642, 1_200, 1_200]),
      (5, [2_400, 1_800, 1_449, 1_200]),
      (10, [2_400, 1_800, 1_449, 1_200]),
      (100, [4_740, 3_555, 2_862, 2_370]),
    ] as [(Int, [UInt64])])
  func `the timeout shrinks with confirmations from the longest to the shortest`(
    members: Int, milliseconds: [UInt64]
  ) {
    for (confirmations, expected) in milliseconds.enumerated() {
      #expect(timeout(members: members, confirmations: confirmations) == expected)
    }
  }

  @Test func `numbers out of bounds stay between the shortest and the longest`() {
    let (short, long) = (Span64.seconds(1), Span64.seconds(2))
    for confirmations in [-5, 0, 3, 100, .max] {
      for expected in [-1, 0, 1, 3, 50, .max] {
        let timeout = Suspicion.timeout(
          confirmations: confirmations, expected: expected, minimum: short, maximum: long)
        #expect(timeout >= short && timeout <= long)
      }
    }
    #expect(
      Suspicion.timeout(confirmations: 0, expected: 3, minimum: long, maximum: short) == long)
  }

  @Test func `the shortest suspicion grows with the size and never falls`() {
    var last = Span64.zero
    for members in 0...Limits.members {
      let minimum = Suspicion.minimum(.seconds(1), members: members)
      #expect(minimum >= last)
      last = minimum
    }
    #expect(Suspicion.minimum(.seconds(1), members: 1) == .seconds(1))
    #expect(last > .milliseconds(3_500) && last < .milliseconds(3_700))
  }

  @Test func `an accuser counts once and the first one is no confirmation of itself`() {
    var suspicion = Suspicion(
      startedAt: Instant(nanoseconds: 0), accusers: [1], minimum: .seconds(1), maximum: .seconds(2),
      expected: 2)
    #expect(suspicion.deadline(confirmers: 3) == Instant(nanoseconds: 2_000_000_000))
    let answers = [1, 2, 2, 3, 4, 5].map { suspicion.confirm(by: $0) }
    #expect(answers == [false, true, false, true, false, false])
    #expect(suspicion.accusers == [1, 2, 3])
    #expect(suspicion.deadline(confirmers: 3) == Instant(nanoseconds: 1_000_000_000))
  }

  @Test
  func `of a few that are cut off from many each needs no more confirmations than there can be`() {
    var suspicion = Suspicion(
      startedAt: Instant(nanoseconds: 0), accusers: [1], minimum: .seconds(1), maximum: .seconds(2),
      expected: 3)
    let alone = suspicion.deadline(confirmers: 0)
    #expect(alone == Instant(nanoseconds: 2_000_000_000), "one alone may be the sick one")
    let isNew = suspicion.confirm(by: 2)
    #expect(isNew)
    #expect(suspicion.deadline(confirmers: 3) == Instant(nanoseconds: 1_500_000_000))
    #expect(suspicion.deadline(confirmers: 1) == Instant(nanoseconds: 1_000_000_000))
  }
}
