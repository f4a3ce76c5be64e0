/// The host part of a `Host` field or of an `Origin`, in lower case and without its port.
package struct HostName: Hashable, Sendable {
  /// Whether it is an address rather than a name. Rebinding a name to another address cannot make a
  /// browser send one of these, so they are never refused.
  package let isAddress: Bool
  /// The name or address; the brackets of an IPv6 address are not part of it.
  package let text: String

  /// Reads `host` or `host:port`; none when it is neither.
  package init?(_ bytes: ArraySlice<UInt8>) {
    let host: ArraySlice<UInt8>
    let rest: ArraySlice<UInt8>
    if bytes.first == UInt8(ascii: "[") {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
      host = bytes[(bytes.startIndex + 1)..<end]
      rest = bytes[(end + 1)...]
      guard host.contains(UInt8(ascii: ":")), host.count <= 45,
        host.allSatisfy({
          $0.hexadecimalValue != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
        })
      else { return nil }
      isAddress = true
    } else {
      let end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
      host = bytes[..<end]
      rest = bytes[end...]
      guard !host.isEmpty, host.count <= 255, host.allSatisfy(Self.isNameCharacter) else {
        return nil
      }
      isAddress = Self.isDottedQuad(host)
    }
    guard rest.isEmpty || (rest.count <= 6 && rest.dropFirst().allSatisfy(\.isDigit)),
      rest.isEmpty || rest.first == UInt8(ascii: ":")
    else { return nil }
    var name = host.map(\.asciiLowercased)
    if name.count > 1, name.last == UInt8(ascii: ".") { name.removeLast() }
    text = String(decoding: name, as: UTF8.self)
  }

  private static func isNameCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
    default: false
    }
  }

  private static func isDottedQuad(_ host: ArraySlice<UInt8>) -> Bool {
    let parts = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return parts.count == 4
      && parts.allSatisfy { part in
        !part.isEmpty && part.count <= 3 && part.allSatisfy(\.isDigit)
          && part.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
      }
  }
}
