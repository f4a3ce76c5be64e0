/// One answer.
package struct Response: Sendable {
  /// Its status.
  package var status: Status
  /// Its header fields, without those that follow from the connection and the body.
  package var fields: [Field]
  /// Its body; not sent in answer to HEAD.
  package var body: [UInt8]
  /// What follows the body, without an end; the connection is closed after it.
  package var feed: (any EventFeed)?

  /// One header field.
  package struct Field: Sendable, Equatable {
    /// Its name, which never comes from outside.
    package var name: FieldName
    /// Its value.
    package var value: FieldValue
  }

  /// Creates an answer.
  package init(_ status: Status, body: [UInt8] = []) {
    self.status = status
    self.fields = []
    self.body = body
  }

  /// Creates an answer with a JSON body.
  package static func json(_ status: Status, _ write: (inout JSONWriter) -> Void) -> Response {
    var response = Response(status, body: JSONWriter.text(write))
    response.add(.contentType, "application/json")
    return response
  }

  /// Adds a header field.
  package mutating func add(_ name: FieldName, _ value: FieldValue) {
    fields.append(Field(name: name, value: value))
  }

  /// The value of the first field with a name.
  package subscript(name: FieldName) -> String? {
    fields.first { $0.name == name }.map { String(decoding: $0.value.bytes, as: UTF8.self) }
  }

  /// What the connection is to do after an answer, as far as the answer has to say it.
  enum Ending {
    /// What the version does by itself.
    case unsaid
    /// Stay open for an HTTP/1.0 client that asked for it.
    case keepAlive
    /// Close.
    case close
  }

  /// Appends the bytes of the answer to `output`.
  func encode(into output: inout [UInt8], omitsBody: Bool, ending: Ending) {
    output.reserveCapacity(output.count + 256 + (omitsBody ? 0 : body.count))
    output.append("HTTP/1.1 ")
    output.append(contentsOf: String(status.code).utf8)
    output.append(0x20)
    output.append(status.reason)
    output.append("\r\n")
    for field in fields {
      output.append(field.name.text)
      output.append(": ")
      output.append(contentsOf: field.value.bytes)
      output.append("\r\n")
    }
    if !status.isBodiless, feed == nil {
      output.append("content-length: ")
      output.append(contentsOf: String(body.count).utf8)
      output.append("\r\n")
    }
    switch ending {
    case .unsaid: break
    case .keepAlive: output.append("connection: keep-alive\r\n")
    case .close: output.append("connection: close\r\n")
    }
    output.append("\r\n")
    if !omitsBody, !status.isBodiless { output.append(contentsOf: body) }
  }
}

/// The name of a header field of an answer: one of these and no other, so none can be forged.
package struct FieldName: Hashable, Sendable {
  let text: StaticString

  private init(_ text: StaticString) { self.text = text }

  /// Whether two names are the same.
  package static func == (left: FieldName, right: FieldName) -> Bool {
    left.text.utf8CodeUnitCount == right.text.utf8CodeUnitCount
      && left.text.description == right.text.description
  }

  /// Feeds the name to a hasher.
  package func hash(into hasher: inout Hasher) { hasher.combine(text.description) }

  package static let allow = FieldName("allow")
  package static let cacheControl = FieldName("cache-control")
  package static let contentSecurityPolicy = FieldName("content-security-policy")
  package static let date = FieldName("date")
  package static let contentType = FieldName("content-type")
  package static let contentTypeOptions = FieldName("x-content-type-options")
  package static let etag = FieldName("etag")
  /// When a value ends, in milliseconds since 1970: `Expires` and `Cache-Control` know seconds only.
  package static let expiry = FieldName("cluster-expires")
  package static let host = FieldName("host")
  package static let link = FieldName("link")
  package static let location = FieldName("location")
  package static let retryAfter = FieldName("retry-after")
  package static let referrerPolicy = FieldName("referrer-policy")
  package static let vary = FieldName("vary")
  package static let accelBuffering = FieldName("x-accel-buffering")
  package static let wwwAuthenticate = FieldName("www-authenticate")
}

/// The value of a header field of an answer: visible ASCII and spaces, whatever it was made of. A
/// line end in it would begin another field, or another answer (CVE-2022-3215).
package struct FieldValue: Sendable, Equatable, ExpressibleByStringLiteral {
  let bytes: [UInt8]

  /// Takes a text; every byte that may not stand in a field is percent-encoded.
  package init(_ text: String) {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte >= 0x20, byte < 0x7F {
        bytes.append(byte)
      } else {
        bytes += [
          UInt8(ascii: "%"), hexadecimalDigit(byte >> 4), hexadecimalDigit(byte & 0xF),
        ]
      }
    }
    self.bytes = bytes
  }

  /// Takes a literal.
  package init(stringLiteral literal: String) { self.init(literal) }
}

extension [UInt8] {
  /// Appends the bytes of a literal.
  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }
}
