import ClusterCore

/// What one process recorded of the others, watched for what must never happen.
struct MembershipWatch {
  private var told: [(state: Member.State, boot: UInt64)] = []
  private var recorded: [Node.Belief] = []
  /// The incarnation under which a member was last told to be suspected.
  private var suspected: [UInt64] = []
  /// The largest time of the member's hybrid logical clock.
  private var hybridTime: UInt64 = 0
  /// The view's digest when it was last looked at.
  private(set) var digest: UInt64 = 0
  /// Members that events told of since the last look, in clusters of more than `wholeViewsUpTo`.
  private var toldOf: [Int] = []
  /// Up to this size the whole view is looked at after each of its changes.
  static let wholeViewsUpTo = 64
  /// Whether anything was recorded that hasn't been compared with what its subject knows of itself.
  var hasNewRecords = false

  /// A process starts: it knows nothing.
  mutating func begin(members: Int) {
    told = Array(repeating: (.unknown, 0), count: members)
    recorded = Array(repeating: .nothing, count: members)
    suspected = Array(repeating: 0, count: members)
    hybridTime = 0
    digest = 0
    hasNewRecords = false
    toldOf = []
  }

  /// The members that events told of since the last time.
  mutating func takeTold() -> [Int] {
    if toldOf.isEmpty { return [] }
    defer { toldOf = [] }
    return toldOf
  }

  /// An event told of a member. A new boot begins as unknown, whatever the old one was.
  mutating func told(_ member: Member, previous: Member.State) -> Broken? {
    guard told.indices.contains(member.ordinal) else {
      return Broken(.events, "an event of \(member.ordinal)")
    }
    if told.count > Self.wholeViewsUpTo { toldOf.append(member.ordinal) }
    let before = told[member.ordinal]
    told[member.ordinal] = (member.state, member.boot)
    let isNewBoot = member.boot > before.boot && previous == .unknown
    guard before.state == previous || isNewBoot else {
      return Broken(
        .events, "an event says that \(member.ordinal) was \(previous), after \(before.state)")
    }
    if member.state == .suspect { suspected[member.ordinal] = member.incarnation }
    guard
      !(previous == .suspect && member.state == .alive && member.boot == before.boot)
        || member.incarnation > suspected[member.ordinal]
    else {
      return Broken(
        .precedence, "\(member.ordinal) is alive again under incarnation \(member.incarnation)")
    }
    return nil
  }

  /// The member's hybrid logical clock shows a time (I14).
  mutating func showed(hybridTime: UInt64) -> Broken? {
    guard hybridTime >= self.hybridTime else {
      return Broken(.clock, "went back from \(self.hybridTime) to \(hybridTime)")
    }
    self.hybridTime = hybridTime
    return nil
  }

  /// Looks at a member's whole view: what it recorded doesn't go back (I1, I2), it takes itself for
  /// alive (I3), and its events told all of it (I13).
  mutating func look(
    _ beliefs: [Node.Belief], digest: UInt64, own: Int, isLeaving: Bool
  ) -> Broken? {
    self.digest = digest
    for index in recorded.indices {
      if let broken = look(at: index, beliefs[index], own: own, isLeaving: isLeaving) {
        return broken
      }
    }
    return nil
  }

  /// Looks likewise at what is held of one member.
  mutating func look(
    at index: Int, _ member: Node.Belief, own: Int, isLeaving: Bool
  ) -> Broken? {
    let last = recorded[index]
    if member.boot != last.boot || member.incarnation != last.incarnation {
      hasNewRecords = true
    }
    recorded[index] = member
    guard (member.boot, member.incarnation) >= (last.boot, last.incarnation) else {
      return Broken(
        .incarnation,
        "member \(index) went back from boot \(last.boot) incarnation \(last.incarnation)"
          + " to \(member.boot) \(member.incarnation)")
    }
    let isSame = member.boot == last.boot && member.incarnation == last.incarnation
    if isSame, last.state == .dead, member.isLive, !last.isApart {
      return Broken(.precedence, "member \(index) is live again under the same incarnation")
    }
    if index == own {
      guard member.state == .alive || isLeaving else {
        return Broken(.own, "takes itself for \(member.state)")
      }
    } else {
      let shown = member.shown
      guard told[index].state == shown, told[index].boot == member.boot || shown == .unknown
      else {
        return Broken(
          .events,
          "member \(index) is \(shown) of boot \(member.boot), but events said"
            + " \(told[index].state) of boot \(told[index].boot)")
      }
    }
    return nil
  }

  /// What is recorded of a member.
  func record(of ordinal: Int) -> (boot: UInt64, incarnation: UInt64) {
    recorded.indices.contains(ordinal)
      ? (recorded[ordinal].boot, recorded[ordinal].incarnation) : (0, 0)
  }
}
