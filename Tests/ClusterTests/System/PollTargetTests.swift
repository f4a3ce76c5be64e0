import Testing

@testable import Cluster

struct PollTargetTests {
  @Test(arguments: [
    PollTarget.datagrams(0), .datagrams(7), .listener(0), .listener(7), .stream(0),
    .stream(1 << 62),
  ])
  func `a token says whose it is`(target: PollTarget) {
    #expect(PollTarget(token: target.token) == target)
  }
}
