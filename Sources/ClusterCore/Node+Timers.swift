/// What is due, and when something is due next.
extension Node {
  mutating func runTimers(at now: Moment, into effects: inout [Effect]) {
    let instant = now.instant
    if case .joining(let since) = phase, instant >= since + configuration.timing.joinWindow {
      finishJoining(at: now, into: &effects)
    }
    if case .leaving = phase { continueLeaving(at: now, into: &effects) }
    guard phase != .ended else { return }
    if phase == .running, instant >= probes.nextAt {
      turnProbeCycle(at: now, into: &effects)
    }
    tendProbes(at: now, into: &effects)
    runProxies(at: now, into: &effects)
    expireSuspicions(at: now, into: &effects)
    contactLost(at: now, into: &effects)
    if instant >= news.nextAt { gossip(at: now, into: &effects) }
    if instant >= episode.reportAt { reportEpisode(into: &effects) }
    runDismissals(at: now, into: &effects)
    runContest(at: now, into: &effects)
    if instant >= nextSweep { sweep(at: now, into: &effects) }
    expireValues(at: now, into: &effects)
    flush(at: now, into: &effects)
    hearMajority(at: now, into: &effects)
    if instant >= watchesDueAt { tendWatches(at: now, into: &effects) }
    inquire(at: now, into: &effects)
    runSurvey(at: now, into: &effects)
    runSettlement(at: now, into: &effects)
    for ordinal in peers.due(at: instant) { tendLine(ordinal, at: now, into: &effects) }
  }

  func earliestDeadline(at now: Moment) -> Instant {
    var deadline = Instant.distantFuture
    func consider(_ instant: Instant) { deadline = min(deadline, instant) }
    switch phase {
    case .idle, .ended: return .distantFuture
    case .joining(let since): consider(since + configuration.timing.joinWindow)
    case .leaving(let until, let nextAt):
      consider(until)
      consider(nextAt)
    case .running: consider(probes.nextAt)
    }
    consider(probesDueAt)
    consider(watchesDueAt)
    consider(fitnessDueAt)
    consider(majorityDueAt)
    for proxy in proxies { consider(proxy.hasNacked ? proxy.expiresAt : proxy.nackAt) }
    if contactsAll {
      consider(peers.earliest)
    } else {
      for ordinal in others {
        if !peers.isLive(ordinal), contacts(ordinal) { consider(peers[ordinal].nextContact) }
        if case .connecting(let until) = peers[ordinal].line.connection { consider(until) }
      }
    }
    consider(suspicionsDueAt)
    consider(news.nextAt)
    consider(episode.reportAt)
    for dismissal in dismissals { consider(dismissal.nextAt) }
    if let contest { consider(contest.nextAt) }
    consider(sweptBy)
    if hasSynced, !restored.quarantine.isEmpty { consider(now.instant) }
    // What is overdue here waits for a flush or an answer: the timer is not late by it.
    consider(max(nextInquiry, now.instant))
    consider(max(nextRecoveryStep, now.instant))
    if let expiry = store.nextExpiry {
      let ahead = expiry > now.wallMilliseconds ? expiry - now.wallMilliseconds : 0
      consider(now.instant + .milliseconds(min(ahead, 60_000)))
    }
    return deadline
  }

  private mutating func runProxies(at now: Moment, into effects: inout [Effect]) {
    for index in proxies.indices where !proxies[index].hasNacked {
      guard now.instant >= proxies[index].nackAt else { continue }
      proxies[index].hasNacked = true
      let proxy = proxies[index]
      send([.nack(nonce: proxy.requesterNonce)], to: proxy.requester, now: now, into: &effects)
    }
    proxies.removeAll { now.instant >= $0.expiresAt }
  }

  /// Takes for dead whose suspicion expired. While another suspicion is younger than the shortest can
  /// be, those that expired wait for it, though none beyond the longest: a zone that was lost leaves as
  /// one view change (Rapid's multi-process cut, Suresh and others 2018, section 4.2, without its
  /// consensus).
  private mutating func expireSuspicions(at now: Moment, into effects: inout [Effect]) {
    guard now.instant >= suspicionsDueAt else { return }
    let confirmers = confirmers
    for ordinal in suspects.elements {
      guard let suspicion = peers[ordinal].suspicion,
        now.instant >= suspicion.deadline(confirmers: confirmers)
      else { continue }
      declareDead(ordinal, at: now, into: &effects)
    }
  }

  /// How many others aren't silent themselves.
  private var confirmers: Int { max(0, peers.liveCount - 1 - suspects.count) }

  /// When the next suspicions are acted upon.
  private var suspicionsDueAt: Instant {
    if suspects.isEmpty { return .distantFuture }
    let confirmers = confirmers
    var (first, latest, ripe) = (
      Instant.distantFuture, Instant.distantFuture, Instant(nanoseconds: 0)
    )
    for ordinal in suspects.elements {
      guard let suspicion = peers[ordinal].suspicion else { continue }
      first = min(first, suspicion.deadline(confirmers: confirmers))
      latest = min(latest, suspicion.latest)
      ripe = max(ripe, suspicion.ripeAt)
    }
    if first == .distantFuture || faults.has(.noBatchedDeaths) { return first }
    return max(first, min(ripe, latest))
  }

  /// Whether a member that isn't live is contacted: always. (A planted fault forgets the dead.)
  private func contacts(_ ordinal: Int) -> Bool {
    if contactsAll { return true }
    if case .leaving = phase { return false }
    return !faults.has(.deadForgotten) || peers[ordinal].state == .unknown
  }

  private var contactsAll: Bool {
    if case .leaving = phase { return false }
    return !faults.has(.deadForgotten)
  }

  private mutating func contactLost(at now: Moment, into effects: inout [Effect]) {
    for ordinal in peers.due(at: now.instant)
    where ordinal != self.ordinal && !peers.isLive(ordinal) && contacts(ordinal) {
      guard now.instant >= peers[ordinal].nextContact else { continue }
      scheduleContact(ordinal, at: now)
      effects.append(.resolve(ordinal: ordinal))
    }
  }

  /// Tells news to some members without waiting for a probe: to all in a small cluster.
  private mutating func gossip(at now: Moment, into effects: inout [Effect]) {
    news.nextAt = .distantFuture
    refreshView(at: now)
    var targets = others.filter { peers.isLive($0) }
    randomness.shuffle(&targets)
    let fanout = configuration.size <= 8 ? 8 : 4
    // Who may be gone comes last, and hears besides of what it alone can refute: of a few members
    // that are cut off from many, each would tell hardly anything to those who hear it.
    var (heard, silent): ([Int], [Int]) = ([], [])
    for target in targets {
      if isSilent(target) { silent.append(target) } else { heard.append(target) }
    }
    targets = heard + silent
    let chosen = Array(targets.prefix(fanout))
    let announced = pendingAnnouncements.elements.filter {
      !chosen.contains($0) && peers.isLive($0)
    }
    pendingAnnouncements.removeAll()
    guard phase != .idle else { return }
    // Whom this member accuses itself has the most use for the news: it alone can refute.
    var accused = suspects.elements.filter {
      peers[$0].suspicion?.accusers.contains(ordinal) == true && !chosen.contains($0)
        && !announced.contains($0)
    }
    if faults.has(.accusedNotTold) { accused = [] }
    for ordinal in chosen + announced.prefix(64) + accused.prefix(8) {
      send([], to: ordinal, now: now, into: &effects)
    }
    if !news.isEmpty, !targets.isEmpty { news.nextAt = now.instant + Self.gossipInterval }
  }

  /// How often news is told while there is some.
  static let gossipInterval = Span64.milliseconds(200)

  private mutating func sweep(at now: Moment, into effects: inout [Effect]) {
    nextSweep = now.instant + .milliseconds(500)
    // Most of the time there is nothing to do: that isn't worth a wake of its own.
    sweptBy = now.instant + .seconds(1)
    runExchanges(at: now, into: &effects)
    // What is being exchanged must not be forgotten meanwhile.
    guard !hasEstranged else {
      sweptBy = nextSweep
      return
    }
    guard store.needsSweep(viewDigest: convergence.digest, evicted: evicted) else { return }
    peers.settle()
    // Who is live matters to a planted fault only.
    let live = faults.has(.stableWhenReachableKnow) ? peers.map(\.isLive) : []
    let isThrough = store.sweep(
      boots: peers.boots, live: live, evicted: evicted, viewDigest: convergence.digest)
    guard !isThrough else { return }
    nextSweep = now.instant + .milliseconds(1)
    sweptBy = nextSweep
  }

  private mutating func expireValues(at now: Moment, into effects: inout [Effect]) {
    for change in store.expire(wallMilliseconds: now.wallMilliseconds) {
      effects.append(.changed(change))
    }
  }
}
