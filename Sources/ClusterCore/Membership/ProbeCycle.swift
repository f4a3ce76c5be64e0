/// The member that is being probed, and whose turn is next.
///
/// One member is probed in each interval, all in turn, in an order that is shuffled anew each round
/// (Das, Gupta and Motivala 2002, "SWIM", section 4.3: so that each is probed within 2N − 1 intervals).
/// A probe is a ping; after a timeout some others are asked to ping in one's stead; what isn't answered
/// by the end of the interval has failed.
package struct ProbeCycle: Hashable, Sendable {
  /// A probe on its way.
  package struct Probe: Hashable, Sendable {
    package var target: Int
    package var boot: UInt64
    package var nonce: UInt64
    package var sentAt: Instant
    /// When others are asked.
    package var indirectAt: Instant
    /// How many were asked; each owes an answer or a nack.
    package var helpers = 0
    package var nacks = 0
    package var isAnswered = false
    package var hasAsked = false
  }

  package var current: Probe?
  /// When the interval ends.
  package var nextAt = Instant(nanoseconds: 0)
  /// Members whose turn comes out of turn, because somebody else suspects them.
  package var urgent: [Int] = []
  private var order: [Int] = []

  package init() {}

  /// The next member to probe: first the urgent ones, then by turns. Without `isLive`, all of `others`
  /// are candidates.
  package mutating func next(
    among others: [Int], where isLive: ((Int) -> Bool)? = nil, using randomness: inout Randomness
  ) -> Int? {
    let isLive = isLive ?? { others.contains($0) }
    while !urgent.isEmpty {
      let target = urgent.removeFirst()
      if isLive(target) { return target }
    }
    for _ in 0..<2 {
      while let target = order.popLast() {
        if isLive(target) { return target }
      }
      for ordinal in others where isLive(ordinal) { order.append(ordinal) }
      guard !order.isEmpty else { return nil }
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
