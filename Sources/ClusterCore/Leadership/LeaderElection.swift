/// Who leads: the lowest eligible ordinal of the member's own view, confirmed once the view has
/// converged. A pure function of the view, but for one thing: a confirmed leader stays confirmed while
/// views reconverge, so that one lossy member never takes the leader away.
///
/// A term is max(1 + highest heard, unix milliseconds) shifted by 16, with the leader's ordinal below:
/// unique for each leadership and growing, also across restarts and partitions. A leader that hears of
/// a higher term, minted on the other side of a partition, takes a new one; but not at every packet:
/// two whose views differ for a moment lead both, and would outbid each other as fast as packets go.
package struct LeaderElection: Hashable, Sendable {
  /// The lowest eligible ordinal; none before the member knows whether it is alone.
  package var candidate: Int?
  /// The boot of the candidate.
  package var boot: UInt64 = 0
  /// The term under which the candidate is confirmed.
  package var confirmedTerm: UInt64?
  /// When a leader may take a new term again.
  package var nextTermAt = Instant(nanoseconds: 0)
  /// The largest term heard of or minted.
  package var highestTerm: UInt64 = 0
  /// Terms up to this one belong to earlier leaderships.
  package var floor: UInt64 = 0
  /// The last word of a member that it leads.
  package var claim: Claim?
  /// What the embedder was told last.
  package var published: Leadership = .unknown

  /// What a leader says of itself.
  package struct Claim: Hashable, Sendable {
    package var ordinal: Int
    package var boot: UInt64
    package var term: UInt64
  }

  package init() {}

  /// The next term of a leader. Saturates instead of wrapping.
  package static func term(
    after highest: UInt64, wallMilliseconds: UInt64, ordinal: Int
  ) -> UInt64 {
    let upper = max(min((highest >> 16) + 1, 1 << 48 - 1), min(wallMilliseconds, 1 << 48 - 1))
    return upper << 16 | UInt64(ordinal & 0xFFFF)
  }

  /// Whether a term belongs to an ordinal.
  package static func belongs(_ term: UInt64, to ordinal: Int) -> Bool {
    term & 0xFFFF == UInt64(ordinal & 0xFFFF)
  }
}
