/// A response's status code.
package struct Status: Hashable, Sendable {
  /// The three digits as a number.
  package let code: Int
  /// The words beside them, which are also a problem's title.
  package let reason: StaticString

  private init(_ code: Int, _ reason: StaticString) {
    self.code = code
    self.reason = reason
  }

  /// Whether two statuses have the same code.
  package static func == (left: Status, right: Status) -> Bool { left.code == right.code }

  /// Feeds the code to a hasher.
  package func hash(into hasher: inout Hasher) { hasher.combine(code) }

  package static let ok = Status(200, "OK")
  package static let noContent = Status(204, "No Content")
  package static let notModified = Status(304, "Not Modified")
  package static let badRequest = Status(400, "Bad Request")
  package static let unauthorized = Status(401, "Unauthorized")
  package static let forbidden = Status(403, "Forbidden")
  package static let notFound = Status(404, "Not Found")
  package static let methodNotAllowed = Status(405, "Method Not Allowed")
  package static let requestTimeout = Status(408, "Request Timeout")
  package static let conflict = Status(409, "Conflict")
  package static let preconditionFailed = Status(412, "Precondition Failed")
  package static let contentTooLarge = Status(413, "Content Too Large")
  package static let targetTooLong = Status(414, "URI Too Long")
  package static let unsupportedMediaType = Status(415, "Unsupported Media Type")
  package static let expectationFailed = Status(417, "Expectation Failed")
  package static let misdirected = Status(421, "Misdirected Request")
  package static let tooManyRequests = Status(429, "Too Many Requests")
  package static let fieldsTooLarge = Status(431, "Request Header Fields Too Large")
  package static let notImplemented = Status(501, "Not Implemented")
  package static let unavailable = Status(503, "Service Unavailable")
  package static let versionNotSupported = Status(505, "HTTP Version Not Supported")
  package static let storageFull = Status(507, "Insufficient Storage")

  /// Whether a response with this status never has a body.
  package var isBodiless: Bool { self == .noContent || self == .notModified }
}
