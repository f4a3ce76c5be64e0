/// A member's name, taken apart: `orders-0` is the base `orders` and the ordinal 0.
///
/// The name goes into HTTP headers, URLs, logs and metrics as it is, so that it has letters, digits,
/// dots, dashes and underscores only. An ordinal has no leading zeros, so that it has one spelling.
package struct MemberName: Hashable, Sendable {
  /// What all members' names begin with, without the dash.
  package let base: String
  /// The number after the last dash.
  package let ordinal: Int

  /// The largest number that a member can have.
  package static let largestOrdinal = 999_999_999
  /// The most bytes that a name has: the longest host name.
  package static let longest = 253

  /// Takes a name apart.
  ///
  /// - Throws: That it isn't a member's name, and what is one.
  package init(_ name: String) throws(ConfigurationError) {
    guard !name.isEmpty else { throw .missing(.name) }
    guard name.utf8.count <= Self.longest, name.utf8.allSatisfy(Self.isAllowed) else {
      throw ConfigurationError(
        .name, value: name, problem: "\(escaped(name)) cannot stand in a URL or header",
        accepted: "letters, digits, '.', '-' and '_', at most \(Self.longest), ending in -ORDINAL")
    }
    guard let dash = name.lastIndex(of: "-"), dash != name.startIndex,
      let ordinal = Self.ordinal(name[name.index(after: dash)...])
    else {
      throw ConfigurationError(
        .name, value: name, problem: "\(escaped(name)) doesn't end in a dash and an ordinal",
        accepted: ConfigurationSetting.name.accepted)
    }
    self.base = String(name[..<dash])
    self.ordinal = ordinal
  }

  private static func ordinal(_ digits: Substring) -> Int? {
    guard !digits.isEmpty, digits.utf8.count <= 9, digits.utf8.allSatisfy(isDigit),
      digits.utf8.count == 1 || digits.first != "0"
    else { return nil }
    return Int(digits)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    HostSyntax.isLetterOrDigit(byte) || Array("-._".utf8).contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...57).contains(byte) }
}
