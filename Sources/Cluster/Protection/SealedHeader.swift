/// What stands, readable but authenticated, before everything that is sealed. 32 bytes, all integers
/// big-endian:
///
///     0  magic 0xC15E       2 version        3 a byte of the cluster's identity
///     4  fingerprint of the key (4)          8 signature of the keys that the sender accepts (4)
///    12  source (2)        14 destination (2)
///    16  session (8)       24 counter (8)
///
/// What follows is the packet, encrypted, and the tag of 16 bytes. The byte of the cluster's identity
/// tells most packets of another one without opening them; the whole of it is part of the key.
struct SealedHeader: Hashable, Sendable {
  static let magic: UInt16 = 0xC15E
  static let version: UInt8 = 1
  static let size = 32

  /// How much longer a packet becomes by being sealed.
  static let overhead = size + PacketCipher.tagSize

  var version = Self.version
  var cluster: UInt8
  var fingerprint: UInt32
  var signature: UInt32
  var source: Int
  var destination: Int
  var session: UInt64
  var counter: UInt64

  /// Whether bytes begin as what is sealed does.
  static func isSealed(_ bytes: [UInt8], at start: Int, count: Int) -> Bool {
    count >= 2 && bytes[start] == UInt8(magic >> 8) && bytes[start + 1] == UInt8(magic & 0xFF)
  }

  func write(into bytes: inout [UInt8], at start: Int) {
    let low = UInt64(Self.magic) << 48 | UInt64(version) << 40 | UInt64(cluster) << 32
    let words = (
      low | UInt64(fingerprint),
      UInt64(signature) << 32 | UInt64(UInt16(truncatingIfNeeded: source)) << 16
        | UInt64(UInt16(truncatingIfNeeded: destination)),
      session, counter
    )
    Self.write(words.0, into: &bytes, at: start)
    Self.write(words.1, into: &bytes, at: start + 8)
    Self.write(words.2, into: &bytes, at: start + 16)
    Self.write(words.3, into: &bytes, at: start + 24)
  }

  private static func write(_ word: UInt64, into bytes: inout [UInt8], at start: Int) {
    for index in 0..<8 {
      bytes[start + index] = UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64(index)))
    }
  }
}

extension SealedHeader {
  /// Reads the header that stands at `start`.
  ///
  /// - Precondition: There are `size` bytes.
  init(_ bytes: [UInt8], at start: Int) {
    let first = Self.word(bytes, at: start)
    let second = Self.word(bytes, at: start + 8)
    version = UInt8(truncatingIfNeeded: first >> 40)
    cluster = UInt8(truncatingIfNeeded: first >> 32)
    fingerprint = UInt32(truncatingIfNeeded: first)
    signature = UInt32(truncatingIfNeeded: second >> 32)
    source = Int(second >> 16 & 0xFFFF)
    destination = Int(second & 0xFFFF)
    session = Self.word(bytes, at: start + 16)
    counter = Self.word(bytes, at: start + 24)
  }

  private static func word(_ bytes: [UInt8], at start: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in start..<start + 8 { word = word << 8 | UInt64(bytes[index]) }
    return word
  }
}
