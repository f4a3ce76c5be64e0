import ClusterCore

/// What one process recorded of the others, watched for what must never happen.
struct MembershipWatch {
  private var told: [(state: Member.State, boot: UInt64)] = []
  private var recorded: [(boot: UInt64, incarnation: UInt64)] = []
  /// The view's digest when it was last looked at.
  private(set) var digest: UInt64 = 0

  /// A process starts: it knows nothing.
  mutating func begin(members: Int) {
    told = Array(repeating: (.unknown, 0), count: members)
    recorded = Array(repeating: (0, 0), count: members)
    digest = 0
  }

  /// An event told of a member. A new boot begins as unknown, whatever the old one was.
  mutating func told(_ member: Member, previous: Member.State) -> String? {
    guard told.indices.contains(member.ordinal) else { return "an event of \(member.ordinal)" }
    let before = told[member.ordinal]
    told[member.ordinal] = (member.state, member.boot)
    let isNewBoot = member.boot > before.boot && previous == .unknown
    guard before.state == previous || isNewBoot else {
      return "an event says that \(member.ordinal) was \(previous), after \(before.state)"
    }
    return nil
  }

  /// Looks at a member's whole view: what it recorded doesn't go back (I1), it takes itself for
  /// alive (I3), and its events told all of it (I13).
  mutating func look(
    _ beliefs: [Node.Belief], digest: UInt64, own: Int, isLeaving: Bool
  ) -> String? {
    self.digest = digest
    for index in recorded.indices {
      let member = beliefs[index]
      let last = recorded[index]
      guard (member.boot, member.incarnation) >= (last.boot, last.incarnation) else {
        return
          "I1: member \(index) went back from boot \(last.boot) incarnation \(last.incarnation)"
          + " to \(member.boot) \(member.incarnation)"
      }
      recorded[index] = (member.boot, member.incarnation)
      if index == own {
        guard member.state == .alive || isLeaving else {
          return "I3: takes itself for \(member.state)"
        }
      } else {
        let shown = member.shown
        guard told[index].state == shown, told[index].boot == member.boot || shown == .unknown
        else {
          return "I13: member \(index) is \(shown) of boot \(member.boot), but events said"
            + " \(told[index].state) of boot \(told[index].boot)"
        }
      }
    }
    return nil
  }

  /// What is recorded of a member.
  func record(of ordinal: Int) -> (boot: UInt64, incarnation: UInt64) {
    recorded.indices.contains(ordinal) ? recorded[ordinal] : (0, 0)
  }
}
