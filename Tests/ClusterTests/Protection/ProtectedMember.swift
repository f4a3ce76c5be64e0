import Testing

@testable import Cluster
@testable import ClusterCore

/// A member's gate without a member: it seals and opens what a test says.
final class ProtectedMember {
  static let cluster: UInt64 = 0x7355_24F2_8AC1_233E
  static let secrets = (0..<20).map { "the secret number \($0)" }

  let keyring: Keyring?
  let gate: PacketGate
  let meter = RejectionMeter()
  let ordinal: Int
  private var now = Instant(nanoseconds: 1_000_000_000)

  /// A member of three that holds the secrets of these numbers.
  init(
    _ ordinal: Int, keys: [Int] = [0], session: UInt64 = 7 << 32,
    cluster: UInt64 = ProtectedMember.cluster
  ) throws {
    self.ordinal = ordinal
    let library = try CryptoLibrary.shared()
    keyring =
      keys.isEmpty
      ? nil
      : Keyring(
        try Self.list(keys), cluster: cluster, ordinal: ordinal, size: 3, library)
    gate = PacketGate(keyring, session: session, meter)
    gate.turn(at: now)
  }

  static func list(_ keys: [Int]) throws -> KeyList {
    let text = keys.map { secrets[$0] }.joined(separator: "\n")
    return try KeyList(file: Array(text.utf8), try CryptoLibrary.shared())
  }

  /// A packet from this member to another one.
  func packet(to destination: Int, _ sections: [Section] = [.ping(nonce: 1)]) -> [UInt8] {
    let header = Header(
      clusterID: Self.cluster, source: ordinal, destination: destination, sourceBoot: 1,
      destinationBoot: 2, incarnation: 0, groupDigest: 0, recovery: 0, viewDigest: 0,
      clockDigest: 0, term: 0, resolver: 0, wallMilliseconds: 0)
    return Packet(header: header, sections: sections).encoded()
  }

  /// A datagram from this member to another one, as it is on the wire.
  func datagram(to destination: Int, _ content: [UInt8]? = nil) throws -> [UInt8] {
    let packet = content ?? packet(to: destination)
    var bytes = [UInt8](repeating: 0xAA, count: 1_280)
    let count = try #require(gate.seal(packet, into: &bytes, at: 0, as: .datagrams))
    return Array(bytes[..<count])
  }

  /// What is let in of a datagram, which lies in the midst of others.
  func open(_ datagram: [UInt8], as purpose: PacketKey.Purpose = .datagrams) -> [UInt8]? {
    var bytes = [0xEE, 0xEE, 0xEE] + datagram + [0xEE, 0xEE]
    let range = gate.open(&bytes, 3..<3 + datagram.count, as: purpose, from: nil)
    return range.map { Array(bytes[$0]) }
  }

  /// Changes the keys, as the file's follower does.
  func hold(_ keys: [Int]) throws {
    try #require(keyring).replace(with: try Self.list(keys))
    gate.turn(at: now)
  }

  /// Lets time go by.
  func wait(_ span: Span64) {
    now = now + span
    gate.turn(at: now)
  }

  /// What was dropped, without the zeros.
  var rejected: [PacketRejection: UInt64] {
    Dictionary(uniqueKeysWithValues: zip(PacketRejection.allCases, meter.snapshot))
      .filter { $0.value > 0 }
  }
}
