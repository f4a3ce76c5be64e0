import ClusterCore
import Testing

@testable import Cluster

@Suite struct EventLineTests {
  private func member(
    _ ordinal: Int, _ state: Member.State, _ cause: Member.Cause? = nil
  ) -> Member {
    var member = Member(
      name: "app-\(ordinal)", ordinal: ordinal, address: .loopback(port: 7), state: state, boot: 5,
      incarnation: 0)
    member.cause = cause
    return member
  }

  @Test(arguments: Member.Cause.allCases)
  func `a change of a member says why`(cause: Member.Cause) throws {
    let line = EventLine(.memberChanged(member(1, .dead, cause), previous: .suspect))
    #expect(line.message == "app-1 is dead")
    #expect(line.metadata["was"] == "suspect")
    #expect(try #require(line.metadata["reason"]).split(separator: " ").count >= 3)
  }

  @Test func `no two causes are told alike`() {
    let reasons = Member.Cause.allCases.map {
      EventLine(.memberChanged(member(1, .alive, $0), previous: .dead)).metadata["reason"]
    }
    #expect(Set(reasons).count == reasons.count)
  }

  @Test func `a change of the leader says what became of the one before`() {
    var reasons = LeaderReasons()
    func told(_ event: ClusterEvent) -> String? { reasons.reason(of: event) }
    let (first, second) = (member(0, .alive), member(1, .alive))
    #expect(
      told(.leaderChanged(.provisional(first))) == "not all live members agree yet on who lives")
    #expect(told(.leaderChanged(.confirmed(first, term: 1)))?.contains("lowest") == true)
    #expect(told(.memberChanged(member(0, .dead, .silent), previous: .suspect)) == nil)
    #expect(told(.leaderChanged(.provisional(second))) == "app-0 is dead")
    #expect(told(.leaderChanged(.confirmed(second, term: 2)))?.contains("lowest") == true)
    #expect(told(.memberChanged(first, previous: .dead)) == nil)
    #expect(told(.leaderChanged(.provisional(first))) == "it is lower than app-1")
    #expect(told(.leaderChanged(.unknown)) == "nobody who may lead is live here")
  }

  @Test func `a leader that is degraded gives way for that reason`() {
    var reasons = LeaderReasons()
    _ = reasons.reason(of: .leaderChanged(.confirmed(member(0, .alive), term: 1)))
    var ill = member(0, .alive)
    ill.isDegraded = true
    _ = reasons.reason(of: .memberDegraded(ill, degraded: true))
    #expect(
      reasons.reason(of: .leaderChanged(.provisional(member(1, .alive)))) == "app-0 is degraded")
  }

  @Test func `what somebody else wrote keeps to its place in the line`() {
    let event = ClusterEvent.resolverDiffers(
      member(1, .alive), theirs: "x\nlevel=error msg=\u{1B}[2J")
    let line = EventLine(event)
    let text = LogFormatter(format: .logfmt, member: "app-0")
      .line(line.level, line.message, line.metadata, wallMilliseconds: 0)
    #expect(!text.contains("\n") && !text.contains("\u{1B}"))
    #expect(text.contains(#"resolver="x\nlevel=error msg=\u001b[2J""#))
  }
}
