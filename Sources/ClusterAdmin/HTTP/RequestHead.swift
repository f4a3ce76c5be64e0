/// The request line and the header fields of a request while they arrive, line by line.
struct RequestHead: Sendable {
  private let limits: HTTPLimits
  private var scanner = LineScanner()
  private var emptyLines = 0
  private var line: RequestLine?
  private var bytes: [UInt8] = []
  private var entries: [Fields.Entry] = []

  init(limits: HTTPLimits) { self.limits = limits }

  /// Reads on from `position` of `buffer`, and moves it behind what it has read.
  ///
  /// - Returns: The request without its body, once the empty line after the fields was read.
  mutating func read(_ buffer: [UInt8], from position: inout Int) throws(Refusal) -> Request? {
    while true {
      switch try scanner.scan(buffer, from: position, limit: lineLimit) {
      case .incomplete: return nil
      case .tooLong:
        throw line == nil
          ? Refusal(.targetTooLong, "The request line has more than \(limits.requestLine) bytes.")
          : tooManyFields
      case .line(let length):
        let content = buffer[position..<(position + length)]
        position += length + 2
        if let request = try lineRead(content) { return request }
      }
    }
  }

  private mutating func lineRead(_ content: ArraySlice<UInt8>) throws(Refusal) -> Request? {
    guard let line else {
      try firstLineRead(content)
      return nil
    }
    guard content.isEmpty else {
      try fieldRead(content)
      return nil
    }
    return Request(
      method: line.method, target: line.target, isVersion11: line.isVersion11,
      fields: Fields(bytes: bytes, entries: entries), body: [])
  }

  /// The most bytes that the line being read may have. Behind a full set of fields there is still
  /// room for the empty line.
  private var lineLimit: Int {
    line == nil ? limits.requestLine : limits.fieldBytes - bytes.count + 2
  }

  private var tooManyFields: Refusal {
    Refusal(
      .fieldsTooLarge,
      "There are more than \(limits.fields) header fields or \(limits.fieldBytes) bytes of them.")
  }

  /// A client may send an empty line or two before its request (RFC 9112 §2.2).
  private mutating func firstLineRead(_ content: ArraySlice<UInt8>) throws(Refusal) {
    guard content.isEmpty else {
      line = try RequestLine(content)
      return
    }
    emptyLines += 1
    guard emptyLines <= 2 else {
      throw Refusal(.badRequest, "A request must begin with its request line.")
    }
  }

  private mutating func fieldRead(_ content: ArraySlice<UInt8>) throws(Refusal) {
    guard entries.count < limits.fields, bytes.count + content.count + 2 <= limits.fieldBytes else {
      throw tooManyFields
    }
    entries.append(try Self.field(content, at: bytes.count))
    bytes.append(contentsOf: content)
    // The line end counts, since it was sent; it also keeps the names of two fields apart.
    bytes.append(0x0D)
    bytes.append(0x0A)
  }

  /// Splits a line into name and value, given where in the fields' bytes it will stand.
  static func field(
    _ content: ArraySlice<UInt8>, at offset: Int
  ) throws(Refusal) -> Fields.Entry {
    guard let first = content.first, !first.isBlank else {
      throw Refusal(.badRequest, "Header fields continued on the next line are not accepted.")
    }
    guard let colon = content.firstIndex(of: UInt8(ascii: ":")), colon > content.startIndex,
      content[..<colon].allSatisfy(\.isTokenCharacter)
    else {
      throw Refusal(.badRequest, "A header field must be a name, a colon at once, and a value.")
    }
    let value = content[(colon + 1)...].trimmingBlanks()
    let shift = offset - content.startIndex
    let start = value.isEmpty ? colon + 1 : value.startIndex
    return Fields.Entry(
      name: offset..<(colon + shift), value: (start + shift)..<(start + value.count + shift))
  }
}

/// The first line of a request: exactly three words with one space between them.
struct RequestLine: Sendable {
  let method: Method
  let target: RequestTarget
  let isVersion11: Bool

  init(_ content: ArraySlice<UInt8>) throws(Refusal) {
    let words = content.split(
      separator: 0x20, maxSplits: 3, omittingEmptySubsequences: false)
    guard words.count == 3, !words[0].isEmpty, words[0].allSatisfy(\.isTokenCharacter),
      !words[1].isEmpty
    else {
      throw Refusal(.badRequest, "The request line must be: method, target, HTTP version.")
    }
    isVersion11 = try Self.version(words[2])
    method = Method(words[0])
    if words[0].elementsEqual("CONNECT".utf8) {
      throw Refusal(.notImplemented, "This server is no proxy.")
    }
    target = try RequestTarget(words[1], method: method)
  }

  private static func version(_ word: ArraySlice<UInt8>) throws(Refusal) -> Bool {
    let bytes = Array(word)
    guard bytes.count == 8, bytes.starts(with: "HTTP/".utf8), bytes[5].isDigit,
      bytes[6] == UInt8(ascii: "."), bytes[7].isDigit
    else {
      throw Refusal(.badRequest, "The request line must end with the HTTP version.")
    }
    guard bytes[5] == UInt8(ascii: "1"), bytes[7] <= UInt8(ascii: "1") else {
      throw Refusal(.versionNotSupported, "Only HTTP/1.0 and HTTP/1.1 are spoken here.")
    }
    return bytes[7] == UInt8(ascii: "1")
  }
}
