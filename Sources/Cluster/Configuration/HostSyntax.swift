/// What host names and address literals look like. Whether they exist is for the resolver to say.
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

  /// Whether `text` is an IPv4 or IPv6 address, without brackets.
  package static func isAddress(_ text: String) -> Bool {
    isVersion4(text) || isVersion6(text)
  }

  /// Whether `text` is four decimal numbers up to 255, without leading zeros.
  package static func isVersion4(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        (1...3).contains(part.utf8.count) && part.utf8.allSatisfy { (48...57).contains($0) }
          && (part.utf8.count == 1 || part.first != "0") && (Int(part) ?? 256) <= 255
      }
  }

  /// Whether `text` is eight groups of hexadecimal digits, of which one run may be left out (`::`)
  /// and the last two may be an IPv4 address (RFC 4291, 2.2).
  package static func isVersion6(_ text: String) -> Bool {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (3...9).contains(parts.count), text.hasPrefix(":") == text.hasPrefix("::"),
      text.hasSuffix(":") == text.hasSuffix("::")
    else { return false }
    var groups = 0
    if let last = parts.last, last.contains(".") {
      guard isVersion4(last) else { return false }
      parts[parts.count - 1] = "0"
      groups += 1
    }
    // A gap at either end shows as two empty parts, one in the middle as one.
    if parts.starts(with: ["", ""]) { parts.removeFirst() }
    if parts.suffix(2) == ["", ""] { parts.removeLast() }
    let gaps = parts.count { $0.isEmpty }
    groups += parts.count - gaps
    return parts.allSatisfy { $0.isEmpty || isGroup($0) }
      && (gaps == 0 ? groups == 8 : gaps == 1 && groups <= 7)
  }

  static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }

  private static func isGroup(_ text: String) -> Bool {
    text.utf8.count <= 4
      && text.utf8.allSatisfy {
        (48...57).contains($0) || (65...70).contains($0) || (97...102).contains($0)
      }
  }
}
