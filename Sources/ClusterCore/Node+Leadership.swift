/// View digest, convergence, leader.
extension Node {
  /// Takes the view digest anew where the view may have changed.
  mutating func refreshView(at now: Moment) {
    peers.settle()
    let digest = peers.viewDigest
    guard digest != convergence.digest else { return }
    convergence.update(digest, own: ordinal, at: now.instant)
    for holder in peers.liveHolders(of: digest) where holder != ordinal {
      convergence.insert(holder)
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
    if leadsByMajority, majorityPingAt == .distantFuture { majorityPingAt = now.instant }
    guard !isPublished(candidate, boot: candidateBoot) else { return }
    leader.published = leadership
    if leader.published.isConfirmed { counters.elections += 1 }
    effects.append(.publish(.leaderChanged(leader.published)))
  }

  /// Whether the embedder was told of this leadership already: an address or incarnation that changed
  /// is no news of the leader.
  private func isPublished(_ candidate: Int?, boot: UInt64) -> Bool {
    let number = candidate.map { configuration.firstOrdinal + $0 }
    switch leader.published {
    case .unknown: return candidate == nil
    case .provisional(let told):
      return told.ordinal == number && told.boot == boot && leader.confirmedTerm == nil
    case .confirmed(let told, let term):
      return told.ordinal == number && told.boot == boot && leader.confirmedTerm == term
    }
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
      if leader.confirmedTerm != nil, now.instant < leader.nextTermAt { return }
      leader.nextTermAt = now.instant + configuration.timing.probeInterval / 2
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
      return (0..<configuration.size).last { peers.isLive($0) && !peers[$0].isJoining }
    }
    // A degraded member leads only where there is no other choice.
    let excludesDegraded = !degraded.isEmpty && degradedCount && !faults.has(.degradedLeads)
    if excludesDegraded {
      for ordinal in 0..<configuration.size
      where isEligible(ordinal) && !peers[ordinal].fitness.contains(.degraded) {
        return ordinal
      }
    }
    for ordinal in 0..<configuration.size where isEligible(ordinal) { return ordinal }
    return nil
  }

  private func isEligible(_ ordinal: Int) -> Bool {
    let isUnheard = peers[ordinal].fitness.contains(.unheard)
    // Alone there is nobody who could answer: it would never lead again.
    if ordinal == self.ordinal { return !isUnheard || !hasLiveOthers }
    return peers.isLive(ordinal) && !isUnheard && !peers[ordinal].isJoining
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
    var targets = others.filter { peers.isLive($0) }
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
    let heard = others.compactMap { peers.isLive($0) ? peers[$0].heardAt : nil }.sorted(by: >)
    guard heard.count >= needed else { return Instant(nanoseconds: 0) }
    return heard[needed - 1] + configuration.timing.suspicionMinimum / 2
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
