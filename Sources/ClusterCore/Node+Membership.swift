/// What is believed of others, and what changes it.
///
/// Boots come first: a newer one replaces the older at once, from whatever address, and nothing said of
/// an older one counts. Within a boot a higher incarnation, which only the member itself gives, refutes
/// every accusation of a lower one. A third party may only accuse.
extension Node {
  /// Applies what another member believes of somebody.
  mutating func apply(
    _ update: MemberUpdate, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    // Not a fault: a set that is being resized has members that aren't expected here yet, or any more.
    guard update.ordinal < configuration.size else { return }
    guard isPlausible(boot: update.boot, at: now) else { return reject(.malformed) }
    guard update.ordinal != ordinal else {
      return hearOfSelf(update, arrival, at: now, into: &effects)
    }
    let (boot, state) = (peers[update.ordinal].boot, peers[update.ordinal].state)
    let isNews = update.boot > boot
    guard arrival.isTogether || (isNews && isOfOurSide(arrival)) else { return }
    let isPresent = update.boot == boot || faults.has(.olderBootsCount)
    guard isNews || (isPresent && !peers[update.ordinal].isApart) else { return }
    if isNews {
      guard !faults.has(.bootDoesNotSupersede) || boot == 0 else { return }
      guard !group.excludes(update.ordinal, boot: update.boot) else { return }
      let wasLive = peers.isLive(update.ordinal)
      let cause: Member.Cause = boot > 0 ? .restarted : .heard
      replace(update.ordinal, boot: update.boot, at: now, into: &effects)
      peers[update.ordinal].incarnation = update.incarnation
      peers[update.ordinal].address = update.address
      take(update.fitness, of: update.ordinal, into: &effects)
      if !update.fitness.contains(.joining) { endJoining(of: update.ordinal) }
      if update.claim == .alive {
        setState(.alive, of: update.ordinal, because: cause, at: now, into: &effects)
      } else if wasLive {
        setState(.alive, of: update.ordinal, because: cause, at: now, into: &effects)
        suspect(update.ordinal, by: update.accusers, at: now, into: &effects)
      } else {
        setState(.dead, of: update.ordinal, because: .unanswered, at: now, into: &effects)
        peers[update.ordinal].nextContact = now.instant
      }
      return
    }
    if peers[update.ordinal].address == nil { peers[update.ordinal].address = update.address }
    if !update.fitness.contains(.joining) { endJoining(of: update.ordinal) }
    switch update.claim {
    case .alive:
      if update.incarnation > peers[update.ordinal].incarnation {
        take(update.fitness, of: update.ordinal, into: &effects)
      }
      hearAlive(
        update.ordinal, incarnation: update.incarnation, address: nil, at: now, into: &effects)
    case .accused:
      guard update.incarnation >= peers[update.ordinal].incarnation else {
        return correct(update, of: arrival.source, at: now)
      }
      guard state == .alive || state == .suspect else { return }
      hearAccusation(update, by: arrival.source, at: now, into: &effects)
    }
  }

  /// Somebody still accuses a member of an incarnation that it has refuted: the answer, lost on its
  /// way, is given again. Views don't differ by it, so nothing else would repair it in time.
  private mutating func correct(_ update: MemberUpdate, of source: Int, at now: Moment) {
    guard peers[update.ordinal].state == .alive else { return }
    if !news.ordinals.contains(update.ordinal) {
      news.enqueue(update.ordinal, members: configuration.size)
    }
    pendingAnnouncements.insert(source)
    news.nextAt = min(news.nextAt, now.instant + .milliseconds(10))
  }

  /// Takes an accusation: of those who found the member silent themselves each counts once, whoever
  /// passes it on; what only came round is a reason to look, and no confirmation. What degraded members
  /// say is passed over until they behave.
  private mutating func hearAccusation(
    _ update: MemberUpdate, by source: Int, at now: Moment, into effects: inout [Effect]
  ) {
    let told = update.accusers.filter {
      $0 < configuration.size && $0 != update.ordinal && $0 != ordinal
    }
    var credible = degraded.isEmpty ? told : told.filter { !isDiscredited($0) }
    if faults.has(.rumoursConfirm) { credible.append(source) }
    if faults.has(.verdictsBelieved), told.count == 2, told[0] == told[1] {
      return declareDead(update.ordinal, at: now, into: &effects)
    }
    guard !isDiscredited(source), !credible.isEmpty || told.isEmpty else {
      counters.accusationsIgnored += 1
      return
    }
    if update.incarnation > peers[update.ordinal].incarnation {
      // An accusation of a later life than was known: it had refuted the earlier ones.
      peers[update.ordinal].incarnation = update.incarnation
    }
    suspect(update.ordinal, by: credible, at: now, into: &effects)
  }

  /// Whether a sender's group differs from this member's only in which restarts it has heard of, or in
  /// an epoch that one of the two is about to take. News of a newer boot must pass then: it is what
  /// makes the groups equal again.
  private func isOfOurSide(_ arrival: Arrival) -> Bool {
    phase == .running && !peers[arrival.source].isApart
      && peers[arrival.source].groupDigest == arrival.header.groupDigest
  }

  /// Takes the member's own word, or its word as passed on, that it lives.
  ///
  /// - Parameter address: Where the member's own packet came from; none for a word passed on.
  mutating func hearAlive(
    _ ordinal: Int, incarnation: UInt64, address: Address?, at now: Moment,
    into effects: inout [Effect]
  ) {
    let (state, known) = (peers[ordinal].state, peers[ordinal].incarnation)
    if incarnation > known { noteWitnessed(ordinal, at: now) }
    switch state {
    case .unknown:
      peers[ordinal].incarnation = incarnation
      setState(
        .alive, of: ordinal, because: peers[ordinal].cause ?? .heard, at: now, into: &effects)
    case .alive:
      if incarnation > known { peers[ordinal].incarnation = incarnation }
    case .suspect, .dead:
      // Where incarnations are used up, by a forged one, the member's own direct word has to do.
      let isLast = address != nil && incarnation >= Self.lastIncarnation
      guard incarnation > known || (isLast && incarnation == known) else { return }
      if state == .suspect { counters.suspicionsRefuted += 1 }
      peers[ordinal].incarnation = incarnation
      if let address, address != peers[ordinal].address {
        peers[ordinal].address = address
        peers[ordinal].isDoubtful = true
      }
      setState(
        .alive, of: ordinal, because: state == .suspect ? .refuted : .returned, at: now,
        into: &effects)
    case .left: return
    }
  }

  /// Begins or confirms a suspicion.
  mutating func suspect(
    _ ordinal: Int, by accusers: [Int], at now: Moment, into effects: inout [Effect]
  ) {
    let isHearsay = !accusers.contains(self.ordinal)
    if faults.has(.deadAtOnce) || (faults.has(.thirdPartyKills) && isHearsay) {
      return declareDead(ordinal, at: now, into: &effects)
    }
    if peers[ordinal].suspicion != nil {
      for accuser in accusers where peers[ordinal].suspicion?.confirm(by: accuser) == true {
        news.enqueue(ordinal, members: configuration.size)
      }
      return
    }
    let live = peers.liveCount
    let minimum = Suspicion.minimum(configuration.timing.suspicionMinimum, members: live)
    setState(.suspect, of: ordinal, because: .unanswered, at: now, into: &effects)
    peers[ordinal].suspicion = Suspicion(
      startedAt: now.instant, accusers: Array(accusers.prefix(4)), minimum: minimum,
      maximum: faults.has(.noSuspicionDecay)
        ? minimum : minimum * configuration.timing.suspicionMaximumFactor,
      expected: min(3, max(0, live - 2)))
    counters.suspicionsRaised += 1
    // Look for oneself, out of turn, where that costs little; in a large cluster some do.
    if isHearsay, randomness.chance(8, in: UInt64(max(8, live))) {
      look(at: ordinal, now: now, into: &effects)
    }
    // The accused is told first: nobody else can refute it.
    if faults.has(.accusedNotTold) { return }
    send([], to: ordinal, now: now, into: &effects)
  }

  /// Takes a member for dead: this member's own suspicion of it expired, or it found proof.
  ///
  /// - Parameter hasProof: Whether refused connections prove that the process ended. What has proof is
  ///   no partition, unless the member comes back with the same boot.
  mutating func declareDead(
    _ ordinal: Int, hasProof: Bool = false, at now: Moment, into effects: inout [Effect]
  ) {
    noteLost(ordinal, hasProof: hasProof, at: now)
    peers[ordinal].accusers = peers[ordinal].suspicion?.accusers ?? []
    if hasProof { counters.refusalDeaths += 1 }
    setState(
      .dead, of: ordinal, because: hasProof ? .refused : .silent, at: now, into: &effects)
    if recovery == .manual {
      group.add(Group.Exclusion(ordinal: ordinal, boot: peers[ordinal].boot))
      setApart(ordinal, true, at: now, into: &effects)
    }
    if !hasProof { knock(at: ordinal, now: now, into: &effects) }
  }

  /// A newer boot of a member was heard of: the older process is over.
  mutating func replace(
    _ ordinal: Int, boot: UInt64, at now: Moment, into effects: inout [Effect]
  ) {
    let old = peers[ordinal]
    if old.boot > 0, old.isLive {
      setState(.dead, of: ordinal, because: .restarted, at: now, into: &effects)
    }
    closeLine(ordinal, into: &effects)
    var peer = Peer()
    peer.boot = boot
    peer.nextContact = now.instant
    peer.contactNonce = old.contactNonce
    peer.named = old.named
    if old.boot > 0 { peer.cause = .restarted }
    peer.wasEvicted = old.wasEvicted || evicted.contains(ordinal)
    peers[ordinal] = peer
    suspects.remove(ordinal)
    degraded.remove(ordinal)
    forgetEviction(of: ordinal)
    episode.forget(ordinal)
    group.prune { $0.ordinal == ordinal && $0.boot < boot }
    convergence.isDirty = true
  }

  /// Changes a member's state, with all that follows.
  mutating func setState(
    _ state: Member.State, of ordinal: Int, because cause: Member.Cause, at now: Moment,
    into effects: inout [Effect]
  ) {
    let previous = member(ordinal).state
    let before = peers[ordinal]
    guard before.state != state else { return }
    peers[ordinal].state = state
    peers[ordinal].cause = cause
    peers[ordinal].suspicion = nil
    if state == .suspect { suspects.insert(ordinal) } else { suspects.remove(ordinal) }
    convergence.isDirty = true
    news.enqueue(ordinal, members: configuration.size)
    news.nextAt = min(news.nextAt, now.instant)
    stirWatches(at: now)
    if state == .dead || state == .left {
      peers[ordinal].nextContact = now.instant + configuration.timing.contactInterval
      peers[ordinal].contacts = 0
      closeLine(ordinal, into: &effects)
      disconnectStore(of: ordinal, into: &effects)
      noteReach(of: ordinal, answers: false, at: now)
    }
    let current = member(ordinal)
    if current.state != previous {
      effects.append(.publish(.memberChanged(current, previous: previous)))
    }
    if state == .alive { noteRefuted(ordinal, before, at: now) }
    if state == .alive, before.state == .dead, before.lostBoot == before.boot,
      let lostAt = before.lostAt
    {
      counters.falseDeaths += 1
      episode.returned.append((ordinal, now.instant.since(lostAt)))
      // Its port had refused connections, and yet it never died: a partition, after all.
      if !episode.lost.contains(ordinal), before.knock != .taken { episode.told.insert(ordinal) }
      episode.lost.remove(ordinal)
      episode.schedule(at: now.instant)
      peers[ordinal].lostAt = nil
    }
  }

  /// A member that was suspect or dead lives. Who accused it of silence was mistaken, unless it was
  /// silent for so long that it was taken for dead: that is what a cut looks like, and nobody's fault.
  private mutating func noteRefuted(_ ordinal: Int, _ before: Peer, at now: Moment) {
    peers[ordinal].returnedAt = now.instant
    peers[ordinal].accusers = []
    guard before.state == .suspect, !stall.isUnheard,
      before.suspicion?.accusers.contains(self.ordinal) == true
    else { return }
    conduct.note(.mistaken, by: ordinal, others: others.count, at: now.instant)
  }

  /// A member raised its incarnation: somebody had accused it. That counts if it wasn't this one alone.
  private mutating func noteWitnessed(_ ordinal: Int, at now: Moment) {
    let accusers = peers[ordinal].suspicion?.accusers ?? peers[ordinal].accusers
    let isOthers = accusers.contains { $0 != self.ordinal }
    let isOwn = !accusers.isEmpty || conduct.mistaken.contains { $0.other == ordinal }
    guard peers[ordinal].state != .unknown, isOthers || !isOwn else { return }
    conduct.note(.witnessed, by: ordinal, others: others.count, at: now.instant)
  }

  /// Others accuse this member of silence although it hears them well: it may be mute. Those that
  /// it had lost itself were cut off from it, and prove nothing.
  private mutating func noteAccused(by accusers: [Int], at now: Moment) {
    for accuser in accusers where accuser < configuration.size && accuser != ordinal {
      let isBack = peers[accuser].returnedAt.map { now.instant.since($0) < .seconds(5) } ?? false
      guard peers[accuser].state == .alive, !isBack else { continue }
      conduct.note(.accused, by: accuser, others: others.count, at: now.instant)
    }
  }

  /// A member that is heard still accuses this one of what it has refuted seconds ago: the refutation
  /// didn't get there, so perhaps nothing does. That this member takes the other for silent, too, is no
  /// wonder then: what it asked isn't heard.
  private mutating func noteUnheard(by arrival: Arrival, at now: Moment) {
    guard arrival.isTogether, now.instant.since(raisedAt) >= Self.refutationTime else { return }
    conduct.note(.unheard, by: arrival.source, others: others.count, at: now.instant)
  }

  /// So soon a refutation has gone round among those that can be reached.
  private static let refutationTime = Span64.seconds(2)

  /// A member counts up to this one only. No member gets there by itself.
  static let lastIncarnation: UInt64 = 1 << 62

  /// Hears what others believe of this member.
  private mutating func hearOfSelf(
    _ update: MemberUpdate, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    if update.boot > boot {
      contend(with: update.boot, at: update.address, now: now)
      return
    }
    guard update.boot == boot, update.claim == .accused, !faults.has(.noRefutation) else { return }
    guard update.incarnation >= incarnation else { return noteUnheard(by: arrival, at: now) }
    raiseIncarnation(above: update.incarnation, at: now)
    if arrival.isTogether {
      if !health.isSilenced { health.worsen() }
      conduct.note(.refuted, by: arrival.source, others: others.count, at: now.instant)
      noteAccused(by: update.accusers, at: now)
    }
    // The accuser may not be live in this member's view, and must hear it all the same.
    if let address = arrival.origin.address {
      send([], to: arrival.source, at: address, now: now, into: &effects)
    }
  }

  /// Hears from a member itself that it leaves.
  mutating func hearLeave(
    _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    let source = arrival.source
    if peers[source].state != .left, !peers[source].isApart {
      episode.forget(source)
      setState(.left, of: source, because: .ownWord, at: now, into: &effects)
    }
    var sections: [Section] = [.leaveNoted]
    if arrival.isTogether, arrival.header.clockDigest != store.knownDigest() {
      sections.append(digestSection(at: now))
    }
    send(sections, to: source, at: arrival.origin.address, now: now, into: &effects)
  }
}
