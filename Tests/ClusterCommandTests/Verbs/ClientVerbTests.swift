import Cluster
import Testing

@testable import ClusterCommand

private let green = """
  {"recovery":"auto","state":"green","size":2,"leader":"app-0","nodes":["app-0","app-1"],\
  "store":{"size":7,"ram_copies":["app-0","app-1"],\
  "replicas":{"all":["app-0","app-1"],"active":["app-0"]}}}
  """
private let red = """
  {"recovery":"manual","state":"red","size":2,"leader":null,"nodes":["app-0"],"store":{"size":0}}
  """

@Suite struct ClientVerbTests {
  @Test func `status is a table, or the member's own JSON`() async {
    let table = await CommandRun.of("status") { _ in reply(200, green) }
    #expect(table.status == .success)
    #expect(
      table.output == """
        state     green
        members   2 of 2: app-0, app-1
        leader    app-0
        recovery  auto
        keys      7
        replicas  1 of 2: app-0

        """)
    #expect(table.words == "")
    #expect(table.requestLines == ["GET / HTTP/1.1"])
    let json = await CommandRun.of("status", "--output", "json") { _ in reply(200, green + "\n") }
    #expect(json.output == green + "\n")
  }

  @Test func `a check tells green from the rest`() async {
    #expect(await CommandRun.of("status", "--check") { _ in reply(200, green) }.status == .success)
    let alone = await CommandRun.of("status", "--check") { _ in reply(200, red) }
    #expect(alone.status == .notGreen)
    #expect(alone.output.contains("leader    none"))
    #expect(await CommandRun.of("status") { _ in reply(200, red) }.status == .success)
  }

  @Test func `members are rows`() async {
    let run = await CommandRun.of("members") { _ in
      reply(
        200,
        #"""
        {"members":[{"name":"app-0","ordinal":0,"address":null,"state":"alive","boot":"18",
        "incarnation":"2"},{"name":"app-1","ordinal":1,"address":"10.0.0.2:7946","state":"dead",
        "boot":"0","incarnation":"0"}]}
        """#)
    }
    #expect(
      run.output == """
        NAME   STATE  ADDRESS        INCARNATION  BOOT
        app-0  alive  -              2            18
        app-1  dead   10.0.0.2:7946  0            0

        """)
  }

  @Test func `the leader is a name, and a word where that is not certain`() async {
    let confirmed = await CommandRun.of("leader") { _ in
      reply(200, #"{"leader":"app-0","confirmed":true,"term":"7"}"#)
    }
    #expect(confirmed.output == "app-0\n")
    #expect(confirmed.words == "")
    let provisional = await CommandRun.of("leader") { _ in
      reply(200, #"{"leader":"app-1","confirmed":false,"term":null}"#)
    }
    #expect(provisional.output == "app-1\n")
    #expect(provisional.words.contains("provisional"))
    let nobody = await CommandRun.of("leader") { _ in
      reply(200, #"{"leader":null,"confirmed":false,"term":null}"#)
    }
    #expect(nobody.status == .failure)
    #expect(nobody.output == "")
    // A member that doesn't lead answers 503, with the same body: proxies route by it.
    let elsewhere = await CommandRun.of("leader") { _ in
      reply(503, #"{"leader":"app-0","confirmed":true,"term":"7"}"#)
    }
    #expect(elsewhere.status == .success)
    #expect(elsewhere.output == "app-0\n")
  }

  @Test(arguments: [
    (["recover"], "PUT /?recovery=auto HTTP/1.1"),
    (["recover", "manual"], "PUT /?recovery=manual HTTP/1.1"),
    (["join", "app-1"], "POST /hosts/app-1 HTTP/1.1"),
    (["leave", "app-1"], "DELETE /hosts/app-1?mode=leave HTTP/1.1"),
    (["halt", "a/b"], "DELETE /hosts/a%2Fb?mode=halt HTTP/1.1"),
    (["get", "a b"], "GET /keys/a%20b HTTP/1.1"),
    (["delete", ".."], "DELETE /keys/%2E%2E HTTP/1.1"),
    (["put", "k", "v", "--ttl", "60"], "PUT /keys/k?ttl=60 HTTP/1.1"),
    (["list"], "GET /keys?limit=1000 HTTP/1.1"),
    (["list", "a/"], "GET /keys?limit=1000&prefix=a%2F HTTP/1.1"),
  ])
  func `each command asks for what it says`(words: [String], line: String) async {
    let run = await CommandRun.of(words: words) { _ in reply(503, "no") }
    #expect(run.requestLines == [line])
    #expect(run.status == .failure)
    #expect(run.words == "cluster \(words[0]): refused with status 503: no\n")
  }

  @Test func `changes carry the token, reads do not`() async {
    let files = ["/token": "secret\n"]
    let put = await CommandRun.of("put", "k", "v", "--token-file", "/token", files: files) { _ in
      reply(200, "{}")
    }
    #expect(put.status == .success)
    #expect(put.output == "")
    #expect(put.requests.first?.contains("\r\nAuthorization: Bearer secret\r\n") == true)
    #expect(put.requests.first?.hasSuffix("\r\n\r\nv") == true)
    let get = await CommandRun.of(
      "get", "k", files: files, environment: ["CLUSTER_ADMIN_TOKEN_FILE": "/token"]
    ) { _ in reply(200, "v") }
    #expect(get.output == "v")
    #expect(get.requests.first?.contains("secret") == false)
  }

  @Test(arguments: ["", "a\r\nX: y", String(repeating: "x", count: 5_000)])
  func `what holds no token is refused before anything is asked`(content: String) async {
    let run = await CommandRun.of("halt", "a", "--token-file", "/t", files: ["/t": content])
    #expect(run.status == .usage)
    #expect(run.requests == [])
  }

  @Test func `a value comes from standard input, or as an empty word`() async {
    let piped = await CommandRun.of("put", "k", "-", input: Array("piped".utf8)) { _ in
      reply(200, "{}")
    }
    #expect(piped.requests.first?.hasSuffix("\r\n\r\npiped") == true)
    let empty = await CommandRun.of("put", "k", "", "--if-absent") { _ in reply(200, "{}") }
    #expect(empty.requests.first?.contains("Content-Length: 0\r\n") == true)
    #expect(empty.requests.first?.contains("If-None-Match: *\r\n") == true)
  }

  @Test func `a value that no member takes is not sent`() async {
    let bytes = [UInt8](repeating: 0, count: 1 << 20 + 1)
    let run = await CommandRun.of("put", "k", "-", input: bytes)
    #expect(run.status == .failure)
    #expect(run.requests == [])
  }

  @Test func `a key that isn't there is not found`() async {
    for verb in ["get", "delete"] {
      let run = await CommandRun.of(verb, "k") { _ in reply(404, #"{"key":"k"}"#) }
      #expect(run.status == .failure)
      #expect(run.output == "")
      #expect(run.words == "cluster \(verb): there is no key 'k'\n")
    }
  }

  @Test func `a value is printed as it is, with a line end on a terminal only`() async {
    #expect(await CommandRun.of("get", "k") { _ in reply(200, "a\u{1}b") }.output == "a\u{1}b")
    #expect(
      await CommandRun.of("get", "k", isTerminal: true) { _ in reply(200, "a") }.output == "a\n")
  }

  @Test func `keys are listed page by page over one connection`() async {
    let run = await CommandRun.of("list") { request in
      request.contains("after=b")
        ? reply(200, #"{"keys":["c\n"],"next":null}"#)
        : reply(200, #"{"keys":["a","b"],"next":"b"}"#)
    }
    #expect(run.output == "a\nb\nc\n\n")
    #expect(run.requestLines.last == "GET /keys?limit=1000&after=b HTTP/1.1")
    #expect(run.connections == 1)
    let json = await CommandRun.of("list", "--output=json") { _ in
      reply(200, #"{"keys":["a","\"\n"],"next":null}"#)
    }
    #expect(json.output == #"["a","\"\n"]"# + "\n")
    #expect(
      await CommandRun.of("list") { _ in reply(200, #"{"keys":[],"next":null}"#) }.output == "")
  }

  @Test func `a kept connection that has ended is opened again for a read`() async {
    let run = await CommandRun.of("list") { request in
      if request.contains("after=a") { return reply(200, #"{"keys":["b"],"next":null}"#) }
      return reply(200, #"{"keys":["a"],"next":"a"}"#, fields: "X-Closes: Connection: close\r\n")
    }
    #expect(run.output == "a\nb\n")
    #expect(run.connections == 2)
  }

  @Test func `a refusal is told in its own words`() async {
    let run = await CommandRun.of("join", "nobody") { _ in
      reply(404, #"{"title":"Not Found","status":404,"detail":"No member\n\u001b[2J has it."}"#)
    }
    #expect(run.status == .failure)
    #expect(
      run.words
        == #"cluster join: refused with status 404: Not Found: No member\n\u001b[2J has it."# + "\n"
    )
  }

  @Test func `what doesn't answer is unreachable, what answers otherwise has failed`() async {
    #expect(await CommandRun.of("status").status == .unreachable)
    let closed = await CommandRun.of("status", "--url", "http://127.0.0.1:1")
    #expect(closed.status == .unreachable)
    #expect(closed.words.split(separator: "\n").count == 1)
    #expect(await CommandRun.of("status") { _ in "SSH-2.0\r\n\r\n" }.status == .failure)
    #expect(await CommandRun.of("status") { _ in reply(200, "[]") }.status == .failure)
  }

  @Test func `generated keys are 32 bytes in base64 and differ`() async {
    let (first, second) = (await CommandRun.of("keygen"), await CommandRun.of("keygen"))
    #expect(first.output.utf8.count == 45)
    #expect(first.output.hasSuffix("=\n"))
    #expect(first.output != second.output)
  }

  @Test func `the version is a line, or an object, and tells whether packets can be protected`()
    async
  {
    let run = await CommandRun.of("version", "--protects")
    #expect(run.status == .success)
    let wire = Cluster.wireVersions.upperBound
    #expect(run.output == "cluster \(Cluster.version) (wire format \(wire))\n")
    let json = await CommandRun.of("--version", "--output", "json")
    #expect(json.output.hasPrefix("{\"version\":\"\(Cluster.version)\",\"wire\":{"))
  }

  @Test func `wrong words end with the status of wrong words`() async {
    #expect(await CommandRun.of("status", "--chekc").status == .usage)
    #expect(await CommandRun.of("status", "--url", "ftp://a").status == .usage)
    #expect(await CommandRun.of("status", "--help").status == .success)
  }
}
