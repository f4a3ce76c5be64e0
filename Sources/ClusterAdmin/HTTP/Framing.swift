/// How a request's body is delimited. Two programs that read these fields differently disagree about
/// where the next request begins; so whatever is not plainly one of three shapes is refused (request
/// smuggling, RFC 9112 §11.2).
enum Framing: Equatable {
  /// There is no body.
  case none
  /// A body of so many bytes, more than zero.
  case length(Int)
  /// A body in chunks.
  case chunked

  /// Reads the framing of a request whose head is complete.
  init(of request: Request, limits: HTTPLimits) throws(Refusal) {
    try Self.checkHost(of: request)
    let codings = request.fields.values("transfer-encoding")
    let lengths = request.fields.values("content-length")
    guard codings.isEmpty || lengths.isEmpty else {
      throw Refusal(.badRequest, "Content-Length and Transfer-Encoding exclude each other.")
    }
    if !codings.isEmpty {
      try Self.checkCodings(codings, of: request)
      self = .chunked
    } else if !lengths.isEmpty {
      let length = try Self.length(lengths, limit: limits.body)
      self = length == 0 ? .none : .length(length)
    } else {
      self = .none
    }
  }

  /// Whether the client waits for a word before it sends the body.
  func waitsForContinue(_ request: Request) throws(Refusal) -> Bool {
    guard request.isVersion11 else { return false }
    let expectations = request.fields.elements("expect")
    guard expectations.allSatisfy({ $0.equals(ignoringCase: "100-continue") }) else {
      throw Refusal(.expectationFailed, "Only Expect: 100-continue can be fulfilled.")
    }
    return !expectations.isEmpty && self != .none
  }

  private static func checkHost(of request: Request) throws(Refusal) {
    let hosts = request.fields.values("host")
    guard hosts.count == 1 || (hosts.isEmpty && !request.isVersion11) else {
      throw Refusal(.badRequest, "A request must have exactly one Host field.")
    }
    if let host = hosts.first, HostName(host) == nil {
      throw Refusal(.badRequest, "The Host field must be a name or an address, and maybe a port.")
    }
  }

  private static func checkCodings(
    _ codings: [ArraySlice<UInt8>], of request: Request
  ) throws(Refusal) {
    guard request.isVersion11 else {
      throw Refusal(.badRequest, "HTTP/1.0 has no Transfer-Encoding.")
    }
    if codings.count == 1, codings[0].equals(ignoringCase: "chunked") { return }
    let elements = request.fields.elements("transfer-encoding")
    guard elements.contains(where: { !$0.equals(ignoringCase: "chunked") }) else {
      throw Refusal(.badRequest, "Transfer-Encoding must be: chunked, once.")
    }
    throw Refusal(.notImplemented, "The only transfer coding understood is chunked.")
  }

  private static func length(
    _ values: [ArraySlice<UInt8>], limit: Int
  ) throws(Refusal) -> Int {
    guard let first = values.first, !first.isEmpty, first.allSatisfy(\.isDigit),
      values.allSatisfy({ $0 == first })
    else {
      throw Refusal(.badRequest, "Content-Length must be one number of decimal digits.")
    }
    var length = 0
    for digit in first {
      length = length * 10 + Int(digit - 0x30)
      guard length <= limit else { throw .bodyTooLarge(limit) }
    }
    return length
  }
}

extension Refusal {
  /// The body is, or is said to be, larger than allowed.
  static func bodyTooLarge(_ limit: Int) -> Refusal {
    Refusal(.contentTooLarge, "The body may have \(limit) bytes at most.")
  }
}
