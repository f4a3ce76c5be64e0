import ClusterAdmin
import ClusterCore
import Testing

@Suite struct HTTPConnectionTests {
  static let get = "GET / HTTP/1.1\r\nHost: app-0\r\n\r\n"

  static func put(_ key: String, _ value: String) -> String {
    "PUT /keys/\(key) HTTP/1.1\r\nHost: app-0\r\nContent-Length: \(value.utf8.count)\r\n\r\n\(value)"
  }

  @Test func `requests sent ahead are answered in order`() throws {
    var conversation = Conversation()
    conversation.send(
      Self.put("a", "1") + "GET /keys/a HTTP/1.1\r\nHost: app-0\r\n\r\n"
        + "GET /keys/b HTTP/1.1\r\nHost: app-0\r\n\r\n" + Self.put("b", "2"))
    let replies = try Reply.all(in: conversation.output)
    #expect(replies.map(\.status) == [200, 200, 404, 200])
    #expect(replies[1].text == #"{"key":"a","value":"1"}"#)
    #expect(!conversation.connection.isFinished)
  }

  @Test func `a connection stays open for the next request`() throws {
    var conversation = Conversation()
    for _ in 0..<3 {
      conversation.send(Self.get)
      conversation.wait(.seconds(50))
    }
    #expect(try Reply.all(in: conversation.output).map(\.status) == [200, 200, 200])
    #expect(!conversation.connection.isFinished)
  }

  @Test func `a client that says close gets its answer and the end`() throws {
    var conversation = Conversation()
    conversation.send("GET / HTTP/1.1\r\nHost: app-0\r\nConnection: foo, Close\r\n\r\n" + Self.get)
    let replies = try Reply.all(in: conversation.output)
    #expect(replies.count == 1)
    #expect(replies.first?["connection"] == "close")
    #expect(conversation.connection.isFinished)
  }

  @Test func `HTTP 1.0 closes unless it asks for more`() throws {
    var conversation = Conversation()
    conversation.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")
    #expect(!conversation.connection.isFinished)
    conversation.send("GET / HTTP/1.0\r\n\r\n")
    #expect(conversation.connection.isFinished)
    let replies = try Reply.all(in: conversation.output)
    #expect(replies.map { $0["connection"] } == ["keep-alive", "close"])
  }

  @Test func `HEAD has the fields of GET and no body`() throws {
    var conversation = Conversation()
    let whole = try conversation.ask("GET /")
    let head = try conversation.ask("HEAD /")
    #expect(head.status == 200)
    #expect(head["content-length"] == whole["content-length"])
    #expect(head.body.isEmpty)
  }

  @Test func `a client that waits is told to continue`() throws {
    var conversation = Conversation()
    conversation.send(
      "PUT /keys/k HTTP/1.1\r\nHost: app-0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n")
    #expect(conversation.text == "HTTP/1.1 100 Continue\r\n\r\n")
    conversation.send("v")
    #expect(try Reply.all(in: conversation.output).map(\.status) == [100, 200])
  }

  @Test func `a client that waits with too large a body is not told to continue`() throws {
    var conversation = Conversation()
    conversation.send(
      "PUT /keys/k HTTP/1.1\r\nHost: app-0\r\nContent-Length: 9999999\r\nExpect: 100-continue\r\n\r\n"
    )
    #expect(try Reply.all(in: conversation.output).map(\.status) == [413])
  }

  @Test func `a slow head is refused five seconds after its first byte`() throws {
    var conversation = Conversation()
    conversation.wait(.seconds(30))
    for byte in "GET / ".utf8 {
      conversation.send([byte])
      conversation.wait(.milliseconds(700))
    }
    #expect(conversation.output.isEmpty)
    conversation.wait(.seconds(1))
    #expect(try Reply.all(in: conversation.output).map(\.status) == [408])
    #expect(conversation.connection.isFinished)
  }

  @Test func `a body that stops is refused after the grace`() throws {
    var conversation = Conversation()
    conversation.send("PUT /keys/k HTTP/1.1\r\nHost: app-0\r\nContent-Length: 10\r\n\r\n12345")
    conversation.wait(.milliseconds(4_900))
    #expect(conversation.output.isEmpty)
    conversation.wait(.milliseconds(200))
    #expect(try Reply.all(in: conversation.output).map(\.status) == [408])
  }

  @Test func `a body that keeps to the rate is taken however long it is`() throws {
    var conversation = Conversation()
    conversation.send("PUT /keys/k HTTP/1.1\r\nHost: app-0\r\nContent-Length: 102400\r\n\r\n")
    for _ in 0..<100 {
      conversation.send(Array(repeating: 0x61, count: 1_024))
      conversation.wait(.seconds(1))
    }
    #expect(try Reply.all(in: conversation.output).map(\.status) == [200])
  }

  @Test func `a trickled chunked body is refused`() throws {
    var conversation = Conversation()
    conversation.send(
      "PUT /keys/k HTTP/1.1\r\nHost: app-0\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in 0..<6 where conversation.output.isEmpty {
      conversation.send("1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\na\r\n")
      conversation.wait(.seconds(1))
    }
    #expect(try Reply.all(in: conversation.output).map(\.status) == [408])
  }

  @Test func `a silent connection is closed without a word`() {
    var conversation = Conversation()
    conversation.wait(.seconds(59))
    #expect(!conversation.connection.isFinished)
    conversation.wait(.seconds(1))
    #expect(conversation.connection.isFinished)
    #expect(conversation.output.isEmpty)
  }

  @Test func `a client that closes its side still gets its answers`() throws {
    var conversation = Conversation()
    conversation.send(Self.get + Self.get)
    conversation.endInput()
    #expect(try Reply.all(in: conversation.output).map(\.status) == [200, 200])
    #expect(conversation.connection.isFinished)
  }

  @Test func `half a request is refused when the input ends`() throws {
    var conversation = Conversation()
    conversation.send("GET / HTTP/1.1\r\nHo")
    conversation.endInput()
    #expect(try Reply.all(in: conversation.output).map(\.status) == [400])
    #expect(conversation.connection.isFinished)
  }

  @Test func `a client whose answers were taken late has its time from then on`() throws {
    var conversation = Conversation()
    conversation.send(Self.put("k", String(repeating: "v", count: 100_000)))
    conversation.output = []
    let request = Array("GET /keys/k HTTP/1.1\r\nHost: app-0\r\n\r\n".utf8)
    conversation.connection.received(request + request.prefix(9), at: conversation.now)
    #expect(conversation.connection.deadline == .distantFuture)
    conversation.now = conversation.now + .seconds(20)
    conversation.wait(.zero)
    conversation.wait(.seconds(1))
    #expect(!conversation.connection.isFinished)
    conversation.wait(.milliseconds(4_900))
    conversation.send(Array(request.dropFirst(9)))
    #expect(try Reply.all(in: conversation.output).map(\.status) == [200, 200])
    conversation.send("GET ")
    conversation.wait(.seconds(5))
    #expect(conversation.connection.isFinished)
  }

  @Test func `answers that are not taken hold further requests back`() throws {
    var conversation = Conversation()
    conversation.send(Self.put("k", String(repeating: "v", count: 50_000)))
    conversation.output = []
    let request = Array("GET /keys/k HTTP/1.1\r\nHost: app-0\r\n\r\n".utf8)
    for _ in 0..<100 { conversation.connection.received(request, at: conversation.now) }
    conversation.connection.inputClosed(at: conversation.now)
    #expect(!conversation.connection.wantsInput)
    #expect(!conversation.connection.isFinished)
    var output: [UInt8] = []
    while case let taken = conversation.connection.takeOutput(), !taken.isEmpty {
      #expect(taken.count < 150_000)
      output += taken
    }
    #expect(try Reply.all(in: output).count == 100)
    #expect(conversation.connection.isFinished)
  }
}
