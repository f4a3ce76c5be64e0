import Testing

@testable import Cluster
@testable import ClusterCore

@Suite struct ReplayTests {
  @Test func `a window says what a set of all counters says`() {
    var randomness = Randomness(seed: 4)
    for _ in 0..<50 {
      var window = ReplayWindow()
      var seen: Set<UInt64> = []
      var newest: UInt64 = 0
      for _ in 0..<2_000 {
        let reach: UInt64 = randomness.next() % 20 == 0 ? 5_000 : 300
        let counter = (newest + randomness.next() % reach) - min(newest, randomness.next() % reach)
        let isFresh = !seen.contains(counter) && counter + ReplayWindow.size > newest
        #expect(window.admits(counter) == isFresh)
        if isFresh {
          window.insert(counter)
          seen.insert(counter)
          newest = max(newest, counter)
        }
      }
    }
  }

  @Test func `a window's edges`() {
    var window = ReplayWindow()
    window.insert(5_000)
    #expect(window.admits(5_000 - 1_023) && !window.admits(5_000 - 1_024))
    window.insert(.max)
    #expect(!window.admits(.max) && window.admits(.max - 1) && !window.admits(5_000))
    window.insert(.max - 1_023)
    #expect(!window.admits(.max - 1_023))
  }

  @Test func `datagrams may overtake one another, and none is taken twice`() throws {
    let (one, two) = (try ProtectedMember(1), try ProtectedMember(2))
    let datagrams = try (0..<1_000).map { _ in try one.datagram(to: 2) }
    for datagram in datagrams.reversed() { #expect(two.open(datagram) != nil) }
    for datagram in datagrams { #expect(two.open(datagram) == nil) }
    #expect(two.rejected == [.replay: 1_000])
  }

  @Test func `what lags further than the window is refused`() throws {
    let (one, two) = (try ProtectedMember(1), try ProtectedMember(2))
    let late = try one.datagram(to: 2)
    for _ in 0..<ReplayWindow.size { _ = try one.datagram(to: 0) }
    #expect(two.open(try one.datagram(to: 2)) != nil)
    #expect(two.open(late) == nil)
    #expect(two.rejected == [.replay: 1])
  }

  @Test func `a recording of a member's former life is refused after its restart`() throws {
    let (before, two) = (try ProtectedMember(1, session: 7 << 32), try ProtectedMember(2))
    let recorded = try (0..<20).map { _ in try before.datagram(to: 2) }
    for datagram in recorded { _ = two.open(datagram) }
    let after = try ProtectedMember(1, session: 8 << 32)
    #expect(two.open(try after.datagram(to: 2)) != nil)
    for datagram in recorded { #expect(two.open(datagram) == nil) }
    #expect(two.rejected == [.replay: 20])
  }

  @Test func `an older process that lives on is heard, so that it can be told`() throws {
    let two = try ProtectedMember(2)
    #expect(two.open(try ProtectedMember(1, session: 9 << 32).datagram(to: 2)) != nil)
    #expect(two.open(try ProtectedMember(1, session: 8 << 32).datagram(to: 2)) != nil)
  }

  @Test func `a session older than all that are remembered waits until the ordinal is silent`()
    throws
  {
    let two = try ProtectedMember(2)
    for number in 10..<14 as Range<UInt64> {
      #expect(two.open(try ProtectedMember(1, session: number << 32).datagram(to: 2)) != nil)
    }
    let setBack = try ProtectedMember(1, session: 3 << 32)
    #expect(two.open(try setBack.datagram(to: 2)) == nil)
    #expect(two.rejected == [.replay: 1])
    two.wait(SenderRecord.silence)
    #expect(two.open(try setBack.datagram(to: 2)) != nil)
  }

  @Test func `however many sessions come, four are remembered`() {
    var record = SenderRecord()
    for number in 0..<100 as Range<UInt64> {
      let now = Instant(nanoseconds: number)
      #expect(record.admits(number, at: now))
      #expect(record.sessions[record.begin(number, at: now)].number == number)
    }
    #expect(record.sessions.map(\.number).sorted() == [96, 97, 98, 99])
    #expect(record.isNewest(99) && !record.isNewest(98))
  }

  @Test func `forged sessions are not remembered and push nothing out`() throws {
    let (one, two) = (try ProtectedMember(1), try ProtectedMember(2))
    let recorded = try one.datagram(to: 2)
    #expect(two.open(recorded) != nil)
    for number in 0..<128 as Range<UInt8> {
      var forged = try one.datagram(to: 2)
      forged[19] = number ^ 0x80
      #expect(two.open(forged) == nil)
    }
    #expect(two.rejected == [.auth: 128])
    #expect(two.open(recorded) == nil)
    #expect(two.rejected == [.auth: 128, .replay: 1], "its window is still there")
  }
}
