#if !canImport(CryptoKit)
import Glibc

/// The part of the system's libcrypto (OpenSSL) that packet protection needs, found when it is first
/// asked for: building and running without a key need none of it.
///
/// The functions are of its stable interface, the same since 1.1. The library is never unloaded.
struct CryptoLibrary: Sendable {
  /// What it is called, the newest first.
  static let names = ["libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so"]

  /// What is looked for, in words.
  static var wanted: String { names.joined(separator: " or ") }

  /// The system has no library that will do.
  struct Missing: Error, Hashable, CustomStringConvertible {
    let description: String
  }

  typealias Raw = UnsafeMutableRawPointer?
  typealias Bytes = UnsafeRawPointer?
  typealias Init = @convention(c) @Sendable (Raw, Raw, Raw, Bytes, Bytes) -> Int32
  typealias Update =
    @convention(c) @Sendable (Raw, Raw, UnsafeMutablePointer<Int32>?, Bytes, Int32) -> Int32
  typealias Final = @convention(c) @Sendable (Raw, Raw, UnsafeMutablePointer<Int32>?) -> Int32
  typealias HMAC =
    @convention(c) @Sendable (
      Raw, Bytes, Int32, Bytes, Int, Raw, UnsafeMutablePointer<UInt32>?
    ) -> Raw

  let newContext: @convention(c) @Sendable () -> Raw
  let freeContext: @convention(c) @Sendable (Raw) -> Void
  let control: @convention(c) @Sendable (Raw, Int32, Int32, Raw) -> Int32
  let aes256GCM: @convention(c) @Sendable () -> Raw
  let encryptInit: Init
  let encryptUpdate: Update
  let encryptFinal: Final
  let decryptInit: Init
  let decryptUpdate: Update
  let decryptFinal: Final
  private let sha256: @convention(c) @Sendable () -> Raw
  private let hmac: HMAC

  /// The library of this process, loaded at the first call (7 to 9 ms).
  static func shared() throws(Missing) -> CryptoLibrary { try loaded.get() }

  private static let loaded: Result<CryptoLibrary, Missing> = {
    do throws(Missing) {
      return .success(try CryptoLibrary(names: names))
    } catch {
      return .failure(error)
    }
  }()

  /// Loads the first library of these that there is, and sees whether it works.
  init(names: [String]) throws(Missing) {
    guard let handle = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else {
      throw Missing(description: "none of \(names.joined(separator: ", ")) can be loaded")
    }
    newContext = try Self.find("EVP_CIPHER_CTX_new", in: handle)
    freeContext = try Self.find("EVP_CIPHER_CTX_free", in: handle)
    control = try Self.find("EVP_CIPHER_CTX_ctrl", in: handle)
    aes256GCM = try Self.find("EVP_aes_256_gcm", in: handle)
    encryptInit = try Self.find("EVP_EncryptInit_ex", in: handle)
    encryptUpdate = try Self.find("EVP_EncryptUpdate", in: handle)
    encryptFinal = try Self.find("EVP_EncryptFinal_ex", in: handle)
    decryptInit = try Self.find("EVP_DecryptInit_ex", in: handle)
    decryptUpdate = try Self.find("EVP_DecryptUpdate", in: handle)
    decryptFinal = try Self.find("EVP_DecryptFinal_ex", in: handle)
    sha256 = try Self.find("EVP_sha256", in: handle)
    hmac = try Self.find("HMAC", in: handle)
    try checkThatItWorks()
  }

  /// HMAC-SHA256: 32 bytes. Empty where the library refuses, which `init` has seen it doesn't.
  func authenticationCode(of message: [UInt8], key: [UInt8]) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: 32)
    let isDone = code.withUnsafeMutableBytes { code in
      key.withUnsafeBytes { key in
        message.withUnsafeBytes { message in
          hmac(
            sha256(), key.baseAddress, Int32(key.count), message.baseAddress, message.count,
            code.baseAddress, nil) != nil
        }
      }
    }
    return isDone ? code : []
  }

  /// A library may be there and refuse (one without AES, one that insists on approved modules):
  /// that must be told at the start, not by a member that nobody hears.
  private func checkThatItWorks() throws(Missing) {
    let key = authenticationCode(of: [0], key: [0])
    guard key.count == 32 else { throw Missing(description: "libcrypto refuses HMAC-SHA256") }
    var bytes = [UInt8](repeating: 0, count: 3 + PacketCipher.tagSize)
    guard let sealer = PacketCipher(self, key: key, for: .sealing),
      let opener = PacketCipher(self, key: key, for: .opening),
      sealer.seal([7], nonce: 1, headerSize: 2, into: &bytes, at: 0),
      opener.open(&bytes, 0..<bytes.count, headerSize: 2, nonce: 1), bytes[2] == 7
    else { throw Missing(description: "libcrypto refuses AES-256-GCM") }
  }

  private static func find<Function>(
    _ name: String, in handle: UnsafeMutableRawPointer
  ) throws(Missing) -> Function {
    guard let symbol = dlsym(handle, name) else {
      throw Missing(description: "libcrypto has no \(name)")
    }
    return unsafeBitCast(symbol, to: Function.self)
  }
}
#endif
