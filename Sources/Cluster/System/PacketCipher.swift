#if !canImport(CryptoKit)

/// AES-256-GCM with one key, for sealing or for opening, by libcrypto. Its context is kept: making one
/// costs more than a packet. One thread's.
final class PacketCipher {
  /// What it is for; a context can only do one of the two.
  enum Use {
    case sealing
    case opening
  }

  /// How many bytes longer than its content what is sealed is.
  static let tagSize = 16

  // OpenSSL's EVP_CTRL_AEAD_GET_TAG and EVP_CTRL_AEAD_SET_TAG.
  private static let getTag: Int32 = 0x10
  private static let setTag: Int32 = 0x11

  private let library: CryptoLibrary
  private let context: UnsafeMutableRawPointer

  /// Creates a cipher; none when the library has no memory or refuses the key.
  ///
  /// - Precondition: `key` has 32 bytes.
  init?(_ library: CryptoLibrary, key: [UInt8], for use: Use) {
    precondition(key.count == 32, "a key of \(key.count) bytes")
    guard let context = library.newContext() else { return nil }
    self.library = library
    self.context = context
    let isReady = key.withUnsafeBytes { key in
      let begin = use == .sealing ? library.encryptInit : library.decryptInit
      return begin(context, library.aes256GCM(), nil, key.baseAddress, nil) == 1
    }
    // What is initialized is released by `deinit`, also here.
    guard isReady else { return nil }
  }

  deinit { library.freeContext(context) }

  /// Takes another key, for the same use.
  func change(key: [UInt8], for use: Use) -> Bool {
    precondition(key.count == 32, "a key of \(key.count) bytes")
    return key.withUnsafeBytes { key in
      let begin = use == .sealing ? library.encryptInit : library.decryptInit
      return begin(context, nil, nil, key.baseAddress, nil) == 1
    }
  }

  /// Seals `content` behind the header that stands at `start`, and puts the tag after it.
  ///
  /// - Parameters:
  ///   - nonce: Never the same twice under one key.
  ///   - headerSize: How many bytes at `start` are authenticated, but not encrypted.
  /// - Precondition: `bytes` has room for header, content and tag.
  func seal(
    _ content: [UInt8], nonce: UInt64, headerSize: Int, into bytes: inout [UInt8], at start: Int
  ) -> Bool {
    precondition(bytes.count - start >= headerSize + content.count + Self.tagSize)
    return bytes.withUnsafeMutableBytes { bytes in
      content.withUnsafeBytes { content in
        let header = UnsafeRawBufferPointer(rebasing: bytes[start..<start + headerSize])
        let body = bytes.baseAddress.map { $0 + start + headerSize }
        var count: Int32 = 0
        return Self.withNonce(nonce) { nonce in
          library.encryptInit(context, nil, nil, nil, nonce) == 1
            && library.encryptUpdate(
              context, nil, &count, header.baseAddress, Int32(headerSize)) == 1
            && library.encryptUpdate(
              context, body, &count, content.baseAddress, Int32(content.count)) == 1
            && library.encryptFinal(context, nil, &count) == 1
            && library.control(
              context, Self.getTag, Int32(Self.tagSize), body.map { $0 + content.count }) == 1
        }
      }
    }
  }

  /// Opens what `seal` made, in place; false when anything of it isn't as it was sealed.
  ///
  /// - Precondition: `range` lies in `bytes` and has room for header and tag.
  func open(
    _ bytes: inout [UInt8], _ range: Range<Int>, headerSize: Int, nonce: UInt64
  ) -> Bool {
    let count = range.count - headerSize - Self.tagSize
    precondition(count >= 0 && bytes.indices.contains(range.lowerBound))
    return bytes.withUnsafeMutableBytes { bytes in
      let sealed = UnsafeMutableRawBufferPointer(rebasing: bytes[range])
      let header = UnsafeRawPointer(sealed.baseAddress)
      let body = sealed.baseAddress.map { $0 + headerSize }
      var written: Int32 = 0
      return Self.withNonce(nonce) { nonce in
        library.decryptInit(context, nil, nil, nil, nonce) == 1
          && library.decryptUpdate(context, nil, &written, header, Int32(headerSize)) == 1
          && library.decryptUpdate(
            context, body, &written, UnsafeRawPointer(body), Int32(count)) == 1
          && library.control(
            context, Self.setTag, Int32(Self.tagSize), body.map { $0 + count }) == 1
          && library.decryptFinal(context, nil, &written) == 1
      }
    }
  }

  /// The nonce's 12 bytes: four zeros, and the number, the larger byte first (the deterministic
  /// construction of NIST SP 800-38D, 8.2.1, whose fixed field is part of the key instead).
  private static func withNonce<Result>(
    _ nonce: UInt64, _ body: (UnsafeRawPointer?) -> Result
  ) -> Result {
    var words: (UInt32, UInt32, UInt32) = (
      0, UInt32(truncatingIfNeeded: nonce >> 32).bigEndian,
      UInt32(truncatingIfNeeded: nonce).bigEndian
    )
    return withUnsafeBytes(of: &words) { body($0.baseAddress) }
  }
}
#endif
