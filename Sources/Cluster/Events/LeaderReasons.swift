import ClusterCore

/// Why the leader changed, in words: told from what was told before. An event says who leads; a log
/// line that somebody reads at night says why, too.
struct LeaderReasons {
  private var members: [String: Member] = [:]
  private var last = Leadership.unknown

  /// The reason of an event, and nothing of one that is no change of the leader.
  mutating func reason(of event: ClusterEvent) -> String? {
    switch event {
    case .memberChanged(let member, _), .memberDegraded(let member, _):
      members[member.name] = member
      return nil
    case .leaderChanged(let leadership):
      defer { last = leadership }
      return reason(of: leadership)
    default: return nil
    }
  }

  private func reason(of leadership: Leadership) -> String {
    switch leadership {
    case .unknown: return "nobody who may lead is live here"
    case .confirmed:
      return "it is the lowest that may lead, and all live members agree on who lives"
    case .provisional(let member):
      guard let before = last.member, before.name != member.name else {
        return "not all live members agree yet on who lives"
      }
      let now = members[before.name] ?? before
      if !now.isLive { return "\(before.name) is \(now.state.rawValue)" }
      if member.ordinal < before.ordinal { return "it is lower than \(before.name)" }
      return now.isDegraded ? "\(before.name) is degraded" : "\(before.name) may not lead now"
    }
  }
}
