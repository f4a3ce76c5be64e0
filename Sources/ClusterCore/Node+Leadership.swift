/// View digest, convergence, leader.
extension Node {
  /// Takes the view digest anew where the view may have changed.
  mutating func refreshView(at now: Moment) {
    peers.settle()
    let digest = peers.viewDigest
    guard digest != convergence.digest else { return }
    convergence.update(digest, own: ordinal, at: now.instant)
    for ordinal in others
    where peers.isLive(ordinal) && peers[ordinal].viewDigest == digest {
      convergence.insert(ordinal)
    }
  }

  /// Whether every live member is known to hold this member's digest.
  package var isConverged: Bool {
    for ordinal in 0..<configuration.size
    where peers.isLive(ordinal) && !convergence.contains(ordinal) {
      return false
    }
    return true
  }

  mutating func updateLeadership(at now: Moment, into effects: inout [Effect]) {
    let candidate = phase == .running ? lowestEligible : nil
    let candidateBoot = candidate.map { $0 == ordinal ? boot : peers[$0].boot } ?? 0
    if candidate != leader.candidate || candidateBoot != leader.boot {
      // What was minted by the candidate's earlier boot is no term of this leadership.
      if candidate == leader.candidate { leader.floor = leader.highestTerm }
      leader.candidate = candidate
      leader.boot = candidateBoot
      leader.confirmedTerm = nil
    }
    if let candidate { confirm(candidate, at: now) }
    let current = leadership
    guard !Self.isSame(current, leader.published) else { return }
    leader.published = current
    if current.isConfirmed { counters.elections += 1 }
    effects.append(.publish(.leaderChanged(current)))
  }

  private mutating func confirm(_ candidate: Int, at now: Moment) {
    guard configuration.leadershipPolicy == .any || hasMajority else {
      leader.confirmedTerm = nil
      return
    }
    guard leader.confirmedTerm != nil || isConverged else { return }
    let number = configuration.firstOrdinal + candidate
    if candidate == ordinal {
      guard (leader.confirmedTerm ?? 0) < max(leader.highestTerm, 1) else { return }
      let term = LeaderElection.term(
        after: faults.has(.termsNotGrowing) ? 0 : leader.highestTerm,
        wallMilliseconds: now.wallMilliseconds, ordinal: number)
      leader.confirmedTerm = term
      leader.highestTerm = term
      for ordinal in others where peers.isLive(ordinal) { announce(to: ordinal, at: now) }
    } else if leader.highestTerm > max(leader.floor, leader.confirmedTerm ?? 0),
      LeaderElection.belongs(leader.highestTerm, to: number)
    {
      leader.confirmedTerm = leader.highestTerm
    } else if let claim = leader.claim, claim.ordinal == candidate, claim.boot == leader.boot,
      claim.term == leader.highestTerm
    {
      // Its term came round by others before its boot did, and looked like the earlier boot's.
      leader.confirmedTerm = claim.term
    }
  }

  /// Lets the next gossip tick carry a header to everyone soon.
  private mutating func announce(to ordinal: Int, at now: Moment) {
    news.nextAt = min(news.nextAt, now.instant)
    pendingAnnouncements.insert(ordinal)
  }

  /// The lowest live ordinal that may lead.
  private var lowestEligible: Int? {
    if faults.has(.leaderHighest) {
      return (0..<configuration.size).last { peers[$0].isLive && !peers[$0].isJoining }
    }
    return (0..<configuration.size).first { ordinal in
      if ordinal == self.ordinal {
        // Alone there is nobody who could answer: it would never lead again.
        return !stall.isUnheard || !others.contains { peers[$0].isLive }
      }
      return peers[ordinal].isLive && !peers[ordinal].isIneligible && !peers[ordinal].isJoining
    }
  }

  private var hasMajority: Bool { peers.liveCount * 2 > configuration.size }

  /// Whether two leaderships are the same to an embedder: an address or incarnation that changed is
  /// no news of the leader.
  private static func isSame(_ left: Leadership, _ right: Leadership) -> Bool {
    switch (left, right) {
    case (.unknown, .unknown): true
    case (.provisional(let a), .provisional(let b)): a.ordinal == b.ordinal && a.boot == b.boot
    case (.confirmed(let a, let s), .confirmed(let b, let t)):
      a.ordinal == b.ordinal && a.boot == b.boot && s == t
    default: false
    }
  }

  /// Takes a term that was heard, unless it lies so far ahead that it can only be an error.
  mutating func hear(term: UInt64, at now: Moment) {
    guard term > leader.highestTerm, term >> 16 <= now.wallMilliseconds + Self.plausibleAhead else {
      return
    }
    leader.highestTerm = term
  }

  /// Boots, terms and groups' epochs more than this ahead of the wall clock (in milliseconds, about
  /// nine years) are taken for errors: else one forged number would lock all later ones out.
  static let plausibleAhead: UInt64 = 1 << 38
}
