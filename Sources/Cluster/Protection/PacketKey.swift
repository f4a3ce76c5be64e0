/// One shared secret, and the keys that are derived of it (HKDF with SHA-256, RFC 5869).
///
/// The secret itself seals nothing. Each start of a member draws a session number of its own, and with
/// it a key of its own for datagrams and one for frames: so a counter can be the nonce, and two
/// processes never seal under one key with one nonce, whatever their clocks say.
struct PacketKey: Hashable, Sendable {
  /// What a derived key seals.
  enum Purpose: UInt8, Hashable, Sendable {
    case datagrams = 0
    case frames = 1
  }

  /// The shortest secret, in bytes: 128 bits if it was drawn at random, as `cluster keygen` does.
  static let shortestSecret = 16
  /// The longest secret, in bytes.
  static let longestSecret = 1_024

  /// What the key is called where the key itself must not be shown.
  let fingerprint: KeyFingerprint
  private let root: [UInt8]

  /// Derives what a secret is good for.
  init(secret: [UInt8], _ library: CryptoLibrary) {
    root = library.authenticationCode(of: secret, key: Array("cluster packet protection".utf8))
    let name = Self.expand(root, Array("fingerprint".utf8), library)
    fingerprint = KeyFingerprint(
      rawValue: name.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
  }

  /// The key of one session. The cluster's identity is part of it: what another cluster sealed with the
  /// same secret doesn't open here.
  func derived(
    for purpose: Purpose, cluster: UInt64, source: Int, session: UInt64, _ library: CryptoLibrary
  ) -> [UInt8] {
    var info = Array("packets".utf8)
    info.append(purpose.rawValue)
    Self.append(cluster, 8, to: &info)
    Self.append(UInt64(source), 2, to: &info)
    Self.append(session, 8, to: &info)
    return Self.expand(root, info, library)
  }

  /// The first block of HKDF's expansion, which is all that 32 bytes need.
  private static func expand(
    _ root: [UInt8], _ info: [UInt8], _ library: CryptoLibrary
  ) -> [UInt8] {
    library.authenticationCode(of: info + [1], key: root)
  }

  private static func append(_ number: UInt64, _ width: Int, to bytes: inout [UInt8]) {
    for index in (0..<width).reversed() {
      bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(index))))
    }
  }
}

/// The public name of a key: 32 bits that tell nothing of it, in hexadecimal digits.
package struct KeyFingerprint: Hashable, Sendable, CustomStringConvertible {
  /// The bits.
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package var description: String {
    let digits = String(rawValue, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
