import ClusterAdmin
import ClusterCore
import Testing

@Suite struct RequestShapeTests {
  private func parsed(_ text: String) -> Request? {
    var parser = RequestParser(limits: HTTPLimits())
    parser.received(Array(text.utf8))
    if case .request(let request) = parser.next() { return request }
    return nil
  }

  private func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
  }

  @Test func `a target in absolute form names the host`() throws {
    let request = try #require(
      parsed("GET HTTP://Admin.Example:8080?a=b HTTP/1.1\r\nHost: other\r\n\r\n"))
    #expect(text(request.target.path) == "/")
    #expect(request.target.query.map { text($0) } == "a=b")
    #expect(request.authority.map { text($0) } == "Admin.Example:8080")
  }

  @Test func `field names are compared without case and values without blanks around them`() throws
  {
    let request = try #require(
      parsed("GET / HTTP/1.1\r\nhOsT:\t app-0 \t\r\nX-A:\r\nx-a: 2, ,3\r\n\r\n"))
    #expect(request.fields.only("host").map { text($0) } == "app-0")
    #expect(request.fields.values("x-a").map { text($0) } == ["", "2, ,3"])
    #expect(request.fields.elements("x-a").map { text($0) } == ["2", "3"])
    #expect(request.fields.only("x-a") == nil)
  }

  @Test func `the same length twice is one length`() throws {
    let request = try #require(
      parsed(
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 003\r\nContent-Length: 003\r\n\r\nabc"))
    #expect(text(request.body) == "abc")
  }

  @Test func `a chunked body comes out whole`() throws {
    let request = try #require(
      parsed(
        "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
          + "3;x=\"y\"\r\nabc\r\n00A\r\n0123456789\r\n000\r\nSum: 1\r\n\r\n"))
    #expect(text(request.body) == "abc0123456789")
  }

  @Test func `64 fields and a full request line are still taken`() {
    let fields = String(repeating: "A: b\r\n", count: 63)
    let path = String(repeating: "a", count: 8_192 - "GET / HTTP/1.1\r\n".utf8.count)
    #expect(parsed("GET /\(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n") != nil)
    #expect(parsed("GET /\(path)a HTTP/1.1\r\nHost: a\r\n\(fields)\r\n") == nil)
  }

  @Test func `exactly the allowed bytes of fields are still taken`() {
    let rest = 16_384 - "Host: a\r\nA: \r\n".utf8.count
    let value = String(repeating: "b", count: rest)
    #expect(parsed("GET / HTTP/1.1\r\nHost: a\r\nA: \(value)\r\n\r\n") != nil)
    #expect(parsed("GET / HTTP/1.1\r\nHost: a\r\nA: \(value)b\r\n\r\n") == nil)
  }

  @Test func `a body of exactly the limit is still taken`() throws {
    let body = String(repeating: "v", count: 1 << 20)
    let request = try #require(
      parsed("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n\(body)"))
    #expect(request.body.count == 1 << 20)
  }

  @Test(arguments: [
    ("app-0", "app-0", false), ("App-0.:8080", "app-0", false), ("127.0.0.1:80", "127.0.0.1", true),
    ("[::1]:80", "::1", true), ("[FE80::1]", "fe80::1", true), ("1.2.3.4.5", "1.2.3.4.5", false),
    ("256.0.0.1", "256.0.0.1", false),
  ])
  func `a host is read`(text: String, name: String, isAddress: Bool) throws {
    let host = try #require(HostName(Array(text.utf8)[...]))
    #expect(host.text == name)
    #expect(host.isAddress == isAddress)
  }

  @Test(arguments: ["", ":80", "a b", "a:b", "[::1", "[app]", "[::1]x", "a@b", "a/b", "a:80:80"])
  func `what is no host is not read`(text: String) {
    #expect(HostName(Array(text.utf8)[...]) == nil)
  }

  @Test func `percent-encoding is undone once`() {
    let decode = { (text: String) in PercentEncoding.decoded(Array(text.utf8)[...]) }
    #expect(decode("a%2Fb%2561%c3%a4+").map { self.text($0) } == "a/b%61ä+")
    for malformed in ["%", "%4", "%4g", "a%", "%%41"] { #expect(decode(malformed) == nil) }
  }

  @Test func `a query has each allowed name once`() throws {
    let query = try Query(Array("prefix=a%26+b%2B&limit".utf8), allowed: ["prefix", "limit"])
    #expect(query["prefix"] == "a& b+")
    #expect(query["limit"] == "")
    for bad in ["a=1", "prefix=1&prefix=1", "prefix=%", "prefix=%ff", "=1"] {
      #expect(throws: ProblemDetails.self) {
        try Query(Array(bad.utf8), allowed: ["prefix", "limit"])
      }
    }
  }

  @Test func `no line end gets into a header field`() {
    let value = FieldValue("a\r\nset-cookie: b\u{0}ä")
    var response = Response(.ok)
    response.add(.host, value)
    #expect(response[.host] == "a%0d%0aset-cookie: b%00%c3%a4")
  }
}
