import Cluster
import ClusterAdmin
import ClusterCore
import Testing

/// The feed of keys, of a real member that is alone.
@Suite struct KeyFeedTests {
  @Test func `a watch gives all keys, a marker, then each change`() async throws {
    try await Lone.run { cluster, admin in
      try cluster.store.put("a/1", "one")
      try cluster.store.put("b", "other")
      let reader = try LineReader(port: admin.port, "GET /keys?watch&prefix=a/ HTTP/1.1")
      try await reader.expect("event: written")
      try await reader.expect(#"data: {"key":"a/1","value":"one","origin":"lone-0","#)
      try await reader.expect("event: snapshotEnd")
      try cluster.store.put("a/2", [0xFF])
      try await reader.expect(#"data: {"key":"a/2","base64":"/w==","origin":"lone-0","#)
      try cluster.store.delete("a/1")
      try await reader.expect("event: deleted")
      try await reader.expect(#"data: {"key":"a/1","origin":"lone-0","#)
      #expect(!reader.text.contains(#""key":"b""#))
    }
  }

  @Test func `a watch goes on after the last event that was seen`() async throws {
    try await Lone.run { cluster, admin in
      let first = try LineReader(port: admin.port, "GET /keys?watch HTTP/1.1")
      try await first.expect("event: snapshotEnd")
      try cluster.store.put("k", "1")
      try await first.expect(#""value":"1""#)
      let id = try #require(first.lastID)
      try cluster.store.put("k", "2")
      let second = try LineReader(
        port: admin.port, "GET /keys?watch HTTP/1.1", fields: ["Last-Event-ID: \(id)"])
      try await second.expect(#""value":"2""#)
      #expect(!second.text.contains("snapshotEnd") && !second.text.contains(#""value":"1""#))
      let stranger = try LineReader(
        port: admin.port, "GET /keys?watch HTTP/1.1", fields: ["Last-Event-ID: dead-1"])
      try await stranger.expect("event: snapshotEnd")
    }
  }

  @Test func `a key tells what it was made of when asked to explain`() throws {
    var conversation = Conversation()
    let stamp = Stamp(time: 1_000 << 16, ordinal: 1)
    let origin = Origin(ordinal: 1, boot: 7)
    let older = Candidate(
      value: nil, stamp: Stamp(time: 1 << 16, ordinal: 0), origin: Origin(ordinal: 0, boot: 5))
    let newer = Candidate(value: Array("v".utf8), stamp: stamp, origin: origin)
    let key = try Key("k")
    conversation.cluster.change {
      $0.entries[key] = AdministeredEntry(
        value: Array("v".utf8), stamp: stamp, candidates: [older, newer])
    }
    #expect(
      try conversation.ask("GET /keys/k?explain").text
        == #"{"key":"k","value":"v","resolver":"lastWriterWins","expires":null,"candidates":["#
        + #"{"deleted":true,"member":"app-0","boot":"5","time":"1970-01-01T00:00:00.001Z","#
        + #""stamp":"65536","read":false},{"value":"v","deleted":false,"member":"app-1","#
        + #""boot":"7","time":"1970-01-01T00:00:01.000Z","stamp":"65536000","read":true}]}"#)
    #expect(try conversation.ask("GET /keys/k?explain=1").status == 400)
  }
}
