/// One whole request.
package struct Request: Sendable, Equatable {
  /// What is to be done.
  package var method: Method
  /// To what.
  package var target: RequestTarget
  /// Whether the client speaks HTTP/1.1, not 1.0.
  package var isVersion11: Bool
  /// The header fields.
  package var fields: Fields
  /// The body, its transfer coding undone.
  package var body: [UInt8]

  /// Whether another request may follow: the default of HTTP/1.1, on request with HTTP/1.0.
  package var keepsAlive: Bool {
    let options = fields.elements("connection")
    if options.contains(where: { $0.equals(ignoringCase: "close") }) { return false }
    return isVersion11 || options.contains { $0.equals(ignoringCase: "keep-alive") }
  }

  /// The host, with its port if one was given, for which the request is meant: the target's, when it
  /// names one, else the `Host` field's (RFC 9112 §3.2.2).
  package var authority: ArraySlice<UInt8>? {
    target.authority.map { $0[...] } ?? fields.only("host")
  }
}
