import ClusterAdmin
import ClusterCore
import Testing

/// Bytes that must be refused, each with the status that says why.
struct RefusalCase: CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  let status: Int

  var testDescription: String { name }

  init(_ name: String, _ text: String, _ status: Int) {
    self.name = name
    self.bytes = Array(text.utf8)
    self.status = status
  }

  private static let get = "GET / HTTP/1.1\r\nHost: app-0\r\n"
  private static let put = "PUT /keys/k HTTP/1.1\r\nHost: app-0\r\n"

  static let requestLines = [
    RefusalCase("HTTP/0.9", "GET /\r\n", 400),
    RefusalCase("a lower-case version", "GET / http/1.1\r\n", 400),
    RefusalCase("a version without a point", "GET / HTTP/11\r\n", 400),
    RefusalCase("HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    RefusalCase("HTTP/1.2", "GET / HTTP/1.2\r\n", 505),
    RefusalCase("HTTP/3.0", "GET / HTTP/3.0\r\n", 505),
    RefusalCase("two spaces", "GET  / HTTP/1.1\r\n", 400),
    RefusalCase("a space at the end", "GET / HTTP/1.1 \r\n", 400),
    RefusalCase("a space at the start", " GET / HTTP/1.1\r\n", 400),
    RefusalCase("a tab between words", "GET\t/ HTTP/1.1\r\n", 400),
    RefusalCase("a method that is no token", "G@T / HTTP/1.1\r\n", 400),
    RefusalCase("no method", "/ HTTP/1.1\r\n", 400),
    RefusalCase("a relative path", "GET keys HTTP/1.1\r\n", 400),
    RefusalCase("an asterisk for GET", "GET * HTTP/1.1\r\n", 400),
    RefusalCase("a fragment", "GET /#a HTTP/1.1\r\n", 400),
    RefusalCase("a byte beyond ASCII in the target", "GET /ä HTTP/1.1\r\n", 400),
    RefusalCase("another scheme", "GET ftp://app-0/ HTTP/1.1\r\n", 400),
    RefusalCase("a user in the target", "GET http://u@app-0/ HTTP/1.1\r\n", 400),
    RefusalCase("no host in an absolute target", "GET http:/// HTTP/1.1\r\n", 400),
    RefusalCase("CONNECT", "CONNECT app-0:80 HTTP/1.1\r\n", 501),
    RefusalCase("a long request line", "GET /" + String(repeating: "a", count: 9_000), 414),
    RefusalCase("a long method", String(repeating: "A", count: 9_000), 414),
    RefusalCase("three empty lines first", "\r\n\r\n\r\n" + get + "\r\n", 400),
    RefusalCase("TLS", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", 400),
  ]

  static let fields = [
    RefusalCase("a bare LF", "GET / HTTP/1.1\nHost: app-0\n\n", 400),
    RefusalCase("a bare LF after a field", get + "A: b\n\r\n", 400),
    RefusalCase("a bare CR", get + "A: b\rC: d\r\n\r\n", 400),
    RefusalCase("CR CR LF", get + "A: b\r\r\n\r\n", 400),
    RefusalCase("a NUL in a value", get + "A: \u{0}\r\n\r\n", 400),
    RefusalCase("a NUL in a name", get + "A\u{0}: b\r\n\r\n", 400),
    RefusalCase("a control character", get + "A: \u{8}\r\n\r\n", 400),
    RefusalCase("a delete character", get + "A: \u{7F}\r\n\r\n", 400),
    RefusalCase("a folded field", get + "A: b\r\n c\r\n\r\n", 400),
    RefusalCase("a folded first field", "GET / HTTP/1.1\r\n Host: app-0\r\n\r\n", 400),
    RefusalCase("a space before the colon", get + "A : b\r\n\r\n", 400),
    RefusalCase("a field without a colon", get + "A\r\n\r\n", 400),
    RefusalCase("a field without a name", get + ": b\r\n\r\n", 400),
    RefusalCase("a name beyond ASCII", get + "Ä: b\r\n\r\n", 400),
    RefusalCase("no Host", "GET / HTTP/1.1\r\n\r\n", 400),
    RefusalCase("two Hosts", get + "Host: app-0\r\n\r\n", 400),
    RefusalCase("two Hosts in 1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400),
    RefusalCase("an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400),
    RefusalCase("two names in a Host", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400),
    RefusalCase("a Host with a path", "GET / HTTP/1.1\r\nHost: app-0/x\r\n\r\n", 400),
    RefusalCase("a Host with a long port", "GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n", 400),
    RefusalCase(
      "65 fields", get + String(repeating: "A: b\r\n", count: 64) + "\r\n", 431),
    RefusalCase("a long field", get + "A: " + String(repeating: "b", count: 17_000), 431),
    RefusalCase(
      "many long fields",
      get + String(repeating: "A: \(String(repeating: "b", count: 1_000))\r\n", count: 17), 431),
  ]

  static let bodies = [
    RefusalCase(
      "both framings", put + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    RefusalCase(
      "both framings, the other order",
      put + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", 400),
    RefusalCase("two lengths", put + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n", 400),
    RefusalCase("a list of lengths", put + "Content-Length: 3, 3\r\n\r\n", 400),
    RefusalCase("an empty length", put + "Content-Length:\r\n\r\n", 400),
    RefusalCase("a signed length", put + "Content-Length: +3\r\n\r\n", 400),
    RefusalCase("a negative length", put + "Content-Length: -3\r\n\r\n", 400),
    RefusalCase("a hexadecimal length", put + "Content-Length: 0x3\r\n\r\n", 400),
    RefusalCase("a length with a space", put + "Content-Length: 3 3\r\n\r\n", 400),
    RefusalCase("a large length", put + "Content-Length: 1048577\r\n\r\n", 413),
    RefusalCase(
      "a length beyond 64 bits", put + "Content-Length: 99999999999999999999999\r\n\r\n", 413),
    RefusalCase("another coding", put + "Transfer-Encoding: gzip\r\n\r\n", 501),
    RefusalCase("gzip, then chunked", put + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
    RefusalCase("nearly chunked", put + "Transfer-Encoding: xchunked\r\n\r\n", 501),
    RefusalCase("identity", put + "Transfer-Encoding: identity\r\n\r\n", 501),
    RefusalCase("chunked twice", put + "Transfer-Encoding: chunked, chunked\r\n\r\n", 400),
    RefusalCase(
      "chunked in two fields",
      put + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    RefusalCase("an empty coding", put + "Transfer-Encoding:\r\n\r\n", 400),
    RefusalCase(
      "chunked in 1.0",
      "PUT /keys/k HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    RefusalCase("another expectation", put + "Expect: tea\r\nContent-Length: 1\r\n\r\n", 417),
    chunked("a chunk size that is no number", "x\r\n"),
    chunked("an empty chunk size", "\r\n"),
    chunked("a signed chunk size", "-1\r\n"),
    chunked("a prefixed chunk size", "0x1\r\na\r\n0\r\n\r\n"),
    chunked("a space behind a chunk size", "1 \r\na\r\n"),
    chunked("a bare LF behind a chunk size", "1\na\r\n"),
    chunked("a chunk longer than its size", "1\r\nab\r\n"),
    chunked("a chunk shorter than its size", "3\r\nab\r\n0\r\n\r\n"),
    chunked("a long chunk extension", "1;" + String(repeating: "e", count: 300) + "\r\n"),
    chunked("a control character in an extension", "1;a\u{1}\r\n"),
    chunked("a large chunk", "100001\r\n", 413),
    chunked("a chunk size beyond 64 bits", "FFFFFFFFFFFFFFFFFF\r\n", 413),
    chunked(
      "chunks that are too large together",
      "fffff\r\n" + String(repeating: "a", count: 0xFFFFF)
        + "\r\n2\r\n", 413),
    chunked("a trailer field without a colon", "0\r\nabc\r\n\r\n"),
    chunked("a large trailer", "0\r\nA: " + String(repeating: "b", count: 17_000), 431),
    chunked("a long trailer", "0\r\n" + String(repeating: "A: b\r\n", count: 65), 431),
  ]

  private static func chunked(_ name: String, _ body: String, _ status: Int = 400) -> RefusalCase {
    RefusalCase(name, put + "Transfer-Encoding: chunked\r\n\r\n" + body, status)
  }
}

@Suite struct RefusalTests {
  @Test(arguments: RefusalCase.requestLines + RefusalCase.fields + RefusalCase.bodies)
  func `what two programs could read differently is refused`(refusal: RefusalCase) throws {
    var conversation = Conversation()
    conversation.send(refusal.bytes)
    let replies = try Reply.all(in: conversation.output)
    #expect(replies.map(\.status) == [refusal.status])
    let reply = try #require(replies.first)
    #expect(reply["content-type"] == "application/problem+json")
    #expect(reply["connection"] == "close")
    #expect(reply["host"] == "app-0")
    #expect(reply.text.contains("\"status\":\(refusal.status)"))
    #expect(conversation.cluster.keyCount == 0)
  }

  @Test(arguments: RefusalCase.requestLines + RefusalCase.fields + RefusalCase.bodies)
  func `nothing is read behind a refusal`(refusal: RefusalCase) throws {
    var conversation = Conversation()
    conversation.send(
      refusal.bytes
        + Array("PUT /keys/k HTTP/1.1\r\nHost: app-0\r\nContent-Length: 0\r\n\r\n".utf8))
    conversation.send("PUT /keys/k HTTP/1.1\r\nHost: app-0\r\nContent-Length: 0\r\n\r\n")
    #expect(try Reply.all(in: conversation.output).map(\.status) == [refusal.status])
    #expect(conversation.cluster.keyCount == 0)
    #expect(conversation.connection.isFinished)
  }
}
