import ClusterAdmin
import ClusterCore
import Testing

@Suite struct SplitTests {
  static let conversations: [String] =
    [
      "GET / HTTP/1.1\r\nHost: app-0\r\n\r\n",
      "\r\nPUT /keys/a%20b?ttl=5 HTTP/1.1\r\nHost: app-0\r\nContent-Length: 5\r\n\r\nhello"
        + "GET /keys/a%20b HTTP/1.1\r\nHost: app-0\r\nConnection: close\r\n\r\n",
      "PUT /keys/k HTTP/1.1\r\nHost: app-0\r\nExpect: 100-continue\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nA: b\r\n\r\n"
        + "GET /keys/k HTTP/1.1\r\nHost: app-0\r\n\r\n",
      "GET http://app-0:80/keys?prefix=k&limit=2 HTTP/1.1\r\nHost: app-0\r\n\r\n"
        + "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nDELETE /keys HTTP/1.0\r\n\r\nGET /",
    ]
    + (RefusalCase.requestLines + RefusalCase.fields + RefusalCase.bodies)
    .filter { $0.bytes.count < 400 }.map { String(decoding: $0.bytes, as: UTF8.self) }

  @Test(arguments: conversations)
  func `a cut at any byte changes no answer`(conversation: String) {
    let bytes = Array(conversation.utf8)
    let whole = Self.answers(to: [bytes])
    for cut in bytes.indices {
      let pieces = [Array(bytes[..<cut]), Array(bytes[cut...])]
      #expect(Self.answers(to: pieces) == whole, "cut at \(cut)")
    }
    #expect(Self.answers(to: bytes.map { [$0] }) == whole)
  }

  @Test(arguments: (RefusalCase.requestLines + RefusalCase.fields).filter { $0.bytes.count > 400 })
  func `a long head is refused at the same byte however it is cut`(refusal: RefusalCase) {
    let whole = Self.answers(to: [refusal.bytes])
    #expect(Self.answers(to: refusal.bytes.map { [$0] }) == whole)
    for size in [2, 7, 1_000] {
      let pieces = stride(from: 0, to: refusal.bytes.count, by: size).map {
        Array(refusal.bytes[$0..<min($0 + size, refusal.bytes.count)])
      }
      #expect(Self.answers(to: pieces) == whole)
    }
  }

  private static func answers(to pieces: [[UInt8]]) -> [UInt8] {
    var conversation = Conversation()
    for piece in pieces { conversation.send(piece) }
    return conversation.output
  }
}
