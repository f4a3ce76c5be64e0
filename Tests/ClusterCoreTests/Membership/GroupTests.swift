import Testing

@testable import ClusterCore

@Suite struct GroupTests {
  private typealias Exclusion = Group.Exclusion

  @Test func `of one ordinal only the newest boot is lost`() {
    var group = Group(
      epoch: 1, lost: [Exclusion(ordinal: 2, boot: 5), Exclusion(ordinal: 1, boot: 3)])
    group.add(Exclusion(ordinal: 2, boot: 4))
    group.add(Exclusion(ordinal: 1, boot: 7))
    #expect(group.lost == [Exclusion(ordinal: 1, boot: 7), Exclusion(ordinal: 2, boot: 5)])
    #expect(
      group.excludes(1, boot: 7) && !group.excludes(1, boot: 3) && !group.excludes(0, boot: 1))
  }

  @Test func `a hermit excludes everyone but its own boot`() {
    let group = Group(hermit: Exclusion(ordinal: 2, boot: 5))
    #expect(!group.excludes(2, boot: 5))
    #expect(group.excludes(2, boot: 6) && group.excludes(0, boot: 5))
  }

  @Test func `groups that differ in anything differ in their digest`() {
    let (a, b) = (Exclusion(ordinal: 1, boot: 2), Exclusion(ordinal: 2, boot: 1))
    let groups = [
      Group(), Group(epoch: 1), Group(lost: [a]), Group(lost: [b]), Group(lost: [a, b]),
      Group(hermit: a), Group(hermit: b), Group(epoch: 1, lost: [a]),
    ]
    #expect(Set(groups.map(\.digest)).count == groups.count)
    #expect(Group(lost: [a, b]).digest == Group(lost: [b, a]).digest)
  }

  /// What two members of size 3 make of each other's groups: whether they are together afterwards, and
  /// the epoch of member 0. Boots are filled in.
  struct Meeting: CustomTestStringConvertible {
    var testDescription: String
    var ours: (epoch: UInt64, lost: [Int])
    var theirs: (epoch: UInt64, lost: [Int])
    var isTogether: Bool
    var epoch: UInt64
    var lost: [Int]
  }

  static let meetings = [
    Meeting(
      testDescription: "equal groups", ours: (0, []), theirs: (0, []), isTogether: true, epoch: 0,
      lost: []),
    Meeting(
      testDescription: "theirs has lost us", ours: (0, []), theirs: (0, [0]), isTogether: false,
      epoch: 0, lost: [1]),
    Meeting(
      testDescription: "ours has lost them", ours: (0, [1]), theirs: (0, []), isTogether: false,
      epoch: 0, lost: [1]),
    Meeting(
      testDescription: "neither has lost the other", ours: (0, []), theirs: (0, [2]),
      isTogether: true, epoch: 0, lost: [2]),
    Meeting(
      testDescription: "a later epoch that takes us", ours: (0, [1]), theirs: (1, []),
      isTogether: true, epoch: 1, lost: []),
    Meeting(
      testDescription: "a later epoch without us", ours: (0, []), theirs: (1, [0]),
      isTogether: false, epoch: 0, lost: [1]),
    Meeting(
      testDescription: "an earlier epoch", ours: (2, []), theirs: (1, [2]), isTogether: true,
      epoch: 2, lost: []),
  ]

  @Test(arguments: meetings)
  func `two groups meet by the rule`(meeting: Meeting) {
    var world = World.settled(3) { $0.recovery = .manual }
    func group(_ side: (epoch: UInt64, lost: [Int])) -> Group {
      Group(
        epoch: side.epoch,
        lost: side.lost.map { Exclusion(ordinal: $0, boot: world.nodes[$0].boot) })
    }
    let (ours, theirs) = (group(meeting.ours), group(meeting.theirs))
    world.partition([2], [0, 1])
    world.nodes[0].group = ours
    for ordinal in meeting.ours.lost { world.nodes[0].peers[ordinal].isApart = true }
    let bytes = world.packet(from: 1, to: 0, [.group(theirs)]) { $0.groupDigest = theirs.digest }
    // The first one may have changed the group to that of the second.
    for _ in 0..<2 { world.deliver(bytes, from: 1, to: 0) }
    let group = world.nodes[0].group
    #expect(group.epoch == meeting.epoch)
    #expect(group.lost.map(\.ordinal) == meeting.lost)
    #expect(world.nodes[0].peers[1].isApart == !meeting.isTogether)
  }
}
