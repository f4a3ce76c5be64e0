import Testing

@testable import Cluster
@testable import ClusterCore

@Suite struct RotationTests {
  /// Whether what each says reaches the other.
  private func canTalk(_ one: ProtectedMember, _ two: ProtectedMember) throws -> Bool {
    let there = two.open(try one.datagram(to: two.ordinal))
    let back = one.open(try two.datagram(to: one.ordinal))
    return there != nil && back != nil
  }

  @Test func `a rotation in three steps cuts no line, in whatever order members take them`() throws
  {
    let (one, two) = (try ProtectedMember(1), try ProtectedMember(2))
    let steps = [[0, 1], [1, 0], [1]]
    for step in steps {
      #expect(try canTalk(one, two))
      try one.hold(step)
      #expect(try canTalk(one, two))
      try two.hold(step)
      #expect(try canTalk(one, two))
    }
    #expect(one.rejected == [:] && two.rejected == [:])
    #expect(try one.datagram(to: 2)[4..<8] == ProtectedMember(1, keys: [1]).datagram(to: 2)[4..<8])
  }

  @Test func `a key that was taken out opens nothing any more`() throws {
    let (one, two) = (try ProtectedMember(1), try ProtectedMember(2, keys: [1, 0]))
    #expect(two.open(try one.datagram(to: 2)) != nil)
    try two.hold([1])
    #expect(two.open(try one.datagram(to: 2)) == nil)
    #expect(two.rejected == [.auth: 1])
  }

  @Test func `counters go on over every change of keys`() throws {
    let one = try ProtectedMember(1, keys: [0, 1])
    var seen: Set<[UInt8]> = []
    for keys in [[0, 1], [1, 0], [0, 1], [1], [0]] {
      try one.hold(keys)
      for _ in 0..<3 { #expect(seen.insert(Array(try one.datagram(to: 2)[24..<32])).inserted) }
      let frame = try #require(one.gate.sealed(frame: one.packet(to: 2)))
      #expect(frame[24..<32].last == UInt8(seen.count / 3), "frames count by themselves")
    }
  }

  @Test func `a replay is refused though its sender has another key now`() throws {
    let (one, two) = (try ProtectedMember(1), try ProtectedMember(2, keys: [0, 1]))
    let recorded = try one.datagram(to: 2)
    #expect(two.open(recorded) != nil)
    try one.hold([1, 0])
    #expect(two.open(try one.datagram(to: 2)) != nil)
    #expect(two.open(recorded) == nil)
    #expect(two.rejected == [.replay: 1])
  }

  @Test func `packets tell which key seals them and which ones are accepted`() throws {
    let (one, two) = (try ProtectedMember(1), try ProtectedMember(2, keys: [1, 0]))
    let keyring = try #require(two.keyring)
    let names = keyring.list.fingerprints
    func heard() throws -> (seals: KeyFingerprint, accepts: [KeyFingerprint]?) {
      _ = two.open(try one.datagram(to: 2))
      let keys = try #require(keyring.peers[1])
      return (keys.seals, keyring.list.accepted(by: keys.signature))
    }
    #expect(try heard() == (names[1], [names[1]]))
    try one.hold([0, 1])
    #expect(try heard() == (names[1], names))
    try one.hold([1, 0])
    #expect(try heard() == (names[0], names))
    try one.hold([1, 2])
    #expect(try heard().accepts == nil, "it holds one that is not known here")
    #expect(keyring.peers[0] == nil)
  }

  @Test func `what an old process says of keys doesn't hide what the new one says`() throws {
    let two = try ProtectedMember(2, keys: [0, 1])
    let (old, new) = (
      try ProtectedMember(1, keys: [0], session: 1 << 32),
      try ProtectedMember(1, keys: [1], session: 2 << 32)
    )
    for member in [old, new, old] { #expect(two.open(try member.datagram(to: 2)) != nil) }
    let keyring = try #require(two.keyring)
    #expect(keyring.peers[1]?.seals == keyring.list.fingerprints[1])
  }
}
