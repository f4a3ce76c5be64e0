import Testing

@testable import ClusterCommand

/// Reads a reply from pieces of `step` bytes; a step of zero gives all at once.
private func read(
  _ text: String, step: Int = 0, thenEnds: Bool = false, limit: Int = 100
) throws(HTTPReplyError) -> HTTPReplyReader {
  var reader = HTTPReplyReader(bodyLimit: limit)
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let piece = rest.prefix(step == 0 ? rest.count : step)
    try reader.receive(piece)
    rest.removeFirst(piece.count)
  }
  if thenEnds { try reader.ended() }
  return reader
}

private func failure(_ text: String, thenEnds: Bool = false, limit: Int = 100) -> HTTPReplyError? {
  do throws(HTTPReplyError) {
    _ = try read(text, thenEnds: thenEnds, limit: limit)
    return nil
  } catch {
    return error
  }
}

@Suite struct HTTPReplyReaderTests {
  @Test(arguments: [
    ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true),
    ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", true),
    ("HTTP/1.1 404 Not Found\r\ncontent-length:2\r\nConnection: close\r\n\r\n{}", 404, "{}", false),
    ("HTTP/1.1 204 No Content\r\n\r\n", 204, "", true),
    ("HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n", 304, "", true),
    ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 \r\nContent-Length: 1\r\n\r\na", 200, "a", true),
    (
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n"
        + "0\r\nTrailer: x\r\n\r\n",
      200, "abc0123456789", true
    ),
    ("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", 200, "", true),
  ])
  func `a reply is the same however its bytes are cut`(
    text: String, status: Int, body: String, isReusable: Bool
  ) throws {
    for step in 0...text.utf8.count {
      let reader = try read(text, step: step)
      #expect(reader.reply?.status == status, "in pieces of \(step)")
      #expect(reader.reply?.text == body, "in pieces of \(step)")
      #expect(reader.isReusable == isReusable)
    }
  }

  @Test func `no reply is whole before its last byte`() throws {
    let whole = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
    for count in 0..<whole.utf8.count {
      let part = String(decoding: Array(whole.utf8.prefix(count)), as: UTF8.self)
      #expect(try read(part).reply == nil)
      #expect(failure(part, thenEnds: true) == .cutOff)
    }
  }

  @Test func `without a length the end of the connection ends the body`() throws {
    #expect(try read("HTTP/1.1 200 OK\r\n\r\nhello").reply == nil)
    let reader = try read("HTTP/1.1 200 OK\r\n\r\nhello", thenEnds: true)
    #expect(reader.reply?.text == "hello")
    #expect(!reader.isReusable)
  }

  @Test func `bytes behind a reply end the connection's use`() throws {
    let reader = try read("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc")
    #expect(reader.reply?.text == "a")
    #expect(!reader.isReusable)
  }

  @Test func `fields are found in lower case`() throws {
    let reader = try read("HTTP/1.1 200 OK\r\nHOST:  app-0 \r\nContent-Length: 0\r\n\r\n")
    #expect(reader.reply?.fields["host"] == "app-0")
  }

  @Test(arguments: [
    "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n",
    "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    "HTTP/1.1 200 OK\r\nname : x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\n",
  ])
  func `what isn't a plain reply is refused`(text: String) {
    guard case .malformed = failure(text) else {
      Issue.record("\(text.debugDescription) gives \(String(describing: failure(text)))")
      return
    }
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 101),
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + String(repeating: "1", count: 2_000),
    "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 70_000),
  ])
  func `a reply that is too large is refused before it is held`(text: String) {
    guard case .tooLarge = failure(text) else {
      Issue.record("it gives \(String(describing: failure(text)))")
      return
    }
  }

  @Test func `the largest body that is allowed is read`() throws {
    let body = String(repeating: "x", count: 100)
    #expect(try read("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + body).reply?.text == body)
  }
}
