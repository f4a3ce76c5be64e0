/// The member that is being probed, and whose turn is next.
///
/// One member is probed in each interval, all in turn, in an order that is shuffled anew each cycle
/// (Das, Gupta and Motivala 2002, "SWIM", section 4.3). In SWIM each member shuffles for itself, and
/// how long nobody happens to probe a crashed one has an exponential tail: one time in a hundred
/// 4.6 intervals. Here all members shuffle alike, by the number of the interval: in each interval
/// everyone probes the member that is the same number of places further, so that everyone is probed
/// by exactly one other, and a crash is noticed within two intervals. Members begin their intervals
/// at moments of their own; clocks that differ, or members that are gone, cost no more than what is
/// gained: the order is then as good as random.
///
/// A probe is a ping; after a timeout some others are asked to ping in one's stead, and it is pinged
/// again. That is a round, and there are at least two of them in the time that the others have. What
/// isn't answered by its end has failed. With one round alone, as in SWIM, loss is taken for death: a
/// way and back lose p = 1 − (1 − l)² of pings where l of all packets are lost, a helper's way
/// q = 1 − (1 − l)⁴, and a probe fails by p · (p · q³)ʳ in r rounds. With l a fifth, one round fails
/// one time in 38, two 1 in 506; the few helpers of a small cluster are asked more often: among four
/// it is 1 in 1,400, among three 1 in 1,400, among two 1 in 165.
///
/// Where one is missed others may be gone with it: silent members are then probed at once, out of turn.
package struct ProbeCycle: Hashable, Sendable {
  /// A probe on its way.
  package struct Probe: Hashable, Sendable {
    package var target: Int
    package var boot: UInt64
    package var nonce: UInt64
    package var sentAt: Instant
    /// What its times are multiplied by: health that worsens meanwhile stretches the next one.
    package var scale: UInt64 = 1
    /// When others are asked.
    package var indirectAt: Instant
    /// When it has failed, unless it was answered: those who were asked had their time by then.
    package var concludesAt: Instant
    /// Who was asked; each owes an answer or a nack.
    package var helpers: [Int] = []
    /// Who of them said that it has no answer.
    package var nackers = OrdinalSet()
    /// When all are asked once more, and how long after it again.
    package var repeatsAt = Instant.distantFuture
    package var pace = Span64.zero
    /// How many rounds are still to come.
    package var roundsLeft = 0
    package var isAnswered = false
    package var hasAsked = false
    /// Whether it was found to have failed.
    package var isConcluded = false

    /// When it has to be gone on with, unless it was answered.
    package var dueAt: Instant { hasAsked ? min(repeatsAt, concludesAt) : indirectAt }
  }

  /// How often so many helpers are asked, and the member itself beside them: until eight answers could
  /// have come; at least twice, at most four times.
  package static func rounds(helpers: Int) -> Int {
    max(2, min(4, (8 + helpers) / (helpers + 1)))
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
  /// By how much a member's target lies ahead of it in the ring, round by round of this cycle.
  private var offsets: [Int] = []
  private var cycle: UInt64 = 0

  package init() {}

  /// The running probe with a number.
  func running(_ nonce: UInt64) -> Probe? {
    if current?.nonce == nonce { return current }
    return extras.first { $0.nonce == nonce }
  }

  /// Whether a running probe has to be gone on with: asked for each timer, and seldom so.
  func isDue(at now: Instant) -> Bool {
    guard extras.isEmpty else { return true }
    switch current {
    case .some(let probe):
      return !probe.isAnswered && !probe.isConcluded && now >= probe.dueAt
    case .none: return false
    }
  }

  package func isProbing(_ ordinal: Int) -> Bool {
    current.map { $0.target == ordinal && !$0.isAnswered } == true
      || extras.contains { $0.target == ordinal }
  }

  /// The next member to probe: the one that is this round's offset further in the ring of ordinals,
  /// or the next after it that is live.
  ///
  /// - Parameters:
  ///   - round: The number of this interval, the same for all members at about the same time.
  ///   - own: This member's ordinal.
  ///   - size: How many members are expected.
  ///   - isLive: Whether a member is there to be probed.
  package mutating func next(
    round: UInt64, own: Int, size: Int, isLive: (Int) -> Bool
  ) -> Int? {
    guard size > 1 else { return nil }
    let count = UInt64(size - 1)
    if offsets.count != size - 1 || cycle != round / count {
      cycle = round / count
      // In place: a cycle of a small cluster is over soon.
      if offsets.count != size - 1 { offsets = Array(repeating: 0, count: size - 1) }
      for index in offsets.indices { offsets[index] = index + 1 }
      var shared = Randomness(seed: mix(0x5249_4E47, cycle))
      shared.shuffle(&offsets)
    }
    let first = own + offsets[Int(round % count)]
    for step in 0..<size {
      let target = (first + step) % size
      if target != own, isLive(target) { return target }
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
