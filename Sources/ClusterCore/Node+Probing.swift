/// The probe cycle: ping, ask others, suspect.
extension Node {
  /// Ends one probe interval and begins the next.
  mutating func turnProbeCycle(at now: Moment, into effects: inout [Effect]) {
    if let probe = probes.current { conclude(probe, at: now, into: &effects) }
    probes.current = nil
    let timing = configuration.timing
    probes.nextAt = now.instant + timing.probeInterval * health.multiplier
    guard let target = nextProbed() else { return }
    let nonce = randomness.next()
    probes.current = ProbeCycle.Probe(
      target: target, boot: peers[target].boot, nonce: nonce, sentAt: now.instant,
      indirectAt: now.instant + timing.probeTimeout * health.multiplier)
    counters.probes += 1
    send(
      .ping(nonce: nonce), and: .liveDigest(store.digest), to: target, now: now, into: &effects)
  }

  private mutating func nextProbed() -> Int? {
    let peers = peers
    return probes.next(among: others, where: { peers.isLive($0) }, using: &randomness)
  }

  /// The direct ping wasn't answered in time: others are asked, and a second one sent.
  mutating func askOthers(at now: Moment, into effects: inout [Effect]) {
    guard var probe = probes.current, !probe.hasAsked, !probe.isAnswered else { return }
    probe.hasAsked = true
    var helpers = others.filter {
      $0 != probe.target && peers[$0].isLive && peers[$0].state == .alive
    }
    randomness.shuffle(&helpers)
    helpers = Array(helpers.prefix(configuration.timing.indirectProbes))
    probe.helpers = helpers.count
    probes.current = probe
    if let address = peers[probe.target].address {
      for helper in helpers {
        send(
          [
            .probeRequest(
              nonce: probe.nonce, target: probe.target, boot: probe.boot, address: address)
          ], to: helper, now: now, into: &effects)
      }
    }
    send([.ping(nonce: probe.nonce)], to: probe.target, now: now, into: &effects)
  }

  private mutating func conclude(
    _ probe: ProbeCycle.Probe, at now: Moment, into effects: inout [Effect]
  ) {
    guard !probe.isAnswered else { return }
    counters.probesFailed += 1
    // Helpers that didn't even say that they had no answer point at this member itself.
    health.worsen(
      by: probe.helpers > 0 ? UInt64(probe.helpers - min(probe.nacks, probe.helpers)) : 1)
    let peer = peers[probe.target]
    guard peer.isLive, peer.boot == probe.boot else { return }
    suspect(probe.target, by: ordinal, at: now, into: &effects)
  }

  /// Answers a ping: to where it came from.
  mutating func answerPing(
    _ nonce: UInt64, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    let asks = arrival.isTogether && wantsDigest(of: arrival.header)
    send(
      .ack(nonce: nonce), and: asks ? digestSection(at: now) : nil, to: arrival.source,
      at: arrival.origin.address, now: now, into: &effects)
  }

  /// Takes the answer to a ping: of the running probe, of one made for another, or of a contact.
  mutating func hearAck(
    _ nonce: UInt64, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    let source = arrival.source
    if let probe = probes.current, probe.nonce == nonce, probe.target == source,
      probe.boot == arrival.header.sourceBoot
    {
      // A second ping bears the same number: which one is answered can't be told then (Karn 1987).
      if !probe.hasAsked, !probe.isAnswered {
        counters.roundTrips.observe(now.instant.since(probe.sentAt))
      }
      succeed(at: now, into: &effects)
      peers[source].address = arrival.origin.address ?? peers[source].address
    } else if let index = proxies.firstIndex(where: { $0.nonce == nonce && $0.target == source }) {
      let proxy = proxies.remove(at: index)
      guard arrival.header.sourceBoot == proxy.boot else { return }
      send(
        [.probed(nonce: proxy.requesterNonce)], to: proxy.requester, now: now, into: &effects)
    } else if nonce == peers[source].contactNonce {
      peers[source].contactNonce = 0
      peers[source].address = arrival.origin.address ?? peers[source].address
    } else {
      return
    }
    stall.isUnheard = false
    followUp(arrival, at: now, into: &effects)
  }

  /// What an answer showed to differ is told at once, not only with the next probe.
  private mutating func followUp(
    _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    guard arrival.isTogether else {
      if peers[arrival.source].groupDigest != groupDigest {
        send([], to: arrival.source, at: arrival.origin.address, now: now, into: &effects)
      }
      return
    }
    refreshView(at: now)
    let differs = arrival.header.viewDigest != convergence.digest
    var sections: [Section] = []
    if wantsDigest(of: arrival.header) { sections.append(digestSection(at: now)) }
    if differs || !sections.isEmpty {
      send(sections, to: arrival.source, now: now, into: &effects)
    }
  }

  private mutating func succeed(at now: Moment, into effects: inout [Effect]) {
    guard probes.current?.isAnswered == false else { return }
    probes.current?.isAnswered = true
    health.improve()
  }

  /// An answer that another member got in this one's stead.
  mutating func hearProbed(
    _ nonce: UInt64, from helper: Int, at now: Moment, into effects: inout [Effect]
  ) {
    guard let probe = probes.current, probe.nonce == nonce, probe.hasAsked else { return }
    succeed(at: now, into: &effects)
    stall.isUnheard = false
  }

  mutating func hearNack(_ nonce: UInt64) {
    guard let probe = probes.current, probe.nonce == nonce else { return }
    probes.current?.nacks += 1
    stall.isUnheard = false
  }

  /// Probes a member because another one asked for it.
  mutating func probe(
    _ target: Int, boot: UInt64, at address: Address, for requester: Int, nonce: UInt64,
    now: Moment, into effects: inout [Effect]
  ) {
    guard target < configuration.size, target != ordinal, target != requester,
      proxies.count < ProxyProbe.most, peers[target].boot == boot, !peers[target].isApart
    else { return }
    let own = randomness.next()
    let timeout = configuration.timing.probeTimeout
    proxies.append(
      ProxyProbe(
        requester: requester, requesterNonce: nonce, target: target, boot: boot, nonce: own,
        nackAt: now.instant + Span64(nanoseconds: timeout.nanoseconds / 5 * 4),
        expiresAt: now.instant + timeout * 4))
    send(
      [.ping(nonce: own)], to: target, at: peers[target].address ?? address, now: now,
      into: &effects)
  }

  /// Contacts a member that isn't live, at the addresses that its name has now.
  mutating func contact(
    _ ordinal: Int, at addresses: [Address], now: Moment, into effects: inout [Effect]
  ) {
    guard ordinal >= 0, ordinal < configuration.size, ordinal != self.ordinal,
      !peers[ordinal].isLive
    else { return }
    var targets = Array(addresses.prefix(4))
    if let last = peers[ordinal].address, !targets.contains(last) { targets.append(last) }
    guard !targets.isEmpty else { return }
    let nonce = randomness.next()
    peers[ordinal].contactNonce = nonce
    // Whoever answers there may be a boot that isn't known yet: zero asks for any.
    for address in targets {
      send(
        [.ping(nonce: nonce)], to: ordinal, at: address, boot: 0, now: now, into: &effects)
    }
  }

  /// When a member that isn't live is contacted next: quickly while joining, then with jitter, and
  /// less often by each member of a large cluster.
  mutating func scheduleContact(_ ordinal: Int, at now: Moment) {
    peers[ordinal].contacts += 1
    var interval = configuration.timing.contactInterval
    if case .joining = phase {
      interval = interval / 8
    } else if peers[ordinal].contacts < 4 {
      interval = interval / 4
    } else if configuration.size > 8 {
      interval = interval * UInt64(configuration.size) / 8
    }
    let quarter = max(interval.nanoseconds / 4, 1)
    peers[ordinal].nextContact =
      now.instant
      + Span64(nanoseconds: interval.nanoseconds - quarter + randomness.below(2 * quarter))
  }
}
