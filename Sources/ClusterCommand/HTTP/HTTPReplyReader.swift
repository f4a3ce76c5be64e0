/// Reads one HTTP/1.1 reply from bytes as they come, however they are cut.
///
/// It has a limit for the head and one for the body, and refuses framings that could be read in two
/// ways (RFC 9112, 6.3). A reply to HEAD cannot be read: nobody here asks.
struct HTTPReplyReader {
  /// The most bytes of status line and header fields.
  static let headLimit = 64 << 10

  private enum State {
    /// Status line and fields; then `body` or `chunk`.
    case head
    /// So many bytes are missing, or all until the end of the connection; then `complete`.
    case body(remaining: Int?)
    /// The line with a chunk's size; then `chunkData`, or `trailer` after the last.
    case chunkSize
    /// So many bytes of the chunk and the line end behind it; then `chunkSize`.
    case chunkData(remaining: Int)
    /// Fields behind the last chunk, up to an empty line; then `complete`.
    case trailer
    /// Nothing more is read.
    case complete
  }

  private let bodyLimit: Int
  private var state = State.head
  private var buffer: [UInt8] = []
  private var head = HTTPReply(status: 0, fields: [:], body: [])

  /// Creates a reader that takes at most so many bytes of a body.
  init(bodyLimit: Int) { self.bodyLimit = bodyLimit }

  /// The reply, once it is whole.
  var reply: HTTPReply? {
    if case .complete = state { head } else { nil }
  }

  /// The reply's status, once its head has come.
  var status: Int? {
    if case .head = state { nil } else { head.status }
  }

  /// What has come of the body since the last call. Whoever takes it as it comes may read a body
  /// that is larger than the limit.
  mutating func takeBody() -> [UInt8] {
    defer { head.body = [] }
    return head.body
  }

  /// Whether the connection can be asked again: the reply is whole, its end was marked, nothing came
  /// behind it, and the server doesn't close.
  private(set) var isReusable = false

  /// Takes the next bytes.
  mutating func receive(_ bytes: some Collection<UInt8>) throws(HTTPReplyError) {
    buffer += bytes
    while try step() {}
    if case .complete = state, !buffer.isEmpty { isReusable = false }
  }

  /// Takes the end of the connection.
  mutating func ended() throws(HTTPReplyError) {
    switch state {
    case .complete: break
    case .body(remaining: nil): state = .complete
    case .head, .body, .chunkSize, .chunkData, .trailer: throw .cutOff
    }
  }

  /// Does one thing with the buffer. False when that needs more bytes, or nothing is to be done.
  private mutating func step() throws(HTTPReplyError) -> Bool {
    switch state {
    case .head: return try readHead()
    case .body(let remaining): return try readBody(remaining)
    case .chunkSize: return try readChunkSize()
    case .chunkData(let remaining): return try readChunkData(remaining)
    case .trailer: return try readTrailer()
    case .complete: return false
    }
  }

  private mutating func readHead() throws(HTTPReplyError) -> Bool {
    guard let end = endOfHead() else {
      guard buffer.count <= Self.headLimit else { throw .tooLarge(limit: Self.headLimit) }
      return false
    }
    guard end <= Self.headLimit else { throw .tooLarge(limit: Self.headLimit) }
    var lines = buffer[..<(end - 4)].split(separator: UInt8(ascii: "\n")).map { line in
      String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
    buffer.removeFirst(end)
    guard !lines.isEmpty else { throw .malformed("an HTTP status line") }
    head.status = try Self.status(lines.removeFirst())
    head.fields = try Self.fields(lines)
    if (100..<200).contains(head.status) { return true }
    state = try framing()
    isReusable = head.fields["connection"]?.lowercased() != "close"
    if case .body(remaining: nil) = state { isReusable = false }
    return true
  }

  private func framing() throws(HTTPReplyError) -> State {
    let length = head.fields["content-length"]
    if head.status == 204 || head.status == 304 { return .complete }
    if let coding = head.fields["transfer-encoding"] {
      guard coding.lowercased() == "chunked", length == nil else {
        throw .malformed("chunked and no other transfer coding or length")
      }
      return .chunkSize
    }
    guard let length else { return .body(remaining: nil) }
    guard let count = Self.number(length, radix: 10) else { throw .malformed("a Content-Length") }
    guard count <= bodyLimit else { throw .tooLarge(limit: bodyLimit) }
    return .body(remaining: count)
  }

  private mutating func readBody(_ remaining: Int?) throws(HTTPReplyError) -> Bool {
    let count = min(remaining ?? buffer.count, buffer.count)
    try takeBody(count)
    guard let remaining else { return false }
    state = count == remaining ? .complete : .body(remaining: remaining - count)
    return false
  }

  private mutating func readChunkSize() throws(HTTPReplyError) -> Bool {
    guard let line = try takeLine() else { return false }
    let digits = line.prefix { $0 != ";" }
    guard let size = Self.number(String(digits), radix: 16) else {
      throw .malformed("the size of a chunk")
    }
    guard size <= bodyLimit - head.body.count else { throw .tooLarge(limit: bodyLimit) }
    state = size == 0 ? .trailer : .chunkData(remaining: size)
    return true
  }

  private mutating func readChunkData(_ remaining: Int) throws(HTTPReplyError) -> Bool {
    let count = min(remaining, buffer.count)
    try takeBody(count)
    guard count == remaining else {
      state = .chunkData(remaining: remaining - count)
      return false
    }
    guard buffer.count >= 2 else {
      state = .chunkData(remaining: 0)
      return false
    }
    guard buffer.starts(with: [UInt8(ascii: "\r"), UInt8(ascii: "\n")]) else {
      throw .malformed("a line end behind a chunk")
    }
    buffer.removeFirst(2)
    state = .chunkSize
    return true
  }

  private mutating func readTrailer() throws(HTTPReplyError) -> Bool {
    guard let line = try takeLine() else { return false }
    if line.isEmpty { state = .complete }
    return true
  }

  private mutating func takeBody(_ count: Int) throws(HTTPReplyError) {
    guard count <= bodyLimit - head.body.count else { throw .tooLarge(limit: bodyLimit) }
    head.body += buffer[..<count]
    buffer.removeFirst(count)
  }

  private mutating func takeLine() throws(HTTPReplyError) -> String? {
    guard let end = buffer.firstIndex(of: UInt8(ascii: "\n")) else {
      guard buffer.count <= 1_024 else { throw .tooLarge(limit: 1_024) }
      return nil
    }
    let line = buffer[..<end]
    guard line.last == UInt8(ascii: "\r") else { throw .malformed("CR LF") }
    let text = String(decoding: line.dropLast(), as: UTF8.self)
    buffer.removeFirst(end + 1)
    return text
  }

  /// The index behind the empty line that ends the head.
  private func endOfHead() -> Int? {
    let mark = Array("\r\n\r\n".utf8)
    guard buffer.count >= mark.count else { return nil }
    for start in 0...min(buffer.count - mark.count, Self.headLimit)
    where buffer[start] == mark[0] && buffer[start..<start + mark.count].elementsEqual(mark) {
      return start + mark.count
    }
    return nil
  }

  private static func status(_ line: String) throws(HTTPReplyError) -> Int {
    let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count >= 2, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0",
      words[1].utf8.count == 3, let status = number(String(words[1]), radix: 10), status >= 100
    else { throw .malformed("an HTTP status line") }
    return status
  }

  private static func fields(_ lines: [String]) throws(HTTPReplyError) -> [String: String] {
    var fields: [String: String] = [:]
    for line in lines {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(" ") else {
        throw .malformed("a header field")
      }
      let name = parts[0].lowercased()
      let value = String(parts[1].drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      if name == "content-length", let earlier = fields[name], earlier != value {
        throw .malformed("one Content-Length")
      }
      fields[name] = value
    }
    return fields
  }

  private static func number(_ digits: String, radix: Int) -> Int? {
    guard (1...15).contains(digits.utf8.count), digits.utf8.allSatisfy({ $0 != 43 && $0 != 45 })
    else { return nil }
    return Int(digits, radix: radix)
  }
}
