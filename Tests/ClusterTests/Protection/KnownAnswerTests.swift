import Testing

@testable import Cluster
@testable import ClusterCore

/// Answers that others computed: NIST's vectors, and packets sealed by Python's `cryptography`
/// (`Tests/EndToEnd/lab/wire.py`).
@Suite struct KnownAnswerTests {
  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  /// Test cases 13 and 14 of the GCM specification (McGrew, Viega): a key of zeros, a nonce of zeros.
  @Test func `AES-256-GCM gives the answers of its specification`() throws {
    let library = try CryptoLibrary.shared()
    let key = [UInt8](repeating: 0, count: 32)
    let sealer = try #require(PacketCipher(library, key: key, for: .sealing))
    let cases = [
      ([], "530f8afbc74536b9a963b4f1c4cb738b"),
      (
        [UInt8](repeating: 0, count: 16),
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
      ),
    ]
    for (content, answer) in cases {
      var bytes = [UInt8](repeating: 0, count: content.count + 16)
      #expect(sealer.seal(content, nonce: 0, headerSize: 0, into: &bytes, at: 0))
      #expect(bytes == Self.bytes(answer))
      let opener = try #require(PacketCipher(library, key: key, for: .opening))
      #expect(opener.open(&bytes, bytes.indices, headerSize: 0, nonce: 0))
      #expect(Array(bytes.prefix(content.count)) == content)
    }
  }

  /// Test case 1 of RFC 4231.
  @Test func `HMAC-SHA256 gives the answer of its specification`() throws {
    let code = try CryptoLibrary.shared().authenticationCode(
      of: Array("Hi There".utf8), key: [UInt8](repeating: 0x0B, count: 20))
    let answer = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    #expect(code == Self.bytes(answer))
  }

  private static let secret = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="
  private static let cluster: UInt64 = 0x7355_24F2_8AC1_233E
  private static let session: UInt64 = 0x6500_0000_1234_5678

  @Test func `keys are derived as another program derives them`() throws {
    let library = try CryptoLibrary.shared()
    let key = PacketKey(secret: Array(Self.secret.utf8), library)
    #expect(key.fingerprint.description == "a71e1aab")
    let derived = key.derived(
      for: .datagrams, cluster: Self.cluster, source: 1, session: Self.session, library)
    let answer = "7d07180d6367cb57e649a241d58c31456f56744159bc190080da2d4213361b92"
    #expect(derived == Self.bytes(answer))
    let other = PacketKey(secret: Array("correct horse battery staple".utf8), library)
    #expect(other.fingerprint.description == "f71edd46")
  }

  @Test func `a fingerprint has eight digits, also a small one`() {
    #expect(KeyFingerprint(rawValue: 0xAB).description == "000000ab")
  }

  private static let packet = bytes(
    "c1750100735524f28ac1233e000100020123456789abcdeffedcba987654321000000000000000000000"
      + "00000000000000000000000000000000000000000000000000000000000000000000018bcfe568000000"
      + "010811223344556677884072eb770d77f417")

  private static let datagram = bytes(
    "c15e013ea71e1aaba71e1aab00010002650000001234567800000000000000010ae2bf652644ec645bb0"
      + "ae03472b0d845cd8a7d6a7fe27aaab516768f5fea338fa6c32e09b2c1def4b241f56ffee329dd2f2458a"
      + "e5475707f69b16d9a93076db3f9217d580374f6b522e178ab8c434c1f275cdb2e066b312453b7f98c43f"
      + "083e102b52d15fe9afd1e230b7f26d25083ae6edd2ce46c4")

  private static let frame = bytes(
    "c15e013ea71e1aaba71e1aab00010002650000001234567800000000000000021d5dd29469282a3382fb"
      + "4e33124a97663fb2d4bc3fe2839c88b6d780319458142a7e544f979d11e1bacb0148eb0596f32e13b9e8"
      + "f26229f02d4cb941646acee83bf267e09e5730aa69c8b0dc5ca523313806099d05aec1f30d98f3833126"
      + "4bdd1f59107a65d207bdc2ac6b5674ddcf8b7a43b25d2aa0")

  private static func gate(_ ordinal: Int) throws -> PacketGate {
    let library = try CryptoLibrary.shared()
    let list = try KeyList(file: Array(secret.utf8), library)
    return PacketGate(
      Keyring(list, cluster: cluster, ordinal: ordinal, size: 3, library), session: session,
      RejectionMeter())
  }

  @Test func `a member seals as another program seals`() throws {
    let gate = try Self.gate(1)
    var bytes = [UInt8](repeating: 0, count: Self.datagram.count)
    let count = gate.seal(Self.packet, into: &bytes, at: 0, as: .datagrams)
    #expect(count == Self.datagram.count && bytes == Self.datagram)
    _ = gate.sealed(frame: Self.packet)
    #expect(gate.sealed(frame: Self.packet) == Self.frame)
  }

  @Test func `a member opens what another program sealed`() throws {
    let gate = try Self.gate(2)
    var bytes = Self.datagram
    let range = gate.open(&bytes, bytes.indices, as: .datagrams, from: nil)
    #expect(range.map { Array(bytes[$0]) } == Self.packet)
    bytes = Self.frame
    #expect(gate.open(&bytes, bytes.indices, as: .frames, from: nil) != nil)
    #expect(try Packet(decoding: Self.packet).sections == [.ping(nonce: 0x1122_3344_5566_7788)])
  }

  @Test func `a library that isn't there is told by name`() {
    #expect {
      try CryptoLibrary(names: ["libcrypto-of-nobody.so.9"])
    } throws: { "\($0)".contains("libcrypto-of-nobody.so.9") }
    #expect {
      try CryptoLibrary(names: ["libc.so.6"])
    } throws: { "\($0)" == "libcrypto has no EVP_CIPHER_CTX_new" }
  }
}
