import Testing

@testable import ClusterCore

/// What follows from all members together stays right while single ones change.
@Suite struct PeerTableTests {
  private func live(_ boot: UInt64) -> Peer {
    var peer = Peer()
    (peer.state, peer.boot) = (.alive, boot)
    return peer
  }

  @Test func `nobody lives at first, and nothing is due`() {
    var table = PeerTable(count: 3)
    table.settle()
    #expect(table.count == 3 && table.liveCount == 0 && table.viewDigest == 0)
    #expect(table.indices.allSatisfy { !table.isLive($0) })
  }

  @Test func `the live are counted before the sums are taken and after`() {
    var table = PeerTable(count: 4)
    table[1] = live(7)
    table[3] = live(9)
    #expect(table.liveCount == 2 && table.isLive(1) && !table.isLive(2))
    table.settle()
    #expect(table.liveCount == 2 && table.isLive(3))
    table[1].state = .dead
    #expect(table.liveCount == 1 && !table.isLive(1))
    table.settle()
    #expect(table.liveCount == 1)
  }

  @Test func `one view has one digest, on whatever way it came about`() {
    var (first, second) = (PeerTable(count: 5), PeerTable(count: 5))
    for ordinal in 0..<5 { first[ordinal] = live(UInt64(ordinal) + 1) }
    for ordinal in (0..<5).reversed() {
      second[ordinal] = live(99)
      second.settle()
      second[ordinal].boot = UInt64(ordinal) + 1
    }
    first.settle()
    second.settle()
    #expect(first.viewDigest == second.viewDigest && first.viewDigest != 0)
    second[2].state = .suspect
    second.settle()
    #expect(first.viewDigest == second.viewDigest, "a suspect counts as alive")
    second[2].state = .dead
    second.settle()
    #expect(first.viewDigest != second.viewDigest)
    second[2].boot = 77
    second[2].state = .alive
    second.settle()
    #expect(first.viewDigest != second.viewDigest, "another boot is another member")
  }

  @Test func `what is due comes in the order of ordinals, each at its time`() {
    var table = PeerTable(count: 6)
    for (ordinal, seconds) in [5, 1, 3, 1, 9, 2].enumerated() {
      table[ordinal].state = .dead
      table[ordinal].nextContact = Instant(nanoseconds: UInt64(seconds))
    }
    #expect(table.due(at: Instant(nanoseconds: 0)) == [])
    #expect(table.due(at: Instant(nanoseconds: 1)) == [1, 3])
    #expect(table.due(at: Instant(nanoseconds: 3)) == [1, 2, 3, 5])
    table[1].nextContact = Instant(nanoseconds: 8)
    #expect(table.due(at: Instant(nanoseconds: 3)) == [2, 3, 5])
    #expect(table.earliest == Instant(nanoseconds: 1))
    table[3].state = .alive
    table.settle()
    #expect(table.earliest == Instant(nanoseconds: 2), "the living are not contacted anew")
  }

  /// Against sums that are taken from all peers each time.
  @Test func `single changes add up to what all together come to`() {
    var random = Randomness(seed: 11)
    for _ in 0..<50 {
      let count = 1 + Int(random.below(9))
      var table = PeerTable(count: count)
      for ordinal in 0..<count { table[ordinal] = Peer() }
      for _ in 0..<60 {
        let ordinal = Int(random.below(UInt64(count)))
        let states: [Member.State] = [.unknown, .alive, .suspect, .dead, .left]
        table[ordinal].state = states[Int(random.below(5))]
        table[ordinal].boot = random.below(4)
        table[ordinal].nextContact = Instant(nanoseconds: random.below(20))
        guard random.chance(1, in: 3) else { continue }
        table.settle()
        var anew = PeerTable(count: count)
        for ordinal in 0..<count { anew[ordinal] = table[ordinal] }
        anew.settle()
        #expect(table.viewDigest == anew.viewDigest && table.liveCount == anew.liveCount)
        #expect(table.earliest == anew.earliest)
        let now = Instant(nanoseconds: random.below(20))
        #expect(table.due(at: now) == anew.due(at: now))
      }
    }
  }
}
