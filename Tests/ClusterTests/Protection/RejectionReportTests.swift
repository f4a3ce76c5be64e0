import Testing

@testable import Cluster
@testable import ClusterCore

@Suite struct RejectionReportTests {
  private let start = Instant(nanoseconds: 5_000_000_000)

  @Test func `the first of a reason is told at once, the rest as a number later`() {
    var report = RejectionReport()
    #expect(report.due(at: start) == [])
    report.note(.auth, from: .loopback(port: 1))
    #expect(
      report.due(at: start)
        == [.packetsRejected(reason: "auth", count: 1, from: .loopback(port: 1))])
    for port in 2..<1_000 as Range<UInt16> { report.note(.auth, from: .loopback(port: port)) }
    #expect(report.due(at: start + .seconds(9)) == [])
    #expect(
      report.due(at: start + .seconds(10))
        == [.packetsRejected(reason: "auth", count: 998, from: .loopback(port: 999))])
    #expect(report.due(at: start + .seconds(60)) == [])
  }

  @Test func `reasons don't wait for one another`() {
    var report = RejectionReport()
    report.note(.auth, from: nil)
    #expect(report.due(at: start).count == 1)
    report.note(.replay, from: nil)
    #expect(report.due(at: start) == [.packetsRejected(reason: "replay", count: 1, from: nil)])
  }

  @Test func `every reason has a place of its own`() {
    #expect(PacketRejection.allCases.map(\.index) == Array(PacketRejection.allCases.indices))
  }
}
