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
      let wasLive = peers[update.ordinal].isLive
      replace(update.ordinal, boot: update.boot, at: now, into: &effects)
      peers[update.ordinal].incarnation = update.incarnation
      peers[update.ordinal].address = update.address
      if update.claim == .alive {
        setState(.alive, of: update.ordinal, at: now, into: &effects)
      } else if wasLive {
        setState(.alive, of: update.ordinal, at: now, into: &effects)
        suspect(update.ordinal, by: arrival.source, at: now, into: &effects)
      } else {
        setState(.dead, of: update.ordinal, at: now, into: &effects)
        peers[update.ordinal].nextContact = now.instant
      }
      return
    }
    if peers[update.ordinal].address == nil { peers[update.ordinal].address = update.address }
    switch update.claim {
    case .alive:
      hearAlive(
        update.ordinal, incarnation: update.incarnation, address: nil, at: now, into: &effects)
    case .accused:
      guard update.incarnation >= peers[update.ordinal].incarnation else { return }
      guard state == .alive || state == .suspect else { return }
      peers[update.ordinal].incarnation = update.incarnation
      suspect(update.ordinal, by: arrival.source, at: now, into: &effects)
    }
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
    switch state {
    case .unknown:
      peers[ordinal].incarnation = incarnation
      setState(.alive, of: ordinal, at: now, into: &effects)
    case .alive:
      if incarnation > known { peers[ordinal].incarnation = incarnation }
    case .suspect, .dead:
      // Where incarnations are used up, by a forged one, the member's own direct word has to do.
      let isLast = address != nil && incarnation >= Self.lastIncarnation
      guard incarnation > known || (isLast && incarnation == known) else { return }
      if state == .suspect { counters.suspicionsRefuted += 1 }
      peers[ordinal].incarnation = incarnation
      if let address { peers[ordinal].address = address }
      setState(.alive, of: ordinal, at: now, into: &effects)
    case .left: return
    }
  }

  /// Begins or confirms a suspicion.
  mutating func suspect(
    _ ordinal: Int, by accuser: Int, at now: Moment, into effects: inout [Effect]
  ) {
    if faults.has(.deadAtOnce) || (faults.has(.thirdPartyKills) && accuser != self.ordinal) {
      return declareDead(ordinal, at: now, into: &effects)
    }
    if peers[ordinal].suspicion != nil {
      if peers[ordinal].suspicion?.confirm(by: accuser) == true {
        news.enqueue(ordinal, members: configuration.size)
      }
      return
    }
    let live = peers.liveCount
    let minimum = Suspicion.minimum(configuration.timing.suspicionMinimum, members: live)
    setState(.suspect, of: ordinal, at: now, into: &effects)
    peers[ordinal].suspicion = Suspicion(
      startedAt: now.instant, accuser: accuser, minimum: minimum,
      maximum: minimum * configuration.timing.suspicionMaximumFactor,
      expected: min(3, max(0, live - 2)))
    counters.suspicionsRaised += 1
    // Look for oneself, out of turn, where that costs little; in a large cluster some do.
    if accuser != self.ordinal, !probes.urgent.contains(ordinal),
      randomness.chance(8, in: UInt64(max(8, live)))
    {
      probes.urgent.append(ordinal)
    }
    // The accused is told first: nobody else can refute it.
    send([], to: ordinal, now: now, into: &effects)
  }

  /// Takes a member for dead: this member's own suspicion of it expired.
  mutating func declareDead(_ ordinal: Int, at now: Moment, into effects: inout [Effect]) {
    peers[ordinal].lostAt = now.instant
    peers[ordinal].lostBoot = peers[ordinal].boot
    episode.lost.insert(ordinal)
    episode.reportAt = min(episode.reportAt, now.instant + .milliseconds(250))
    setState(.dead, of: ordinal, at: now, into: &effects)
    if recovery == .manual {
      group.add(Group.Exclusion(ordinal: ordinal, boot: peers[ordinal].boot))
      setApart(ordinal, true, at: now, into: &effects)
    }
  }

  /// A newer boot of a member was heard of: the older process is over.
  mutating func replace(
    _ ordinal: Int, boot: UInt64, at now: Moment, into effects: inout [Effect]
  ) {
    let old = peers[ordinal]
    if old.boot > 0, old.isLive { setState(.dead, of: ordinal, at: now, into: &effects) }
    closeLine(ordinal, into: &effects)
    var peer = Peer()
    peer.boot = boot
    peer.nextContact = now.instant
    peer.contactNonce = old.contactNonce
    peer.wasEvicted = old.wasEvicted || evicted.contains(ordinal)
    peers[ordinal] = peer
    forgetEviction(of: ordinal)
    episode.lost.remove(ordinal)
    episode.told.remove(ordinal)
    group.prune { $0.ordinal == ordinal && $0.boot < boot }
    convergence.isDirty = true
  }

  /// Changes a member's state, with all that follows.
  mutating func setState(
    _ state: Member.State, of ordinal: Int, at now: Moment, into effects: inout [Effect]
  ) {
    let previous = member(ordinal).state
    let before = peers[ordinal]
    guard before.state != state else { return }
    peers[ordinal].state = state
    peers[ordinal].suspicion = nil
    convergence.isDirty = true
    news.enqueue(ordinal, members: configuration.size)
    news.nextAt = min(news.nextAt, now.instant)
    if state == .dead || state == .left {
      peers[ordinal].nextContact = now.instant + configuration.timing.contactInterval
      peers[ordinal].contacts = 0
      closeLine(ordinal, into: &effects)
      disconnectStore(of: ordinal, into: &effects)
    }
    let current = member(ordinal)
    if current.state != previous {
      effects.append(.publish(.memberChanged(current, previous: previous)))
    }
    if state == .alive, before.state == .dead, before.lostBoot == before.boot,
      let lostAt = before.lostAt
    {
      episode.returned.append((ordinal, now.instant.since(lostAt)))
      episode.lost.remove(ordinal)
      episode.reportAt = min(episode.reportAt, now.instant + .milliseconds(250))
      peers[ordinal].lostAt = nil
    }
  }

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
    guard update.boot == boot, update.claim == .accused, update.incarnation >= incarnation,
      !faults.has(.noRefutation)
    else { return }
    incarnation =
      update.incarnation < Self.lastIncarnation ? update.incarnation + 1 : update.incarnation
    peers[ordinal].incarnation = incarnation
    if arrival.isTogether { health.worsen() }
    news.nextAt = min(news.nextAt, now.instant)
    for ordinal in others where peers[ordinal].isLive { pendingAnnouncements.insert(ordinal) }
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
      episode.lost.remove(source)
      episode.told.remove(source)
      setState(.left, of: source, at: now, into: &effects)
    }
    var sections: [Section] = [.leaveNoted]
    if arrival.isTogether, arrival.header.clockDigest != store.knownDigest() {
      sections.append(digestSection(at: now))
    }
    send(sections, to: source, at: arrival.origin.address, now: now, into: &effects)
  }
}
