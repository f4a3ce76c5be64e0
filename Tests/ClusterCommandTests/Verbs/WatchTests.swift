import Testing

@testable import ClusterCommand

private func feed(_ body: String, status: Int = 200) -> String {
  "HTTP/1.1 \(status) X\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    + "retry: 100\n\n" + body
}

private func event(_ id: String, _ name: String, _ data: String) -> String {
  "id: \(id)\nevent: \(name)\ndata: \(data)\n\n"
}

@Suite struct WatchTests {
  @Test func `what is there comes first, then what changes`() async {
    let run = await CommandRun.of("watch", "a b/", "--count", "4") { _ in
      feed(
        event("1-1", "written", #"{"key":"a","value":"1","origin":"app-0"}"#)
          + event("1-2", "snapshotEnd", "{}")
          + event("1-3", "written", #"{"key":"b","base64":"/w==","conflict":true}"#)
          + event("1-4", "deleted", #"{"key":"a"}"#) + event("1-5", "expired", #"{"key":"b"}"#))
    }
    #expect(run.output == "present  a  1\nwritten  b  /w==\ndeleted  a\nexpired  b\n")
    #expect(run.status == .success)
    #expect(run.requestLines == ["GET /keys?watch&prefix=a%20b%2F HTTP/1.1"])
  }

  @Test func `a lost feed goes on behind the last event, and says so`() async {
    let run = await CommandRun.of("watch", "--count", "2") { request in
      request.contains("Last-Event-ID: 7-1\r\n")
        ? feed(event("7-2", "written", #"{"key":"b","value":"2"}"#))
        : feed(
          event("7-0", "snapshotEnd", "{}") + event("7-1", "written", #"{"key":"a","value":"1"}"#))
    }
    #expect(run.output == "written  a  1\nwritten  b  2\n")
    #expect(run.words == "cluster watch: the member ended the feed; asking again\n")
    #expect(run.connections == 2)
  }

  @Test func `after a reset what is there comes anew`() throws {
    var watch = Watch()
    _ = try watch.change(ServerSentEvent(name: "snapshotEnd", data: "{}", id: ""))
    let reset = try watch.change(ServerSentEvent(name: "reset", data: "{}", id: ""))
    #expect(reset?.line == "reset")
    #expect(reset?.json == #"{"kind":"reset"}"#)
    let next = try watch.change(
      ServerSentEvent(name: "written", data: #"{"key":"a","value":""}"#, id: ""))
    #expect(next?.kind == "present")
    #expect(next?.line == "present  a  -")
  }

  @Test func `a change is one line of JSON`() {
    #expect(
      Watch.Change(kind: "written", key: "a\n", value: Array("\"x\"".utf8), origin: "app-0").json
        == #"{"kind":"written","key":"a\n","value":"\"x\"","origin":"app-0"}"#)
    #expect(
      Watch.Change(kind: "written", key: "a", value: [0xFF], isConflict: true).json
        == #"{"kind":"written","key":"a","base64":"/w==","conflict":true}"#)
    #expect(
      Watch.Change(kind: "deleted", key: "a").json == #"{"kind":"deleted","key":"a"}"#)
  }

  @Test func `who is no member, refuses or isn't there is told at once`() async {
    let stranger = await CommandRun.of("watch") { _ in feed(event("1", "written", "hello")) }
    #expect(stranger.status == .failure)
    #expect(stranger.words.contains("expected a change of a key"))
    let refusal = await CommandRun.of("watch") { _ in
      reply(400, #"{"title":"Bad Request","detail":"no"}"#, fields: "Connection: close\r\n")
    }
    #expect(refusal.status == .failure)
    #expect(refusal.words == "cluster watch: refused with status 400: Bad Request: no\n")
    let nobody = await CommandRun.of("watch", "--url", "http://127.0.0.1:1")
    #expect(nobody.status == .unreachable)
    #expect(await CommandRun.of("watch", "--count", "0").status == .usage)
  }
}

@Suite struct EventsTests {
  private static let feedText = feed(
    event(
      "a-1", "memberChanged",
      #"{"time":"2026-11-24T18:52:00.123Z","level":"warning","message":"app-1 is dead\u001b[2J"}"#)
      + event("a-2", "leaderChanged", #"{"time":"T","level":"info","message":"app-0 leads"}"#)
      + event("a-3", "reset", "{}"))

  @Test func `events are lines that a terminal doesn't act upon`() async {
    let run = await CommandRun.of("events", "--count", "3") { _ in Self.feedText }
    #expect(
      run.output == #"""
        2026-11-24T18:52:00.123Z  warning  app-1 is dead\u001b[2J
        T  info     app-0 leads
        reset

        """#)
    #expect(run.requestLines == ["GET /events HTTP/1.1"])
  }

  @Test func `programs get all that is known, with the id to go on from`() async {
    let run = await CommandRun.of(
      "events", "--after", "0", "--type", "leaderChanged", "--count=1", "--output", "json"
    ) { request in request.contains("Last-Event-ID: 0\r\n") ? Self.feedText : nil }
    #expect(
      run.output == #"{"id":"a-2","event":"leaderChanged","time":"T","level":"info","#
        + #""message":"app-0 leads"}"# + "\n")
    let empty = ServerSentEvent(name: "reset", data: "{ }", id: "a-3")
    #expect(EventLine(empty).json == #"{"id":"a-3","event":"reset"}"#)
  }
}
