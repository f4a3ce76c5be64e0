import Testing

@testable import ClusterCore

@Suite struct UnstableLogTests {
  private let actor = Actor(ordinal: 0, boot: 1)
  private func dot(_ sequence: UInt64) -> Dot { Dot(actor: actor, sequence: sequence) }
  private func sequences(_ entries: SortedChunks<UnstableLog.Entry>.Elements?) -> [UInt64]? {
    entries?.map(\.sequence)
  }

  @Test func `entries are found after a base whatever order they came in`() {
    var log = UnstableLog()
    for sequence in [5, 1, 3, 2, 9, 3] as [UInt64] { log.insert(dot(sequence), 7) }
    #expect(sequences(log.entries(of: actor, after: 0)) == [1, 2, 3, 5, 9])
    #expect(sequences(log.entries(of: actor, after: 3)) == [5, 9])
    #expect(sequences(log.entries(of: actor, after: 9)) == [])
    #expect(sequences(log.entries(of: Actor(ordinal: 1, boot: 1), after: 0)) == [])
    #expect(log.count == 5)
  }

  @Test func `a dot that comes again names its slot anew`() {
    var log = UnstableLog()
    log.insert(dot(1), 3)
    log.insert(dot(2), 4)
    log.insert(dot(1), 5)
    #expect(log.entries(of: actor, after: 0)?.map(\.slot) == [5, 4])
  }

  @Test func `after a sweep whoever lacks a dropped dot is told to look at everything`() {
    var log = UnstableLog()
    for sequence in 1...6 as ClosedRange<UInt64> { log.insert(dot(sequence), 1) }
    log.sweep(through: { _ in 4 }) { dot, _ in dot.sequence == 2 }
    #expect(log.entries(of: actor, after: 3) == nil)
    #expect(sequences(log.entries(of: actor, after: 4)) == [5, 6])
    #expect(log.count == 3)
  }

  @Test func `a sweep in steps looks at each entry once, and says when it is through`() {
    var log = UnstableLog()
    for sequence in 1...5 as ClosedRange<UInt64> { log.insert(dot(sequence), 1) }
    log.insert(Dot(actor: Actor(ordinal: 1, boot: 1), sequence: 1), 1)
    var seen: [UInt64] = []
    func step() -> Bool {
      log.sweep(through: { _ in .max }, atMost: 2) { dot, _ in
        seen.append(dot.sequence)
        return dot.sequence == 2
      }
    }
    #expect(!step())
    #expect(seen == [1, 2] && log.isBeingSwept)
    #expect(!step())
    // What comes behind the place that a sweep has reached is for the next one.
    log.insert(dot(1), 1)
    #expect(step())
    #expect(seen == [1, 2, 3, 4, 5, 1] && !log.isBeingSwept)
    #expect(sequences(log.entries(of: actor, after: 5)) == [])
    #expect(log.count == 2)
  }

  @Test func `an entry of nothing but a value goes unseen`() {
    var log = UnstableLog()
    log.insert(dot(1), 1, isSettled: true)
    log.insert(dot(2), 1, isSettled: true)
    log.insert(dot(2), 1)
    var seen: [UInt64] = []
    log.sweep(through: { _ in 2 }) { dot, _ in
      seen.append(dot.sequence)
      return true
    }
    #expect(seen == [2])
    #expect(log.count == 1)
  }

  @Test func `a sweep that keeps everything prunes nothing`() {
    var log = UnstableLog()
    for sequence in 1...3 as ClosedRange<UInt64> { log.insert(dot(sequence), 1) }
    log.sweep(through: { _ in 3 }) { _, _ in true }
    #expect(sequences(log.entries(of: actor, after: 0)) == [1, 2, 3])
  }

  @Test func `empty lanes of sealed boots go and others stay`() {
    var log = UnstableLog()
    log.insert(dot(1), 1)
    log.insert(Dot(actor: Actor(ordinal: 0, boot: 2), sequence: 1), 1)
    log.sweep(through: { _ in .max }) { _, _ in false }
    log.compact(isCurrent: { _, _ in true }, isSealed: { $0.boot == 1 })
    #expect(log.lanes.map(\.actor.boot) == [2])
  }

  @Test func `a long lane drops its stale entries`() {
    var log = UnstableLog()
    for sequence in 1...100 as ClosedRange<UInt64> { log.insert(dot(sequence), 1) }
    log.compact(isCurrent: { dot, _ in dot.sequence > 99 }, isSealed: { _ in false })
    #expect(sequences(log.entries(of: actor, after: 0)) == [100])
  }
}
