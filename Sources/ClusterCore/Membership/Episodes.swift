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
  /// Members heard again with the boot that was lost, but held apart; and of whom that was told.
  package var survivors = OrdinalSet()
  package var toldSurvivors = OrdinalSet()
  /// When what has gathered is told.
  package var reportAt = Instant.distantFuture
  /// When it is told even if more has just come.
  private var latest = Instant.distantFuture

  package init() {}

  /// Something is to be told, together with what comes in the next moment; not put off for ever.
  package mutating func schedule(at now: Instant) {
    if reportAt == .distantFuture { latest = now + Knock.patience * 3 }
    reportAt = min(now + Knock.patience, latest)
  }

  /// A member isn't part of it: it ended, or came back as another boot.
  package mutating func forget(_ ordinal: Int) {
    lost.remove(ordinal)
    told.remove(ordinal)
    survivors.remove(ordinal)
    toldSurvivors.remove(ordinal)
  }
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
