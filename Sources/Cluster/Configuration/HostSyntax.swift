/// What host names look like. Whether they exist is for the resolver to say.
package enum HostSyntax {
  /// Whether `text` is a host name: labels separated by dots, 253 bytes at most. A dot may end it.
  /// A name whose last label is a number is none: it is a mistyped IPv4 address (RFC 3696, 2).
  package static func isHostName(_ text: String) -> Bool {
    let name = text.hasSuffix(".") ? text.dropLast() : text[...]
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    guard name.utf8.count <= 253, labels.allSatisfy({ isLabel(String($0)) }), let last = labels.last
    else {
      return false
    }
    return !last.utf8.allSatisfy { (48...57).contains($0) }
  }

  /// Whether `text` is one label of a host name. Underscores are let through: they occur in private
  /// networks, and resolvers take them.
  package static func isLabel(_ text: String) -> Bool {
    (1...63).contains(text.utf8.count) && text.first != "-" && text.last != "-"
      && text.utf8.allSatisfy {
        isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
      }
  }

  static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }
}
