import ClusterCore

/// Who could see whom, in words, beside the log line of a partition: one that a single member noticed
/// reads otherwise than one that all did.
enum Sightings {
  /// So many names are listed at most, each time.
  private static let most = 8

  /// What this member knows of it; nothing for other events.
  static func of(_ event: ClusterEvent, to driver: MemberDriver) -> [String: String] {
    switch event {
    case .partitionSuspected(let unreachable, _):
      driver.withNode { node in
        ["heard_by": list(unreachable, separator: "; ") { heard($0, in: node) }]
      }
    case .partitionConfirmed(let members), .partitionHealed(let members, _):
      driver.withNode { node in
        ["apart_from": list(side(without: members, in: node), separator: ",") { $0.name }]
      }
    default: [:]
    }
  }

  private static func heard(_ member: Member, in node: Node) -> String {
    let ordinal = member.ordinal - node.configuration.firstOrdinal
    let hearers = node.hearers(of: ordinal).map { node.member($0) }
    let names = list(hearers, separator: ",") { $0.name }
    return "\(member.name): \(hearers.isEmpty ? "nobody" : names)"
  }

  /// The live members that weren't lost: this one's side.
  private static func side(without members: [Member], in node: Node) -> [Member] {
    node.members.filter { member in
      member.isLive && !members.contains { $0.ordinal == member.ordinal }
    }
  }

  private static func list(
    _ members: [Member], separator: String, _ text: (Member) -> String
  ) -> String {
    let shown = members.prefix(most).map(text).joined(separator: separator)
    return members.count > most ? shown + " and \(members.count - most) more" : shown
  }
}
