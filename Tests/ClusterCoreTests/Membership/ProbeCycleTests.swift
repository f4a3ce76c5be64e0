import Testing

@testable import ClusterCore

@Suite struct ProbeCycleTests {
  private func targets(
    _ rounds: Range<UInt64>, own: Int, size: Int, isLive: (Int) -> Bool = { _ in true }
  ) -> [Int] {
    var cycle = ProbeCycle()
    return rounds.compactMap { cycle.next(round: $0, own: own, size: size, isLive: isLive) }
  }

  @Test(arguments: [2, 3, 7, 20], [0, 1_234_567, UInt64.max / 4])
  func `every member is probed within 2N - 1 intervals of its last probe`(
    size: Int, start: UInt64
  ) {
    var last = Array(repeating: -1, count: size)
    let turns = targets(start..<start + UInt64(20 * size), own: 1, size: size)
    for (turn, target) in turns.enumerated() {
      #expect(target != 1)
      #expect(turn - last[target] <= 2 * size - 1)
      last[target] = turn
    }
    for (target, turn) in last.enumerated() where target != 1 {
      #expect(20 * size - turn <= 2 * size - 1)
    }
  }

  @Test(arguments: [2, 5, 20, 101])
  func `in each interval everyone is probed by exactly one other`(size: Int) {
    for round in 0..<60 as Range<UInt64> {
      let all = (0..<size).flatMap { targets(round..<round + 1, own: $0, size: size) }
      #expect(all.sorted() == Array(0..<size))
    }
  }

  @Test func `cycles differ from one another`() {
    let cycles = (0..<10).map { targets($0 * 6..<$0 * 6 + 6, own: 0, size: 7) }
    for cycle in cycles { #expect(cycle.sorted() == Array(1..<7)) }
    #expect(Set(cycles).count > 5)
  }

  @Test func `members that come and go are probed while they are there`() {
    #expect(targets(0..<10, own: 0, size: 9) { $0 == 7 } == Array(repeating: 7, count: 10))
    #expect(targets(0..<10, own: 0, size: 9) { _ in false }.isEmpty)
    #expect(targets(0..<10, own: 0, size: 1).isEmpty)
  }
}
