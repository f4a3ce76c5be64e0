/// Whether this member is fit to lead and to accuse, and what it makes of what others say of theirs.
extension Node {
  /// What this member says of itself.
  private mutating func fitness(at now: Moment) -> Fitness {
    var fitness: Fitness = []
    // Asked in any case: it notes when its time is over, which would stay due for ever otherwise.
    let isListening = silence.isListening(at: now.instant)
    if stall.isUnheard || isListening { fitness.insert(.unheard) }
    if conduct.isDegraded { fitness.insert(.degraded) }
    return fitness
  }

  /// Brings what is said of one's own fitness up to date. A change raises the incarnation, so that it
  /// is the newer word wherever it is passed on.
  mutating func refreshFitness(at now: Moment, into effects: inout [Effect]) {
    let behaves = conduct.expire(at: now.instant)
    let current = fitness(at: now)
    let previous = peers[ordinal].fitness
    guard current != previous || behaves else { return }
    setFitness(current, of: ordinal)
    if phase == .running { raiseIncarnation(above: incarnation, at: now) }
    guard current.contains(.degraded) != previous.contains(.degraded) else { return }
    if conduct.isDegraded { counters.degradations += 1 }
    effects.append(
      .publish(.memberDegraded(member(ordinal), degraded: current.contains(.degraded))))
  }

  /// When one's own fitness changes by itself.
  var fitnessDueAt: Instant {
    min(conduct.until ?? .distantFuture, silence.listensUntil ?? .distantFuture)
  }

  /// Refutes, or says something new of oneself; everyone is told.
  mutating func raiseIncarnation(above heard: UInt64, at now: Moment) {
    incarnation = heard < Self.lastIncarnation ? heard + 1 : heard
    raisedAt = now.instant
    peers[ordinal].incarnation = incarnation
    news.nextAt = min(news.nextAt, now.instant)
    for ordinal in others where peers.isLive(ordinal) { pendingAnnouncements.insert(ordinal) }
  }

  /// Takes a member's own word of its fitness, heard directly or passed on.
  mutating func take(_ fitness: Fitness, of ordinal: Int, into effects: inout [Effect]) {
    let previous = peers[ordinal].fitness
    let fitness = fitness.subtracting(.joining)
    guard previous != fitness else { return }
    setFitness(fitness, of: ordinal)
    news.enqueue(ordinal, members: configuration.size)
    guard previous.contains(.degraded) != fitness.contains(.degraded) else { return }
    effects.append(
      .publish(.memberDegraded(member(ordinal), degraded: fitness.contains(.degraded))))
  }

  /// A member has chosen its group: it may lead, and gets writes as they are made.
  mutating func endJoining(of ordinal: Int) {
    guard peers[ordinal].isJoining else { return }
    peers[ordinal].isJoining = false
    news.enqueue(ordinal, members: configuration.size)
  }

  private mutating func setFitness(_ fitness: Fitness, of ordinal: Int) {
    peers[ordinal].fitness = fitness
    if fitness.contains(.degraded) { degraded.insert(ordinal) } else { degraded.remove(ordinal) }
  }

  /// Whether being degraded counts: where more than a third of the live members are, it is the network
  /// that is bad, and no member.
  var degradedCount: Bool {
    degraded.isEmpty || degraded.elements.count { peers.isLive($0) } * 3 <= peers.liveCount
  }

  /// Whether a member's accusations are passed over.
  func isDiscredited(_ ordinal: Int) -> Bool {
    peers[ordinal].fitness.contains(.degraded) && !faults.has(.degradedAccuses) && degradedCount
  }

  /// A packet of a member came.
  mutating func noteHeard(_ ordinal: Int, at now: Moment) {
    if let before = peers[ordinal].heardAt, now.instant.since(before) > .seconds(1) {
      peers[ordinal].heardEarlier = before
    }
    peers[ordinal].heardAt = now.instant
    _ = silence.end(at: now.instant)
    // The next answer is looked for now, not when the interval ends that was stretched by the silence.
    if health.isSilenced, probes.current?.isConcluded != false {
      probes.nextAt = min(probes.nextAt, now.instant + configuration.timing.probeInterval)
    }
  }

  /// What a member that was lost is told, so that it can tell a cut from its own deafness: when it was
  /// heard before these last moments.
  func earlier(for ordinal: Int, at now: Moment) -> Section? {
    let (state, returnedAt) = (peers[ordinal].state, peers[ordinal].returnedAt)
    let isBack = returnedAt.map { now.instant.since($0) < .seconds(3) } ?? false
    guard isBack || state == .suspect || state == .dead, let heard = peers[ordinal].heardEarlier,
      let last = peers[ordinal].heardAt, now.instant.since(last) < .seconds(1)
    else { return nil }
    return .earlier(milliseconds: now.instant.since(heard).nanoseconds / 1_000_000)
  }

  /// A member says when it had heard this one before.
  mutating func hearEarlier(_ milliseconds: UInt64, by source: Int, at now: Moment) {
    let span = Span64.milliseconds(milliseconds)
    guard span.nanoseconds < now.instant.nanoseconds else { return }
    let moment = Instant(nanoseconds: now.instant.nanoseconds - span.nanoseconds)
    guard silence.covers(moment) else { return }
    conduct.note(.deaf, by: source, others: others.count, at: now.instant)
  }
}
