/// Losses and returns that are told together: a split takes several members within one window.
package struct PartitionEpisode: Sendable {
  /// Members lost without a proof that they ended, not told yet or not back yet.
  package var lost = OrdinalSet()
  /// How many of the lost were told of.
  package var told = OrdinalSet()
  /// Whether this partition was counted when the first came back.
  package var isCounted = false
  /// Members that came back with the boot that was lost, and how long they were away.
  package var returned: [(ordinal: Int, after: Span64)] = []
  /// When what has gathered is told.
  package var reportAt = Instant.distantFuture

  package init() {}
}

/// This member's own last pause.
package struct StallRecord: Hashable, Sendable {
  /// Whether nobody has answered since: until then it doesn't lead.
  package var isUnheard = false
  private var milliseconds: UInt64 = 0
  private(set) var endedAt: Instant?

  package init() {}

  package mutating func note(_ span: Span64, at now: Instant) {
    milliseconds = span.nanoseconds / 1_000_000
    endedAt = now
    isUnheard = true
  }

  /// What is told of it, for some seconds.
  package func told(at now: Instant) -> UInt64? {
    guard let endedAt, now.since(endedAt) < .seconds(5) else { return nil }
    return milliseconds
  }
}

/// A member that is asked to go, until it is seen to be gone.
package struct PendingDismissal: Hashable, Sendable {
  package var ordinal: Int
  package var dismissal: Dismissal
  package var nextAt: Instant
  package var until: Instant
}
