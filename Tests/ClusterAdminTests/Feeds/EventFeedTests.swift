import Cluster
import ClusterAdmin
import ClusterCore
import Foundation
import Testing

@Suite struct EventFeedTests {
  static let head = ["Host: app-0", "Accept: text/event-stream"]

  /// A conversation in which the feed was asked for, and what was answered behind the head.
  static func feed(
    _ cluster: InMemoryCluster, _ fields: [String] = [], target: String = "/events"
  ) -> (conversation: Conversation, text: String) {
    var conversation = Conversation(cluster: cluster)
    conversation.send(
      "GET \(target) HTTP/1.1\r\n" + (head + fields).map { $0 + "\r\n" }.joined() + "\r\n")
    let text = conversation.text
    conversation.output = []
    let end = text.range(of: "\r\n\r\n")?.upperBound ?? text.endIndex
    return (conversation, String(text[end...]))
  }

  static func cluster(events count: Int) -> InMemoryCluster {
    let cluster = InMemoryCluster()
    for index in 0..<count {
      cluster.eventRecord.append(
        index % 2 == 0 ? .statusChanged(.green) : .statusChanged(.red),
        wallMilliseconds: 1_000 + UInt64(index))
    }
    return cluster
  }

  @Test func `a feed has no length, is never stored and ends with its connection`() throws {
    var conversation = Conversation()
    conversation.send("GET /events HTTP/1.1\r\nHost: app-0\r\n\r\n")
    let text = conversation.text
    #expect(text.hasPrefix("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"))
    #expect(text.contains("cache-control: no-store\r\n"))
    #expect(text.contains("connection: close\r\n"))
    #expect(!text.contains("content-length"))
    #expect(text.hasSuffix("\r\n\r\nretry: 2000\n\n"))
    #expect(!conversation.connection.isFinished)
    conversation.endInput()
    #expect(conversation.connection.isFinished)
  }

  @Test func `events come as they happen, each on one line with an id`() throws {
    let cluster = InMemoryCluster()
    var (conversation, _) = Self.feed(cluster)
    cluster.eventRecord.append(.statusChanged(.yellow), wallMilliseconds: 0)
    conversation.wait(.zero)
    #expect(
      conversation.text
        == "id: b007-1\nevent: statusChanged\ndata: {\"time\":\"1970-01-01T00:00:00.000Z\","
        + "\"type\":\"statusChanged\",\"level\":\"info\",\"message\":\"cluster is yellow\","
        + "\"state\":\"yellow\",\"details\":{}}\n\n")
  }

  @Test func `without an id a feed begins now, and with one after it`() {
    let cluster = Self.cluster(events: 3)
    #expect(Self.feed(cluster).text == "retry: 2000\n\n")
    let resumed = Self.feed(cluster, ["Last-Event-ID: b007-2"]).text
    #expect(resumed.hasPrefix("retry: 2000\n\nid: b007-3\nevent: statusChanged\n"))
    #expect(!resumed.contains("b007-2\n"))
    #expect(Self.feed(cluster, [], target: "/events?after=b007-2").text == resumed)
    #expect(Self.feed(cluster, ["Last-Event-ID: b007-3"]).text == "retry: 2000\n\n")
    let all = Self.feed(cluster, [], target: "/events?after=0").text
    #expect(all.contains("id: b007-1\n") && !all.contains("event: reset"))
  }

  @Test(arguments: ["b008-2", "nonsense", "b007-", "b007-x", "-1", "b007-2-3"])
  func `an id of another start is answered with a reset and all that is kept`(id: String) {
    let text = Self.feed(Self.cluster(events: 2), ["Last-Event-ID: \(id)"]).text
    #expect(text.hasPrefix("retry: 2000\n\nevent: reset\ndata: {"))
    #expect(text.contains("id: b007-1\n") && text.contains("id: b007-2\n"))
  }

  @Test func `what is no longer kept is a reset`() {
    let cluster = Self.cluster(events: EventRecord.capacity + 10)
    let text = Self.feed(cluster, ["Last-Event-ID: b007-5"]).text
    #expect(text.contains("event: reset"))
    #expect(text.contains("id: b007-11\n") && !text.contains("id: b007-10\n"))
    #expect(!Self.feed(cluster, ["Last-Event-ID: b007-10"]).text.contains("event: reset"))
  }

  @Test func `conflicts push nothing else out of the record`() {
    let cluster = Self.cluster(events: 1)
    for index in 0..<5_000 {
      cluster.eventRecord.append(.conflict(key: "k\(index)", candidates: 2), wallMilliseconds: 0)
    }
    let text = Self.feed(cluster, [], target: "/events?after=0").text
    #expect(text.contains("id: b007-1\nevent: statusChanged"))
    #expect(text.split(separator: "event: conflict").count - 1 == EventRecord.conflicts)
  }

  @Test func `a silent feed shows every fifteen seconds that it lives`() {
    var (conversation, _) = Self.feed(InMemoryCluster())
    conversation.wait(.seconds(14))
    #expect(conversation.text == "")
    conversation.wait(.seconds(1))
    #expect(conversation.text == ":\n\n")
    conversation.wait(.seconds(15))
    #expect(conversation.text == ":\n\n:\n\n")
    #expect(!conversation.connection.isFinished)
  }

  @Test func `what is sent behind a feed is not answered, and asking by HEAD opens none`() {
    var (conversation, _) = Self.feed(InMemoryCluster())
    conversation.send("GET /livez HTTP/1.1\r\nHost: app-0\r\n\r\n")
    #expect(conversation.text == "")
    var head = Conversation()
    head.send("HEAD /events HTTP/1.1\r\nHost: app-0\r\n\r\n")
    #expect(head.text.contains("text/event-stream") && head.connection.isFinished)
  }

  @Test func `there are so many feeds and no more, and one that ends makes room`() throws {
    let cluster = InMemoryCluster()
    let site = AdminSite(
      cluster: cluster, policy: AccessPolicy(token: nil, isOpen: false, hosts: []))
    func ask(from host: UInt64) throws -> Response {
      let request = try #require(Self.request("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"))
      let port = UInt16.random(in: 1...60_000)
      return site.response(
        to: request, from: Address(family: .v4, high: 0, low: 0x0A00_0000 + host, port: port))
    }
    var open = try (0..<64).map { _ in try ask(from: 1) }
    #expect(open.allSatisfy { $0.status == .ok })
    let greedy = try ask(from: 1)
    #expect(greedy.status == .tooManyRequests && greedy[.retryAfter] == "10")
    open += try (0..<64).map { _ in try ask(from: 2) }
    let refused = try ask(from: 3)
    #expect(refused.status == .unavailable && refused[.retryAfter] == "10")
    open.removeFirst()
    #expect(try ask(from: 3).status == .ok)
    #expect(open.count == 127)
  }

  private static func request(_ text: String) -> Request? {
    var parser = RequestParser(limits: HTTPLimits())
    parser.received(Array(text.utf8))
    guard case .request(let request) = parser.next() else { return nil }
    return request
  }
}
