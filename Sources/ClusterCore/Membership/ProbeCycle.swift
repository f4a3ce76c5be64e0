/// The member that is being probed, and whose turn is next.
///
/// One member is probed in each interval, all in turn, in an order that is shuffled anew each round
/// (Das, Gupta and Motivala 2002, "SWIM", section 4.3: so that each is probed within 2N − 1
/// intervals). A probe is a ping; after a timeout some others are asked to ping in one's stead;
/// what isn't answered by the end of the interval has failed. Where one is missed others may be
/// gone with it: silent members are then probed at once, out of turn.
package struct ProbeCycle: Hashable, Sendable {
  /// A probe on its way.
  package struct Probe: Hashable, Sendable {
    package var target: Int
    package var boot: UInt64
    package var nonce: UInt64
    package var sentAt: Instant
    /// When others are asked.
    package var indirectAt: Instant
    /// When it has failed, unless it was answered: those who were asked had their time by then.
    package var concludesAt: Instant
    /// How many were asked; each owes an answer or a nack.
    package var helpers = 0
    package var nacks = 0
    package var isAnswered = false
    package var hasAsked = false
    /// Whether it was found to have failed.
    package var isConcluded = false
  }

  package var current: Probe?
  /// Probes out of turn: of members that others suspect, and of those that are silent while one is
  /// missed. They say nothing of this member's own health.
  package var extras: [Probe] = []
  /// When all that are silent may be probed again at once.
  package var rollCallAt = Instant(nanoseconds: 0)
  /// The most that run beside the one in turn.
  package static let mostExtras = 24
  /// When the interval ends.
  package var nextAt = Instant(nanoseconds: 0)
  private var order: [Int] = []

  package init() {}

  package func isProbing(_ ordinal: Int) -> Bool {
    current.map { $0.target == ordinal && !$0.isAnswered } == true
      || extras.contains { $0.target == ordinal }
  }

  /// The next member to probe, by turns.
  package mutating func next(
    among candidates: [Int], using randomness: inout Randomness
  ) -> Int? {
    guard !candidates.isEmpty else { return nil }
    for _ in 0..<2 {
      while let target = order.popLast() {
        if candidates.contains(target) { return target }
      }
      order = candidates
      randomness.shuffle(&order)
    }
    return nil
  }
}

/// A probe that this member makes in another one's stead.
package struct ProxyProbe: Hashable, Sendable {
  package var requester: Int
  package var requesterNonce: UInt64
  package var target: Int
  package var boot: UInt64
  package var nonce: UInt64
  /// When the requester is told that there is no answer yet.
  package var nackAt: Instant
  package var expiresAt: Instant
  package var hasNacked = false

  /// The most that are under way at once; more requests are left unanswered.
  package static let most = 64
}
