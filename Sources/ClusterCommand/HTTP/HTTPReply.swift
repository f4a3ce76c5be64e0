/// One reply, whole.
struct HTTPReply: Hashable, Sendable {
  /// The status, such as 200.
  var status: Int
  /// The header fields, names in lower case; of a repeated one the last.
  var fields: [String: String]
  /// The body, without its framing.
  var body: [UInt8]

  /// Whether the request was answered as it was meant.
  var isSuccess: Bool { (200..<300).contains(status) }

  /// The body as text, invalid bytes replaced.
  var text: String { String(decoding: body, as: UTF8.self) }
}

/// Why bytes are no reply. The server is to blame; the connection is of no further use.
enum HTTPReplyError: Error, Hashable {
  /// These bytes are not HTTP/1.1; says what was expected.
  case malformed(String)
  /// More bytes than the client takes.
  case tooLarge(limit: Int)
  /// The connection ended within the reply.
  case cutOff

  /// What was expected in the place of these bytes.
  var expectation: String {
    switch self {
    case .malformed(let expected): expected
    case .tooLarge(let limit): "at most \(limit) bytes"
    case .cutOff: "more bytes"
    }
  }
}
