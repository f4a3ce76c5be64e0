import ClusterAdmin
import ClusterCore
import Testing

@Suite struct KeyRouteTests {
  @Test func `a value is written, read, overwritten and deleted`() throws {
    var conversation = Conversation()
    #expect(try conversation.ask("PUT /keys/k", body: "one").text == #"{"key":"k"}"#)
    #expect(try conversation.ask("GET /keys/k").text == #"{"key":"k","value":"one"}"#)
    #expect(try conversation.ask("PUT /keys/k", body: "tw\"o\n").status == 200)
    #expect(try conversation.ask("GET /keys/k").text == #"{"key":"k","value":"tw\"o\n"}"#)
    #expect(try conversation.ask("GET /").text.contains(#""store":{"size":1,"#))
    #expect(try conversation.ask("DELETE /keys/k").text == #"{"key":"k"}"#)
    #expect(try conversation.ask("GET /keys/k").status == 404)
  }

  @Test(arguments: ["GET", "DELETE"])
  func `an absent key is a problem that names it`(method: String) throws {
    var conversation = Conversation()
    let reply = try conversation.ask("\(method) /keys/a%22b")
    #expect(reply.status == 404)
    #expect(reply["content-type"] == "application/problem+json")
    #expect(reply.text.contains(#""key":"a\"b"}"#))
  }

  @Test func `an empty value is a value`() throws {
    var conversation = Conversation()
    #expect(try conversation.ask("PUT /keys/k").status == 200)
    #expect(try conversation.ask("GET /keys/k").text == #"{"key":"k","value":""}"#)
  }

  @Test(arguments: [
    ("a%2Fb", "a/b"), ("a%252Fb", "a%2Fb"), ("%C3%A4", "ä"), ("a+b", "a+b"), ("%2e%2e", ".."),
    ("<img>", "<img>"),
  ])
  func `a key is one segment, decoded once`(segment: String, key: String) throws {
    var conversation = Conversation()
    #expect(try conversation.ask("PUT /keys/\(segment)", body: "v").status == 200)
    #expect(conversation.cluster.entry(try Key(key)) != nil)
    #expect(
      try conversation.ask("GET /keys/\(segment)").text == "{\"key\":\"\(key)\",\"value\":\"v\"}")
  }

  @Test(arguments: [
    "/keys/%", "/keys/%4", "/keys/%zz", "/keys/%ff", "/keys/%c3", "/keys/",
    "/keys/\(String(repeating: "k", count: 513))",
  ])
  func `what cannot be a key is refused`(path: String) throws {
    var conversation = Conversation()
    for method in ["GET", "PUT", "DELETE"] {
      #expect(try conversation.ask("\(method) \(path)").status == 400)
    }
    #expect(conversation.cluster.keyCount == 0)
  }

  @Test func `an encoded body is refused and changes nothing`() throws {
    var conversation = Conversation()
    conversation.send(
      "PUT /keys/k HTTP/1.1\r\nHost: app-0\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx")
    conversation.send(
      "PUT /keys/l HTTP/1.1\r\nHost: app-0\r\nContent-Encoding: Identity\r\nContent-Length: 1\r\n\r\nx"
    )
    #expect(try Reply.all(in: conversation.output).map(\.status) == [415, 200])
    #expect(conversation.cluster.keyCount == 1)
  }

  @Test func `bytes that are no text come as Base64, or as they are`() throws {
    var conversation = Conversation()
    conversation.send(
      Array("PUT /keys/k HTTP/1.1\r\nHost: app-0\r\nContent-Length: 3\r\n\r\n".utf8)
        + [0xFF, 0x00, 0x80])
    #expect(try conversation.ask("GET /keys/k").text == #"{"key":"k","base64":"/wCA"}"#)
    for accept in ["application/octet-stream", "*/*;q=0.1, application/octet-stream"] {
      let reply = try conversation.ask("GET /keys/k", ["Host: app-0", "Accept: \(accept)"])
      #expect(reply.body == [0xFF, 0x00, 0x80])
      #expect(reply["content-type"] == "application/octet-stream")
      #expect(reply["x-content-type-options"] == "nosniff")
      #expect(reply["content-security-policy"] == "default-src 'none'; sandbox")
    }
  }

  @Test func `a time to live is passed on`() throws {
    var conversation = Conversation()
    #expect(try conversation.ask("PUT /keys/k?ttl=60", body: "v").status == 200)
    let life = conversation.cluster.lives.first
    #expect(life == .seconds(60))
  }

  @Test(arguments: ["0", "-1", "+1", "", "1.5", "x", "99999999999999999999", "3155760001", "1%20"])
  func `a time to live that is none is refused`(text: String) throws {
    var conversation = Conversation()
    #expect(try conversation.ask("PUT /keys/k?ttl=\(text)", body: "v").status == 400)
    #expect(conversation.cluster.keyCount == 0)
  }

  @Test func `a key is created only once when asked so`() throws {
    var conversation = Conversation()
    let fields = ["Host: app-0", "If-None-Match: *"]
    #expect(try conversation.ask("PUT /keys/k", fields, body: "1").status == 200)
    let second = try conversation.ask("PUT /keys/k", fields, body: "2")
    #expect(second.status == 412)
    #expect(second.text.contains(#""key":"k"}"#))
    #expect(try conversation.ask("GET /keys/k").text == #"{"key":"k","value":"1"}"#)
  }

  @Test func `a value is replaced only while it is the one that was read`() throws {
    var conversation = Conversation()
    #expect(try conversation.ask("PUT /keys/k", ["Host: app-0", "If-Match: *"]).status == 412)
    _ = try conversation.ask("PUT /keys/k", body: "1")
    let tag = try #require(try conversation.ask("GET /keys/k")["etag"])
    let fields = ["Host: app-0", "If-Match: \"x\", \(tag)"]
    #expect(try conversation.ask("PUT /keys/k", fields, body: "2").status == 200)
    #expect(try conversation.ask("PUT /keys/k", fields, body: "3").status == 412)
    #expect(try conversation.ask("DELETE /keys/k", fields).status == 412)
    #expect(try conversation.ask("PUT /keys/k", ["Host: app-0", "If-Match: x"]).status == 400)
    #expect(try conversation.ask("PUT /keys/k", ["Host: app-0", "If-Match:"]).status == 400)
    #expect(try conversation.ask("GET /keys/k").text == #"{"key":"k","value":"2"}"#)
  }

  @Test func `the same value written again has another tag`() throws {
    var conversation = Conversation()
    _ = try conversation.ask("PUT /keys/k", body: "1")
    let first = try conversation.ask("GET /keys/k")["etag"]
    _ = try conversation.ask("PUT /keys/k", body: "1")
    #expect(try conversation.ask("GET /keys/k")["etag"] != first)
  }

  @Test func `a reader who has the value is told so`() throws {
    var conversation = Conversation()
    _ = try conversation.ask("PUT /keys/k", body: "1")
    let tag = try #require(try conversation.ask("GET /keys/k")["etag"])
    let reply = try conversation.ask("GET /keys/k", ["Host: app-0", "If-None-Match: W/\(tag)"])
    #expect(reply.status == 304)
    #expect(reply["etag"] == tag)
  }

  @Test func `keys come in pages`() throws {
    var conversation = Conversation()
    for key in ["a", "b%2F1", "b%2F2", "b%2F3", "c"] {
      _ = try conversation.ask("PUT /keys/\(key)")
    }
    #expect(
      try conversation.ask("GET /keys").text
        == #"{"keys":["a","b/1","b/2","b/3","c"],"next":null}"#)
    #expect(
      try conversation.ask("GET /keys?prefix=b/&limit=2").text
        == #"{"keys":["b/1","b/2"],"next":"b/2"}"#)
    #expect(
      try conversation.ask("GET /keys?prefix=b%2F&limit=2&after=b/2").text
        == #"{"keys":["b/3"],"next":null}"#)
    #expect(try conversation.ask("GET /keys?limit=100000").status == 200)
    for limit in ["0", "-1", "x", ""] {
      #expect(try conversation.ask("GET /keys?limit=\(limit)").status == 400)
    }
  }

  @Test func `a purge leaves nothing`() throws {
    var conversation = Conversation()
    _ = try conversation.ask("PUT /keys/a")
    #expect(try conversation.ask("DELETE /keys").text == "{}")
    #expect(conversation.cluster.keyCount == 0)
  }

  @Test(arguments: [
    (StoreError.notReady, 503), (.ended, 503), (.full(bytes: 2, limit: 1), 507),
    (.valueTooLarge(bytes: 2, limit: 1), 413), (.keyTooLong(bytes: 2, limit: 1), 400),
  ])
  func `what the store refuses is told as a problem`(error: StoreError, status: Int) throws {
    var conversation = Conversation()
    conversation.cluster.change { $0.storeError = error }
    for line in ["PUT /keys/k", "DELETE /keys/k", "DELETE /keys"] {
      let reply = try conversation.ask(line)
      #expect(reply.status == status)
      #expect(reply["content-type"] == "application/problem+json")
    }
  }
}
