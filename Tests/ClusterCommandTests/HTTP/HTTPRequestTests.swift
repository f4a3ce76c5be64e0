import Testing

@testable import ClusterCommand

@Suite struct HTTPRequestTests {
  @Test func `a request has host, length and fields`() {
    let request = HTTPRequest(
      method: "PUT", target: "/keys/a", fields: ["B": "2", "A": "1"], body: Array("hi".utf8))
    #expect(
      String(decoding: request.encoded(host: "h:1"), as: UTF8.self)
        == "PUT /keys/a HTTP/1.1\r\nHost: h:1\r\nA: 1\r\nB: 2\r\nContent-Length: 2\r\n\r\nhi")
  }

  @Test(arguments: [
    ("abc-_~", "abc-_~"), ("a/b", "a%2Fb"), ("a b+c", "a%20b%2Bc"), ("100%", "100%25"),
    ("é", "%C3%A9"), ("\r\n", "%0D%0A"), ("a.b", "a.b"), (".", "%2E"), ("..", "%2E%2E"),
    ("...", "..."), ("?#&=", "%3F%23%26%3D"),
  ])
  func `every text is one segment`(text: String, expected: String) {
    #expect(percentEncoded(text) == expected)
  }

  @Test(arguments: [
    ("http://a", "a:80", ""), ("http://a:8080/", "a:8080", ""), ("HTTP://a:1", "a:1", ""),
    ("http://127.0.0.1:8080", "127.0.0.1:8080", ""), ("http://[::1]:81", "[::1]:81", ""),
    ("http://[::1]", "[::1]:80", ""), ("http://a/b/c/", "a:80", "/b/c"),
  ])
  func `a URL names host, port and prefix`(text: String, authority: String, prefix: String) throws {
    let url = try #require(AdminURL(text))
    #expect(url.authority == authority)
    #expect(url.prefix == prefix)
  }

  @Test(arguments: [
    "", "a:8080", "https://a", "http://", "http://:80", "http://a:", "http://a:0", "http://a:b",
    "http://user@a", "http://a?x", "http://a/b?x", "http://a/b#c", "http://::1", "http://a/b c",
    "http://a/\r\nX: y", "ftp://a",
  ])
  func `what isn't a plain HTTP address is none`(text: String) {
    #expect(AdminURL(text) == nil)
  }
}
