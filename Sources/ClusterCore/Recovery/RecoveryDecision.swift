/// What becomes of two or more groups that a partition left apart, in manual recovery.
public enum RecoveryDecision: String, Hashable, Sendable, CaseIterable {
  /// The groups become one and their stores merge, as they would have in automatic recovery: what was
  /// written on both sides is a conflict, which the resolver reads.
  case merge
  /// This side's store stands: what was written or deleted on the other sides is undone, each key as
  /// this side reads it. An open conflict of such a key is settled by the last writer.
  case keepLocal = "keep-local"
  /// The other side's store stands, as if it had been asked to keep its own. Where several groups are
  /// apart it is the one with the lowest ordinal; to have another one stand, ask one of its members to
  /// keep its own.
  case adoptRemote = "adopt-remote"
}

/// How this side's store differs from those of the groups that are apart from it.
///
/// Only the keys cross between groups, not the values. The preview of a group is taken anew some
/// seconds after its store has changed.
public struct PendingRecovery: Hashable, Sendable {
  /// The groups that are apart and can be reached, by their lowest ordinals.
  public var groups: [PendingGroup]

  /// Creates a preview.
  public init(groups: [PendingGroup] = []) { self.groups = groups }

  /// Whether no group is apart.
  public var isEmpty: Bool { groups.isEmpty }

  /// The keys that were written or deleted on this side only, in order.
  public var onlyHere: [String] { Self.merged(groups.map(\.onlyHere)) }
  /// The keys that were written or deleted on one other side only, in order.
  public var onlyThere: [String] { Self.merged(groups.map(\.onlyThere)) }
  /// The keys that were written or deleted on this side and another one, in order.
  public var inConflict: [String] { Self.merged(groups.map(\.inConflict)) }

  private static func merged(_ lists: [[String]]) -> [String] {
    let all = lists.flatMap { $0 }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    return all.indices.filter { $0 == 0 || all[$0] != all[$0 - 1] }.map { all[$0] }
  }
}

/// How this side's store differs from that of one group that is apart.
public struct PendingGroup: Hashable, Sendable {
  /// The group's members that can be reached.
  public var members: [Member]
  /// The keys that were written or deleted on this side only, in order.
  public var onlyHere: [String] = []
  /// The keys that were written or deleted there only, in order.
  public var onlyThere: [String] = []
  /// The keys that were written or deleted on both sides, in order.
  public var inConflict: [String] = []
  /// Whether all differences are named: no preview has come yet otherwise, or there are more than
  /// `Limits.pendingKeys` of a kind.
  public var isComplete = false

  /// Creates the preview of a group of which nothing is known yet.
  public init(members: [Member]) { self.members = members }
}

/// What a decision has led to.
public struct RecoveryOutcome: Hashable, Sendable {
  /// The members of the groups that are one with this one's now.
  public var members: [Member]
  /// How many keys were written anew to let this side stand.
  public var keys: Int

  /// Creates an outcome.
  public init(members: [Member], keys: Int) {
    self.members = members
    self.keys = keys
  }
}

/// Why a decision wasn't carried out. The groups are as far apart as before.
public enum RecoveryFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// No other group can be reached: there is nothing to decide.
  case nobodyApart
  /// Another decision is being carried out.
  case busy
  /// A member of another group didn't answer; the decision can be made again.
  case unanswered(Member)
  /// The stores differ in more keys than one decision can undo.
  case tooManyKeys(limit: Int)

  /// What was wrong, and what would be right, in a line.
  public var description: String {
    switch self {
    case .nobodyApart: "no other group can be reached: there is nothing to decide"
    case .busy: "another decision is being carried out: wait for it"
    case .unanswered(let member): "\(member.name) did not answer: decide again when it does"
    case .tooManyKeys(let limit):
      "the stores differ in keys of more than \(limit) bytes: merge them instead"
    }
  }
}
