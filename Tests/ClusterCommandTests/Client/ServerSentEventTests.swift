import Testing

@testable import ClusterCommand

private func events(_ text: String, by size: Int = .max) throws -> [ServerSentEvent] {
  var reader = ServerSentEventReader()
  var events: [ServerSentEvent] = []
  let bytes = Array(text.utf8)
  for start in stride(from: 0, to: bytes.count, by: min(size, bytes.count)) {
    events += try reader.receive(bytes[start..<min(start + min(size, bytes.count), bytes.count)])
  }
  return events
}

@Suite struct ServerSentEventTests {
  private static let feed =
    ": ping\n\nid: 7\nevent: leaderChanged\ndata: {\"a\":1}\n\ndata:x\ndata: y\nstrange\n\nid: 9\n\n"
  private static let expected = [
    ServerSentEvent(name: "leaderChanged", data: "{\"a\":1}", id: "7"),
    ServerSentEvent(name: "message", data: "x\ny", id: "7"),
  ]

  @Test(arguments: [1, 2, 3, 7, Int.max], ["\n", "\r\n", "\r"])
  func `a feed is read however it is cut, with each kind of line end`(
    size: Int, end: String
  ) throws {
    let text = Self.feed.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: end)
    #expect(try events(text, by: size) == Self.expected)
  }

  @Test func `an event that was cut off is forgotten, where to go on is not`() throws {
    var reader = ServerSentEventReader(after: "3")
    #expect(
      try reader.receive(Array("retry: 250\nid: 4\ndata: a\n\nid: 5\ndata: b".utf8)).count == 1)
    reader.restart()
    #expect(reader.lastID == "4")
    #expect(reader.retry == .milliseconds(250))
    let next = try reader.receive(Array("data: c\n\n".utf8))
    #expect(next.map(\.data) == ["c"])
  }

  @Test func `an event without end is refused`() throws {
    var reader = ServerSentEventReader()
    let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    #expect(throws: HTTPReplyError.tooLarge(limit: ServerSentEventReader.limit)) {
      for _ in 0...8 { _ = try reader.receive(chunk) }
    }
    var lines = ServerSentEventReader()
    let line = Array("data: ".utf8) + chunk + [UInt8(ascii: "\n")]
    #expect(throws: HTTPReplyError.self) { for _ in 0...8 { _ = try lines.receive(line) } }
  }
}
