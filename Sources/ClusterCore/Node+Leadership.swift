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
    if leadsByMajority, majorityPingAt == .distantFuture { majorityPingAt = now.instant }
    guard !Self.isSame(current, leader.published) else { return }
    leader.published = current
    if current.isConfirmed { counters.elections += 1 }
    effects.append(.publish(.leaderChanged(current)))
  }

  private mutating func confirm(_ candidate: Int, at now: Moment) {
    guard configuration.leadershipPolicy == .any || hasMajority(at: now) else {
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
    // A degraded member leads only where there is no other choice.
    let excludesDegraded = !degraded.isEmpty && degradedCount && !faults.has(.degradedLeads)
    let isEligible = { (ordinal: Int, excludesDegraded: Bool) in
      let peer = self.peers[ordinal]
      if excludesDegraded, peer.fitness.contains(.degraded) { return false }
      if ordinal == self.ordinal {
        // Alone there is nobody who could answer: it would never lead again.
        return !peer.fitness.contains(.unheard) || !self.others.contains { self.peers[$0].isLive }
      }
      return peer.isLive && !peer.fitness.contains(.unheard) && !peer.isJoining
    }
    let ordinals = 0..<configuration.size
    let best = excludesDegraded ? ordinals.first { isEligible($0, true) } : nil
    return best ?? ordinals.first { isEligible($0, false) }
  }

  /// Whether more than half of the expected members are live; for a leader also, whether it heard so
  /// many within half of the shortest suspicion: it then steps down before the others, whose suspicion
  /// of it must last for longer, confirm another.
  private func hasMajority(at now: Moment) -> Bool {
    guard peers.liveCount * 2 > configuration.size else { return false }
    guard leader.candidate == ordinal, !faults.has(.majorityUnheard) else { return true }
    return majorityHeardUntil > now.instant
  }

  /// A leader by majority keeps hearing it: it pings as many as it needs, and some more, four times in
  /// a shortest suspicion.
  mutating func hearMajority(at now: Moment, into effects: inout [Effect]) {
    guard now.instant >= majorityPingAt else { return }
    majorityPingAt = .distantFuture
    guard leadsByMajority else { return }
    majorityPingAt = now.instant + configuration.timing.suspicionMinimum / 4
    var targets = others.filter { peers[$0].isLive }
    if targets.count > 8 {
      // Those heard last: they are the ones that it counts on.
      targets.sort {
        (peers[$1].heardAt ?? now.instant, $0) < (peers[$0].heardAt ?? now.instant, $1)
      }
      targets = Array(targets.prefix(configuration.size / 2 + 2))
    }
    for target in targets {
      send([.ping(nonce: randomness.next())], to: target, now: now, into: &effects)
    }
  }

  /// Whether this member leads, or would, by majority.
  private var leadsByMajority: Bool {
    configuration.leadershipPolicy == .majority && leader.candidate == ordinal
      && configuration.size > 1
  }

  /// When the leader by majority has to ping, or to step down.
  var majorityDueAt: Instant {
    guard leadsByMajority else { return .distantFuture }
    return leader.confirmedTerm == nil || faults.has(.majorityUnheard)
      ? majorityPingAt : min(majorityPingAt, majorityHeardUntil)
  }

  /// Until when this member, as the leader by majority, has heard enough others.
  var majorityHeardUntil: Instant {
    let needed = configuration.size / 2
    guard needed > 0 else { return .distantFuture }
    let heard = others.compactMap { peers[$0].isLive ? peers[$0].heardAt : nil }.sorted(by: >)
    guard heard.count >= needed else { return Instant(nanoseconds: 0) }
    return heard[needed - 1] + configuration.timing.suspicionMinimum / 2
  }

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
