import Testing

@testable import simulate

@Suite struct `A queue of seeds` {
  @Test func `hands out each once`() {
    let queue = SeedQueue(5..<8)
    #expect(queue.count == 3 && queue.jobs(most: 2) == 2 && queue.jobs(most: 9) == 3)
    #expect((0..<5).map { _ in queue.next() } == [5, 6, 7, nil, nil])
  }

  @Test func `ends at the largest number, for each further job, too`() {
    let queue = SeedQueue(UInt64.max - 2..<UInt64.max)
    #expect((0..<9).compactMap { _ in queue.next() } == [UInt64.max - 2, UInt64.max - 1])
  }

  @Test func `may hold more than can be counted in signed numbers`() {
    let queue = SeedQueue(0..<UInt64.max)
    #expect(queue.count == .max && queue.jobs(most: 64) == 64)
    #expect(queue.next() == 0 && queue.next() == 1)
  }

  @Test func `may be a part of a range`() {
    let queue = SeedQueue(10..<1_000, most: 2)
    #expect((0..<3).compactMap { _ in queue.next() } == [10, 11])
  }
}
