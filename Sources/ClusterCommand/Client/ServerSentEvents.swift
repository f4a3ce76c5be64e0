/// One event of a feed (WHATWG HTML, 9.2 "Server-sent events").
struct ServerSentEvent: Hashable, Sendable {
  /// What kind it is; `message` where the sender didn't say.
  var name: String
  /// What happened, usually JSON on one line.
  var data: String
  /// Where to go on from after a loss; the last one that was sent.
  var id: String
}

/// Reads a feed from bytes as they come, however they are cut.
struct ServerSentEventReader {
  /// The most bytes of one event: a value of the store as JSON, with every byte escaped, fits.
  static let limit = 8 << 20

  /// How long the sender wants to be left alone after a loss; none until it says so.
  private(set) var retry: Duration?
  /// The last id that came, to be sent as `Last-Event-ID`.
  private(set) var lastID: String
  private var buffer: [UInt8] = []
  private var scanned = 0
  private var id: String
  private var name = ""
  private var data: [String] = []
  private var dataBytes = 0
  private var isAfterReturn = false

  /// Creates a reader that goes on after an id; an empty one means from now on.
  init(after id: String = "") {
    lastID = id
    self.id = id
  }

  /// Forgets the part of an event that came last: the connection ended within it.
  mutating func restart() { self = ServerSentEventReader(after: lastID, retry: retry) }

  private init(after id: String, retry: Duration?) {
    lastID = id
    self.id = id
    self.retry = retry
  }

  /// Takes the next bytes.
  ///
  /// - Returns: The events that they complete.
  /// - Throws: That an event has more bytes than the limit.
  mutating func receive(_ bytes: some Collection<UInt8>) throws(HTTPReplyError) -> [ServerSentEvent]
  {
    buffer += bytes
    var events: [ServerSentEvent] = []
    while let line = takeLine() {
      if line.isEmpty { take(&events) } else { read(line) }
    }
    guard buffer.count + dataBytes <= Self.limit else { throw .tooLarge(limit: Self.limit) }
    return events
  }

  /// The next line without its end, which is CR, LF or both.
  private mutating func takeLine() -> [UInt8]? {
    if isAfterReturn, let first = buffer.first {
      isAfterReturn = false
      if first == UInt8(ascii: "\n") { buffer.removeFirst() }
    }
    let isEnd = { (byte: UInt8) in byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
    guard let end = buffer[scanned...].firstIndex(where: isEnd) else {
      scanned = buffer.count
      return nil
    }
    let line = Array(buffer[..<end])
    isAfterReturn = buffer[end] == UInt8(ascii: "\r")
    buffer.removeFirst(end + 1)
    scanned = 0
    return line
  }

  private mutating func read(_ line: [UInt8]) {
    let parts = line.split(
      separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
    let field = String(decoding: parts[0], as: UTF8.self)
    var rest = parts.dropFirst().first ?? []
    if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
    let value = String(decoding: rest, as: UTF8.self)
    switch field {
    case "event": name = value
    case "data":
      data.append(value)
      dataBytes += rest.count
    case "id": if !rest.contains(0) { id = value }
    case "retry":
      if (1...9).contains(rest.count), rest.allSatisfy({ (48...57).contains($0) }),
        let milliseconds = Int(value)
      {
        retry = .milliseconds(milliseconds)
      }
    default: break  // a comment, or a field of a later version
    }
  }

  /// Ends an event; one without data is none. Only now its id counts: an event that was cut off is
  /// to come again.
  private mutating func take(_ events: inout [ServerSentEvent]) {
    lastID = id
    if !data.isEmpty {
      events.append(
        ServerSentEvent(
          name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"), id: lastID))
    }
    name = ""
    data = []
    dataBytes = 0
  }
}
