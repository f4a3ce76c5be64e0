import ClusterAdmin
import ClusterCore

/// A client's connection to a member in memory, with a clock that only moves when told to.
struct Conversation {
  static let loopback = Address(family: .v4, high: 0, low: 0x7F00_0001, port: 50_000)
  static let stranger = Address(family: .v4, high: 0, low: 0xC633_6407, port: 50_000)

  let cluster: InMemoryCluster
  var connection: HTTPConnection<AdminSite>
  var now = Instant(nanoseconds: 1_000_000_000)
  var output: [UInt8] = []

  init(
    cluster: InMemoryCluster = InMemoryCluster(), token: String? = nil, isOpen: Bool = false,
    peer: Address = Self.loopback
  ) {
    self.init(
      cluster: cluster,
      policy: AccessPolicy(
        token: token.map { Array($0.utf8) }, isOpen: isOpen,
        hosts: ["app-0", "App-0.app.prod.svc.cluster.local", "admin.example"]),
      peer: peer)
  }

  init(
    cluster: InMemoryCluster = InMemoryCluster(), policy: AccessPolicy,
    peer: Address = Self.loopback, demo: (any DemoNetwork)? = nil
  ) {
    self.cluster = cluster
    connection = HTTPConnection(
      responder: AdminSite(
        cluster: cluster, policy: policy, demo: demo,
        wallMilliseconds: { 784_111_777_000 }),
      peer: peer, limits: HTTPLimits(), at: now)
  }

  mutating func send(_ text: String) { send(Array(text.utf8)) }

  mutating func send(_ bytes: [UInt8]) {
    connection.received(bytes, at: now)
    collect()
  }

  mutating func endInput() {
    connection.inputClosed(at: now)
    collect()
  }

  /// Moves the clock, and wakes the connection if its deadline was reached.
  mutating func wait(_ span: Span64) {
    now = now + span
    if connection.deadline <= now { connection.timedOut(at: now) }
    collect()
  }

  private mutating func collect() {
    while case let taken = connection.takeOutput(), !taken.isEmpty { output += taken }
  }

  /// What was answered until now.
  var text: String { String(decoding: output, as: UTF8.self) }

  /// Sends a request in an exchange of its own, and gives the one answer.
  mutating func ask(
    _ line: String, _ fields: [String] = ["Host: app-0"], body: String = ""
  ) throws -> Reply {
    output = []
    let length = body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"]
    send(
      "\(line) HTTP/1.1\r\n" + (fields + length).map { $0 + "\r\n" }.joined() + "\r\n" + body)
    let replies = try Reply.all(in: output, isHead: { _ in line.hasPrefix("HEAD ") })
    guard replies.count == 1 else { throw Malformed("\(replies.count) answers") }
    return replies[0]
  }
}

/// One answer, read by a parser that accepts nothing malformed.
struct Reply {
  var status: Int
  var fields: [(name: String, value: String)]
  var body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }

  subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  /// Reads whole answers until the bytes end; `isHead` says which were asked for by HEAD, counting
  /// final answers from zero.
  static func all(in bytes: [UInt8], isHead: (Int) -> Bool = { _ in false }) throws -> [Reply] {
    var rest = bytes[...]
    var replies: [Reply] = []
    var final = 0
    while !rest.isEmpty {
      let reply = try read(&rest, isHead: isHead(final))
      replies.append(reply)
      if reply.status >= 200 { final += 1 }
    }
    return replies
  }

  private static func read(_ rest: inout ArraySlice<UInt8>, isHead: Bool) throws -> Reply {
    let words = try line(&rest).split(separator: " ", maxSplits: 2)
    guard words.count == 3, words[0] == "HTTP/1.1", words[1].count == 3,
      let status = Int(words[1])
    else { throw Malformed("status line") }
    var fields: [(name: String, value: String)] = []
    while case let text = try line(&rest), !text.isEmpty {
      guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix(": "),
        text[..<colon].utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x2D })
      else { throw Malformed("field \(text)") }
      fields.append((String(text[..<colon]), String(text[colon...].dropFirst(2))))
    }
    var reply = Reply(status: status, fields: fields, body: [])
    let length = reply["content-length"].flatMap { Int($0) }
    if status == 204 || status == 304 || status < 200 {
      guard length == nil else { throw Malformed("length of \(status)") }
    } else {
      guard let length else { throw Malformed("no length") }
      guard !isHead else { return reply }
      guard rest.count >= length else { throw Malformed("short body") }
      reply.body = Array(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return reply
  }

  private static func line(_ rest: inout ArraySlice<UInt8>) throws -> String {
    guard let end = rest.firstIndex(of: 0x0A), end > rest.startIndex, rest[end - 1] == 0x0D else {
      throw Malformed("line end")
    }
    let content = rest[..<(end - 1)]
    guard content.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { throw Malformed("characters") }
    rest = rest[(end + 1)...]
    return String(decoding: content, as: UTF8.self)
  }
}

/// Why an answer isn't one.
struct Malformed: Error {
  let what: String
  init(_ what: String) { self.what = what }
}
