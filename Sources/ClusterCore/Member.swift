/// One expected member as another one sees it now.
public struct Member: Hashable, Sendable {
  /// What is believed of a member.
  public enum State: String, Hashable, Sendable, CaseIterable {
    /// It answers.
    case alive
    /// It doesn't answer, directly or through others. It still counts as live until the suspicion
    /// expires, and a word from it refutes the suspicion.
    case suspect
    /// It was silent for too long, or it is held apart in another group.
    case dead
    /// It said that it leaves.
    case left
    /// Nothing was ever heard of it.
    case unknown
  }

  /// Why something is believed of a member.
  public enum Cause: String, Hashable, Sendable, CaseIterable {
    /// It was heard, or heard of, for the first time.
    case heard
    /// It answered the suspicion.
    case refuted
    /// It was taken for dead and is heard again with the same boot: it never ended.
    case returned
    /// A newer boot of it was heard of: the process before it is over.
    case restarted
    /// Neither it nor anybody in its stead answered a probe, this member's or another's.
    case unanswered
    /// It was silent until the suspicion ran out.
    case silent
    /// Its stream ended, and its port refused connections.
    case refused
    /// It said so itself.
    case ownWord
    /// It is of another group than this member.
    case parted
    /// Its group and this member's became one.
    case joined
  }

  /// Its name, ending in its ordinal.
  public var name: String
  /// Its fixed number.
  public var ordinal: Int
  /// Where it was last heard from; for the member itself, and one never heard of, none.
  public var address: Address?
  /// What is believed of it.
  public var state: State
  /// Why that is believed; nothing of one never heard of, and of the member itself.
  public var cause: Cause?
  /// The number of its present start, larger than that of every earlier one; zero when unknown.
  public var boot: UInt64
  /// How often within this boot it refuted a suspicion.
  public var incarnation: UInt64
  /// Whether it hears badly or is heard badly, again and again: it then doesn't lead, and its
  /// accusations of others don't count.
  public var isDegraded = false

  /// Creates a description of a member.
  public init(
    name: String, ordinal: Int, address: Address?, state: State, boot: UInt64, incarnation: UInt64
  ) {
    self.name = name
    self.ordinal = ordinal
    self.address = address
    self.state = state
    self.boot = boot
    self.incarnation = incarnation
  }

  /// Whether it counts as a member of the live cluster: alive or suspect.
  public var isLive: Bool { state == .alive || state == .suspect }
}

/// How much of the expected cluster is live.
public enum ClusterStatus: String, Hashable, Sendable {
  /// All expected members are live.
  case green
  /// Some are, this one not alone.
  case yellow
  /// This member alone is, of more than one expected.
  case red
}

/// Who leads, as one member sees it.
///
/// In a partition each side confirms a leader of its own, unless `LeadershipPolicy.majority` is set.
/// It is no lock: two leaders may overlap for a moment. Fence with `term` where that matters.
public enum Leadership: Hashable, Sendable {
  /// Nobody is known yet who could lead.
  case unknown
  /// The lowest eligible member of a view that has not converged.
  case provisional(Member)
  /// The lowest eligible member of a converged view. `term` is unique for each leadership and grows
  /// across restarts and partitions.
  case confirmed(Member, term: UInt64)

  /// The member that leads or would lead.
  public var member: Member? {
    switch self {
    case .unknown: nil
    case .provisional(let member), .confirmed(let member, _): member
    }
  }

  /// Whether the leader is confirmed.
  public var isConfirmed: Bool {
    if case .confirmed = self { true } else { false }
  }
}

/// When a leader is confirmed.
public enum LeadershipPolicy: String, Hashable, Sendable {
  /// In every converged view, also in a minority.
  case any
  /// Only where more than half of the expected members are live.
  case majority
}

/// What happens when the sides of a healed partition meet again.
public enum Recovery: String, Hashable, Sendable {
  /// They merge at once.
  case automatic
  /// They stay apart until an operator says otherwise.
  case manual
}
