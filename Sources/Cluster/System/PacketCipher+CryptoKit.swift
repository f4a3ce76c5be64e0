#if canImport(CryptoKit)
import CryptoKit
import Foundation

/// The system's cryptography, which on Apple's systems is always there.
struct CryptoLibrary: Sendable {
  /// Never thrown here.
  struct Missing: Error, Hashable, CustomStringConvertible {
    let description: String
  }

  /// What is looked for, in words.
  static var wanted: String { "CryptoKit" }

  static func shared() throws(Missing) -> CryptoLibrary { CryptoLibrary() }

  /// HMAC-SHA256: 32 bytes.
  func authenticationCode(of message: [UInt8], key: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
  }
}

/// AES-256-GCM with one key; the same as on other systems, by CryptoKit.
final class PacketCipher {
  enum Use {
    case sealing
    case opening
  }

  static let tagSize = 16

  private var key: SymmetricKey

  init?(_ library: CryptoLibrary, key: [UInt8], for use: Use) {
    precondition(key.count == 32, "a key of \(key.count) bytes")
    self.key = SymmetricKey(data: key)
  }

  func change(key: [UInt8], for use: Use) -> Bool {
    precondition(key.count == 32, "a key of \(key.count) bytes")
    self.key = SymmetricKey(data: key)
    return true
  }

  func seal(
    _ content: [UInt8], nonce: UInt64, headerSize: Int, into bytes: inout [UInt8], at start: Int
  ) -> Bool {
    let header = bytes[start..<start + headerSize]
    guard let nonce = try? Self.nonce(nonce),
      let box = try? AES.GCM.seal(content, using: key, nonce: nonce, authenticating: header)
    else { return false }
    let body = start + headerSize
    bytes.replaceSubrange(body..<body + content.count, with: box.ciphertext)
    bytes.replaceSubrange(
      body + content.count..<body + content.count + Self.tagSize, with: box.tag)
    return true
  }

  func open(
    _ bytes: inout [UInt8], _ range: Range<Int>, headerSize: Int, nonce: UInt64
  ) -> Bool {
    let body = range.lowerBound + headerSize..<range.upperBound - Self.tagSize
    guard let nonce = try? Self.nonce(nonce),
      let box = try? AES.GCM.SealedBox(
        nonce: nonce, ciphertext: bytes[body], tag: bytes[body.upperBound..<range.upperBound]),
      let content = try? AES.GCM.open(
        box, using: key, authenticating: bytes[range.lowerBound..<body.lowerBound])
    else { return false }
    bytes.replaceSubrange(body, with: content)
    return true
  }

  private static func nonce(_ number: UInt64) throws -> AES.GCM.Nonce {
    let bytes = [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    return try AES.GCM.Nonce(data: bytes)
  }
}
#endif
