import Testing

@testable import Cluster
@testable import ClusterCore

@Suite struct PacketGateTests {
  @Test func `a sealed datagram opens at its member, and reads of nothing`() throws {
    let (one, two) = (try ProtectedMember(1), try ProtectedMember(2))
    let packet = one.packet(to: 2, [.resolver("a name that can be read")])
    let datagram = try one.datagram(to: 2, packet)
    #expect(datagram.count == packet.count + SealedHeader.overhead)
    #expect(!String(decoding: datagram, as: UTF8.self).contains("name"))
    #expect(two.open(datagram) == packet)
    #expect(two.rejected == [:])
  }

  @Test func `the largest packet of the core fits a datagram when it is sealed`() throws {
    let (one, two) = (try ProtectedMember(1), try ProtectedMember(2))
    #expect(Limits.packet + SealedHeader.overhead <= Limits.datagram)
    let small = one.packet(to: 2)
    let packet = small + [UInt8](repeating: 1, count: Limits.packet - small.count)
    #expect(packet.count == Limits.packet && one.gate.largestPacket >= Limits.packet)
    let datagram = try one.datagram(to: 2, packet)
    #expect(datagram.count <= Limits.datagram)
    #expect(two.open(datagram) == packet)
  }

  @Test func `a frame opens as a frame and a datagram as a datagram only`() throws {
    let (one, two) = (try ProtectedMember(1), try ProtectedMember(2))
    let content = one.packet(to: 2) + [UInt8](repeating: 7, count: 200_000)
    let frame = try #require(one.gate.sealed(frame: content))
    let datagram = try one.datagram(to: 2)
    #expect(two.open(frame, as: .datagrams) == nil)
    #expect(two.open(datagram, as: .frames) == nil)
    #expect(two.rejected == [.auth: 2])
    #expect(two.open(frame, as: .frames) == content)
    #expect(two.open(datagram) != nil)
  }

  @Test func `no bit of a sealed datagram can be changed`() throws {
    let (one, two) = (try ProtectedMember(1), try ProtectedMember(2))
    let datagram = try one.datagram(to: 2)
    for bit in 0..<datagram.count * 8 {
      var changed = datagram
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(two.open(changed) == nil, "bit \(bit)")
    }
    for count in 0..<datagram.count { #expect(two.open(Array(datagram[..<count])) == nil) }
    #expect(two.open(datagram + [0]) == nil)
    #expect(two.open(datagram) != nil, "what was forged has used up nothing")
  }

  @Test func `each reason is told from the others`() throws {
    let two = try ProtectedMember(2)
    let one = try ProtectedMember(1)
    func drop(_ reason: PacketRejection, _ datagram: [UInt8]) {
      let before = two.rejected[reason] ?? 0
      #expect(two.open(datagram) == nil)
      #expect(two.rejected[reason] == before + 1, "\(reason)")
    }
    drop(.plaintext, one.packet(to: 2))
    drop(.malformed, [])
    drop(.malformed, Array("GET / HTTP/1.1".utf8))
    drop(.malformed, Array(try one.datagram(to: 2)[..<40]))
    drop(.auth, try ProtectedMember(1, keys: [1]).datagram(to: 2))
    drop(.cluster, try ProtectedMember(1, cluster: ProtectedMember.cluster ^ 1).datagram(to: 2))
    // Of another cluster, and its byte in the header happens to be ours.
    drop(.auth, try ProtectedMember(1, cluster: ProtectedMember.cluster ^ 256).datagram(to: 2))
    drop(.destination, try one.datagram(to: 0, one.packet(to: 0)))
    var datagram = try one.datagram(to: 2)
    datagram[12] = 1
    drop(.unknownMember, datagram)
    datagram = try one.datagram(to: 2)
    datagram[2] = 9
    drop(.version, datagram)
    datagram = try one.datagram(to: 2)
    #expect(two.open(datagram) != nil)
    drop(.replay, datagram)
  }

  @Test func `without a key what is sealed is dropped and the rest let in`() throws {
    let (one, two) = (try ProtectedMember(1), try ProtectedMember(2, keys: []))
    #expect(two.open(try one.datagram(to: 2)) == nil)
    #expect(two.rejected == [.sealed: 1])
    #expect(two.open(one.packet(to: 2)) == one.packet(to: 2))
    #expect(two.open([1, 2, 3]) == [1, 2, 3], "the core judges what it gets")
  }

  @Test func `what a member sent comes back in vain`() throws {
    let one = try ProtectedMember(1)
    #expect(one.open(try one.datagram(to: 2)) == nil)
    // To the other process of the same ordinal, thrown back.
    #expect(one.open(try one.datagram(to: 1)) == nil)
    #expect(one.rejected == [.destination: 1, .replay: 1])
    let namesake = try ProtectedMember(1, session: 8 << 32)
    #expect(one.open(try namesake.datagram(to: 1)) != nil)
  }

  @Test func `two starts of one member share no key`() throws {
    let packet = try ProtectedMember(1).packet(to: 2)
    let first = try ProtectedMember(1, session: 7 << 32).datagram(to: 2, packet)
    let second = try ProtectedMember(1, session: 7 << 32 | 1).datagram(to: 2, packet)
    #expect(first[24..<32] == second[24..<32], "the same counter")
    #expect(first[32...] != second[32...])
  }

  @Test func `session numbers grow with the clock and differ at one moment`() {
    let moment = { Moment(instant: Instant(nanoseconds: 0), wallMilliseconds: $0) }
    let early = PacketGate.session(at: moment(1_700_000_000_000), random: .max)
    let late = PacketGate.session(at: moment(1_700_000_001_000), random: 0)
    #expect(early < late)
    #expect(
      PacketGate.session(at: moment(5), random: 1 << 40)
        != PacketGate.session(at: moment(5), random: 2 << 40))
    #expect(PacketGate.session(at: moment(.max), random: 0) == 0xFFFF_FFFF << 32)
  }
}
