/// The keys that a member holds, in the order in which they were given: the first seals, all open.
///
/// A new key comes to all members in three steps, each finished everywhere before the next: it is
/// added behind the old one (all can open it), put first (it seals), and the old one is taken out.
struct KeyList: Hashable, Sendable {
  /// The most keys.
  static let limit = 16

  /// The keys, at least one, all different.
  let keys: [PacketKey]

  /// Why a text is no list of keys. It never shows a secret.
  struct Malformed: Error, Hashable {
    let problem: String
  }

  /// What is accepted, for error messages.
  static let accepted =
    "1 to \(limit) secrets of \(PacketKey.shortestSecret) to \(PacketKey.longestSecret) bytes, "
    + "such as 'cluster keygen' prints"

  /// The key that seals.
  var primary: PacketKey { keys[0] }

  /// The names of all keys, that of the first one first.
  var fingerprints: [KeyFingerprint] { keys.map(\.fingerprint) }

  /// All names in one number, whatever their order: what packets say of the keys that their sender
  /// accepts.
  var signature: UInt32 { keys.reduce(0) { $0 ^ $1.fingerprint.rawValue } }

  /// Reads a file: one secret a line. Empty lines and those that begin with `#` don't count, nor do
  /// blanks at a line's ends.
  init(file text: [UInt8], _ library: CryptoLibrary) throws(Malformed) {
    try self.init(secrets: Self.parts(of: text, separatedBy: [0x0A]), "line", library)
  }

  /// Reads a variable: secrets that are separated by commas, or stand on lines of their own.
  init(variable text: String, _ library: CryptoLibrary) throws(Malformed) {
    let parts = Self.parts(of: Array(text.utf8), separatedBy: [0x0A, UInt8(ascii: ",")])
    try self.init(secrets: parts, "entry", library)
  }

  private init(
    secrets: [(number: Int, text: [UInt8])], _ unit: String, _ library: CryptoLibrary
  ) throws(Malformed) {
    guard !secrets.isEmpty else { throw Malformed(problem: "there is no secret in it") }
    guard secrets.count <= Self.limit else {
      throw Malformed(problem: "there are \(secrets.count) secrets in it")
    }
    var keys: [PacketKey] = []
    for (number, text) in secrets {
      guard text.count >= PacketKey.shortestSecret else {
        throw Malformed(problem: "\(unit) \(number) is too short to be a secret")
      }
      guard text.count <= PacketKey.longestSecret, text.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
      else { throw Malformed(problem: "\(unit) \(number) is too long, or not text") }
      let key = PacketKey(secret: text, library)
      // One name for two keys would leave a receiver to guess; drawn at random, that never happens.
      guard !keys.contains(where: { $0.fingerprint == key.fingerprint }) else {
        throw Malformed(problem: "\(unit) \(number) says again what an earlier one says")
      }
      keys.append(key)
    }
    self.keys = keys
  }

  /// The key of that name, if it is held.
  func key(_ fingerprint: UInt32) -> PacketKey? {
    keys.first { $0.fingerprint.rawValue == fingerprint }
  }

  /// Which of these keys a member accepts that says `signature` of its own; nothing when it holds some
  /// that this list doesn't have.
  ///
  /// Complexity: O(2ⁿ) for n keys, of which only the first eight are looked at.
  func accepted(by signature: UInt32) -> [KeyFingerprint]? {
    let names = fingerprints.prefix(8)
    for subset in 1..<(1 << names.count) {
      let chosen = names.indices.filter { subset >> $0 & 1 == 1 }.map { names[$0] }
      if chosen.reduce(0, { $0 ^ $1.rawValue }) == signature { return chosen }
    }
    return nil
  }

  private static func parts(
    of text: [UInt8], separatedBy separators: [UInt8]
  ) -> [(number: Int, text: [UInt8])] {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
    return text.split(omittingEmptySubsequences: false, whereSeparator: separators.contains)
      .enumerated()
      .map { index, part in
        (index + 1, Array(part.drop(while: isBlank).reversed().drop(while: isBlank).reversed()))
      }
      .filter { !$0.text.isEmpty && $0.text.first != UInt8(ascii: "#") }
  }
}
