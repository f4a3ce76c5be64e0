/// What a request is about: the second word of the request line (RFC 9112 §3.2).
package struct RequestTarget: Sendable, Equatable {
  /// The path as it was sent, beginning with a slash; `*` for the whole server.
  package var path: [UInt8]
  /// What follows the question mark, if there is one.
  package var query: [UInt8]?
  /// The host of a target in absolute form, with its port.
  package var authority: [UInt8]?

  /// Reads a target in origin, absolute or asterisk form.
  init(_ bytes: ArraySlice<UInt8>, method: Method) throws(Refusal) {
    guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
      throw Refusal(.badRequest, "The request target has a character that must be percent-encoded.")
    }
    var rest = bytes
    if bytes.first != UInt8(ascii: "/"), let afterScheme = Self.skippingScheme(bytes) {
      let end =
        afterScheme.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
        ?? afterScheme.endIndex
      let authority = afterScheme[..<end]
      guard HostName(authority) != nil else {
        throw Refusal(.badRequest, "The request target's host is malformed.")
      }
      self.authority = Array(authority)
      rest = afterScheme[end...]
      if rest.first != UInt8(ascii: "/") { rest = [UInt8(ascii: "/")] + rest }
    }
    let isAsterisk = method == .options && rest.elementsEqual("*".utf8)
    guard isAsterisk || rest.first == UInt8(ascii: "/") else {
      throw Refusal(.badRequest, "The request target must begin with a slash or with http://.")
    }
    if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
      path = Array(rest[..<mark])
      query = Array(rest[(mark + 1)...])
    } else {
      path = Array(rest)
    }
  }

  private static func skippingScheme(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    for scheme: StaticString in ["http://", "https://"] {
      let prefix = bytes.prefix(scheme.utf8CodeUnitCount)
      if prefix.equals(ignoringCase: scheme) { return bytes[prefix.endIndex...] }
    }
    return nil
  }
}
