import Testing

@testable import ClusterCore

@Suite struct ProbeCycleTests {
  @Test(arguments: [1, 2, 3, 7, 20], 0..<5 as Range<UInt64>)
  func `every member is probed within 2N - 1 intervals of its last probe`(
    count: Int, seed: UInt64
  ) {
    var (cycle, randomness) = (ProbeCycle(), Randomness(seed: seed))
    let candidates = Array(0..<count)
    var last = Array(repeating: -1, count: count)
    for turn in 0..<count * 20 {
      guard let target = cycle.next(among: candidates, using: &randomness) else {
        Issue.record("nobody's turn at \(turn)")
        return
      }
      #expect(turn - last[target] <= 2 * count - 1)
      last[target] = turn
    }
    for turn in last { #expect(count * 20 - turn <= 2 * count - 1) }
  }

  @Test func `rounds differ from one another`() {
    var (cycle, randomness) = (ProbeCycle(), Randomness(seed: 3))
    let rounds = (0..<10).map { _ in
      (0..<6).map { _ in cycle.next(among: Array(0..<6), using: &randomness) ?? -1 }
    }
    for round in rounds { #expect(round.sorted() == Array(0..<6)) }
    #expect(Set(rounds).count > 5)
  }

  @Test func `members that come and go are probed while they are there`() {
    var (cycle, randomness) = (ProbeCycle(), Randomness(seed: 1))
    _ = cycle.next(among: [0, 1, 2], using: &randomness)
    let targets = (0..<10).map { _ in cycle.next(among: [7], using: &randomness) }
    #expect(targets == Array(repeating: 7, count: 10))
    let nobody = cycle.next(among: [], using: &randomness)
    #expect(nobody == nil)
  }
}
