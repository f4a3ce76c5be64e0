import Cluster
import ClusterCore
import Foundation
import Glibc
import Testing

@testable import ClusterAdmin

/// What members ask each other over HTTP so that one page shows all sides.
@Suite struct ViewTests {
  @Test func `a report is read as it was written`() throws {
    var report = MemberReport(member: "app-1", boot: "7", version: "1.0.0")
    report.leader = "app-0"
    report.uptimeSeconds = 1.25
    var row = MemberReport.Row(
      name: "app-0", ordinal: 0, address: nil, state: "dead", boot: "9", incarnation: "0")
    row.roundTripSeconds = 0.000_25
    report.members = [row]
    report.heard = [MemberReport.Hearsay(member: "app-0", cells: ["unheard", "250"])]
    let written = JSONWriter.text { report.write(to: &$0) }
    #expect(try JSONDecoder().decode(MemberReport.self, from: Data(written)) == report)
  }

  @Test func `two members show each other's view`() async throws {
    let ports = try (FreePort.find(), FreePort.find())
    let peers = ["127.0.0.1:\(ports.0)", "127.0.0.1:\(ports.1)"]
    let clusters = try (0..<2).map { ordinal in
      var configuration = Cluster.Configuration(name: "pair-\(ordinal)", peers: peers)
      configuration.logHandler = { _, _, _ in }
      configuration.bind = "127.0.0.1"
      return try Cluster(configuration)
    }
    let second = try AdminListener(
      for: MemberSite(cluster: clusters[1]),
      policy: AccessPolicy(token: nil, isOpen: false, hosts: []), at: [.loopback(port: 0)])
    let views = PeerViews([
      PeerViews.Peer(
        name: "pair-1", endpoint: HostAndPort(host: "127.0.0.1", port: second.port))
    ])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for cluster in clusters { group.addTask { try await cluster.run() } }
      group.addTask { try await second.run() }
      for cluster in clusters { try await cluster.ready() }
      try await until { views.latest().first?.report?.members.count == 2 }
      let view = try #require(views.latest().first)
      #expect(view.failure == nil && view.report?.member == "pair-1")
      // Its own row, and that of the other as it told: both hear each other.
      try await until {
        let heard = views.latest().first?.report?.heard ?? []
        return heard.map(\.member) == ["pair-0", "pair-1"]
          && heard.indices.allSatisfy { Int(heard[$0].cells[1 - $0]) != nil }
      }
      views.stop()
      group.cancelAll()
    }
  }

  @Test func `a peer that isn't there, or is somebody else, is a failure in words`() async throws {
    try await Lone.run { _, admin in
      let closed = try FreePort.find()
      let views = PeerViews([
        PeerViews.Peer(
          name: "gone-1", endpoint: HostAndPort(host: "127.0.0.1", port: closed)),
        PeerViews.Peer(
          name: "other-2",
          endpoint: HostAndPort(host: "127.0.0.1", port: UInt16(admin.port))),
      ])
      try await until {
        views.latest().allSatisfy { $0.failure != nil && $0.failure != "not asked yet" }
      }
      let failures = views.latest().map { $0.failure ?? "" }
      #expect(failures[0] == "connection refused")
      #expect(failures[1] == "another member answers there: lone-0")
      #expect(views.latest().allSatisfy { $0.report == nil })
      views.stop()
    }
  }

  @Test(arguments: [
    "", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\n\r\n{}", "HTTP/1.1 500 no\r\n\r\n{}",
    "HTTP/1.1 200 OK\r\n\r\n[[[[[[[[", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n{}",
  ])
  func `an answer that is no report is a failure`(text: String) {
    let answer = StreamInquiry.Answer.bytes(Array(text.utf8))
    #expect(throws: (any Error).self) { try ViewRequest.report(of: "app-0", in: answer).get() }
  }

  private func until(_ condition: () -> Bool) async throws {
    let deadline = Clock.instant() + .seconds(30)
    var turns = 0
    while !condition() {
      guard turns < 1_000 || Clock.instant() < deadline else {
        throw Malformed("it didn't happen in time")
      }
      turns += 1
      _ = poll(nil, 0, 5)
      await Task.yield()
    }
  }
}
