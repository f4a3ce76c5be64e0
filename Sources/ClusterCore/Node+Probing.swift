/// The probe cycle: ping, ask others, suspect.
extension Node {
  /// Ends one probe interval and begins the next.
  mutating func turnProbeCycle(at now: Moment, into effects: inout [Effect]) {
    if let probe = probes.current, !probe.isConcluded {
      judgeOwnHealth(by: probe)
      conclude(probe, at: now, into: &effects)
    }
    probes.current = nil
    probes.nextAt = now.instant + configuration.timing.probeInterval * multiplier
    let round = probeRound(at: now)
    let target = probes.next(round: round, own: ordinal, size: configuration.size) { [peers] in
      peers.isLive($0)
    }
    guard let target else { return }
    // Of each two one compares what they hold: the later one, when the earlier one asks.
    let section: Section? = target > ordinal ? .liveDigest(store.digest) : nil
    probes.current = begin(target, with: section, at: now, into: &effects)
  }

  /// The number of this interval, by the clock of the lowest live member that was heard: clocks that
  /// differ from it by seconds do no harm.
  private func probeRound(at now: Moment) -> UInt64 {
    let lowest = (0..<configuration.size).first { peers.isLive($0) }
    let lead = lowest.map { $0 == ordinal ? 0 : peers[$0].clockLead } ?? 0
    let milliseconds = now.wallMilliseconds &+ UInt64(bitPattern: lead)
    return milliseconds / max(configuration.timing.probeInterval.nanoseconds / 1_000_000, 1)
  }

  /// What intervals and timeouts are multiplied by: how well this member itself does.
  private var multiplier: UInt64 { faults.has(.noLocalHealth) ? 1 : health.multiplier }

  /// Sends the ping that a probe begins with.
  private mutating func begin(
    _ target: Int, with section: Section? = nil, at now: Moment, into effects: inout [Effect]
  ) -> ProbeCycle.Probe {
    let timing = configuration.timing
    let timeout = peers[target].roundTrip.timeout(timing) * multiplier
    let probe = ProbeCycle.Probe(
      target: target, boot: peers[target].boot, nonce: randomness.next(), sentAt: now.instant,
      scale: multiplier, indirectAt: now.instant + timeout, concludesAt: .distantFuture)
    counters.probes += 1
    silence.ask(at: now.instant)
    send(.ping(nonce: probe.nonce), and: section, to: target, now: now, into: &effects)
    return probe
  }

  /// Probes a member out of turn, now.
  mutating func look(at target: Int, now: Moment, into effects: inout [Effect]) {
    guard phase == .running, probes.extras.count < ProbeCycle.mostExtras, peers.isLive(target),
      !probes.isProbing(target)
    else { return }
    let probe = begin(target, at: now, into: &effects)
    probes.extras.append(probe)
  }

  /// Whether a member may be gone: it isn't alive as far as is known, or it was asked and hasn't
  /// answered yet. Complexity: O(probes that run).
  func isSilent(_ ordinal: Int) -> Bool {
    peers[ordinal].state != .alive || probes.isProbing(ordinal)
  }

  /// Goes on with the probes whose time has come.
  mutating func tendProbes(at now: Moment, into effects: inout [Effect]) {
    guard probes.isDue(at: now.instant) else { return }
    if var probe = probes.current, isUnasked(probe), now.instant >= probe.indirectAt {
      askOthers(&probe, at: now, into: &effects)
      probes.current = probe
      callRoll(since: probe.sentAt, at: now, into: &effects)
    } else if let probe = probes.current, !probe.isAnswered, !probe.isConcluded,
      now.instant >= probe.concludesAt
    {
      probes.current?.isConcluded = true
      judgeOwnHealth(by: probe)
      conclude(probe, at: now, into: &effects)
    }
    if var probe = probes.current, isRepeating(probe, at: now) {
      askRound(&probe, at: now, into: &effects)
      probes.current = probe
    }
    for index in probes.extras.indices {
      var probe = probes.extras[index]
      if isUnasked(probe), now.instant >= probe.indirectAt {
        askOthers(&probe, at: now, into: &effects)
      } else if isRepeating(probe, at: now) {
        askRound(&probe, at: now, into: &effects)
      } else {
        continue
      }
      probes.extras[index] = probe
    }
    let due = probes.extras.filter { now.instant >= $0.concludesAt || $0.isAnswered }
    guard !due.isEmpty else { return }
    probes.extras.removeAll { now.instant >= $0.concludesAt || $0.isAnswered }
    for probe in due { conclude(probe, at: now, into: &effects) }
  }

  private func isUnasked(_ probe: ProbeCycle.Probe) -> Bool { !probe.hasAsked && !probe.isAnswered }

  private func isRepeating(_ probe: ProbeCycle.Probe, at now: Moment) -> Bool {
    !probe.isAnswered && !probe.isConcluded && now.instant >= probe.repeatsAt
      && now.instant < probe.concludesAt
  }

  /// When the next of the running probes has to be gone on with.
  var probesDueAt: Instant {
    var due = Instant.distantFuture
    if let probe = probes.current, !probe.isAnswered, !probe.isConcluded {
      due = probe.dueAt
    }
    for probe in probes.extras { due = min(due, probe.dueAt) }
    return due
  }

  /// One member is missed: perhaps it isn't the only one. Some that haven't been heard since are
  /// probed at once, so that a cut is known as a whole after one round of probes instead of one
  /// round a member.
  private mutating func callRoll(
    since moment: Instant, at now: Moment, into effects: inout [Effect]
  ) {
    guard now.instant >= probes.rollCallAt else { return }
    probes.rollCallAt = now.instant + configuration.timing.probeInterval
    var silent = others.filter {
      peers[$0].state == .alive && !peers[$0].isApart
        && (peers[$0].heardAt.map { $0 < moment } ?? true)
    }
    randomness.shuffle(&silent)
    for target in silent { look(at: target, now: now, into: &effects) }
  }

  /// The direct ping wasn't answered in time: others are asked, and a second one sent.
  private mutating func askOthers(
    _ probe: inout ProbeCycle.Probe, at now: Moment, into effects: inout [Effect]
  ) {
    probe.hasAsked = true
    if peers[probe.target].boot == probe.boot {
      noteReach(of: probe.target, answers: false, at: now)
    }
    var helpers = others.filter {
      $0 != probe.target && peers.isLive($0) && peers[$0].state == .alive
    }
    randomness.shuffle(&helpers)
    helpers = Array(helpers.prefix(configuration.timing.indirectProbes))
    probe.helpers = helpers
    // Each helper has until its own timeout, and twice the way.
    let timing = configuration.timing
    let farthest = helpers.map { peers[$0].roundTrip.timeout(timing) }.max() ?? .zero
    probe.concludesAt = now.instant + max(timing.probeTimeout, farthest * 2) * probe.scale
    // The interval's end cuts a probe in turn short: its rounds must fit in before.
    if probes.current?.nonce == probe.nonce {
      probe.concludesAt = min(probe.concludesAt, probes.nextAt)
    }
    probe.roundsLeft =
      isAskedAgain(probe.target) ? ProbeCycle.rounds(helpers: helpers.count) : 1
    probe.pace = probe.concludesAt.since(now.instant) / UInt64(probe.roundsLeft)
    askRound(&probe, at: now, into: &effects)
  }

  /// Whether a member is known to be where it is asked: an address that may be made up is asked once.
  private func isAskedAgain(_ ordinal: Int) -> Bool {
    !peers[ordinal].isDoubtful && peers[ordinal].heardAt != nil
  }

  /// Asks the helpers and pings the member, under the same number each time: whichever answer comes
  /// first is the answer.
  private mutating func askRound(
    _ probe: inout ProbeCycle.Probe, at now: Moment, into effects: inout [Effect]
  ) {
    probe.roundsLeft -= 1
    probe.repeatsAt = probe.roundsLeft > 0 ? now.instant + probe.pace : .distantFuture
    if let address = peers[probe.target].address {
      for helper in probe.helpers {
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
    let peer = peers[probe.target]
    guard peer.isLive, peer.boot == probe.boot else { return }
    suspect(probe.target, by: [ordinal], at: now, into: &effects)
  }

  /// A probe in turn that failed may be this member's own fault: helpers that didn't even say that they
  /// had no answer point at it (Lifeguard, LHA-Probe).
  private mutating func judgeOwnHealth(by probe: ProbeCycle.Probe) {
    guard !probe.isAnswered else { return }
    let missing = probe.helpers.count - probe.nackers.count
    health.fail(
      by: probe.helpers.isEmpty ? 1 : UInt64(missing),
      isSilence: silence.heardAt.map { $0 < probe.sentAt } ?? true)
  }

  /// Answers a ping: to where it came from.
  mutating func answerPing(
    _ nonce: UInt64, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    let (source, address) = (arrival.source, arrival.origin.address)
    var other = address.flatMap { proof(of: source, at: $0) }
    if other == nil, arrival.isTogether, wantsDigest(of: arrival.header) {
      other = question(to: source, at: now)
    }
    send(.ack(nonce: nonce), and: other, to: source, at: address, now: now, into: &effects)
  }

  /// Takes the answer to a ping: of the running probe, of one made for another, or of a contact.
  mutating func hearAck(
    _ nonce: UInt64, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    let source = arrival.source
    if let probe = probes.running(nonce), probe.target == source,
      probe.boot == arrival.header.sourceBoot
    {
      succeed(nonce, counting: \.probesAnswered)
      noteAnswer(probe, at: now)
      prove(source, at: arrival.origin.address)
    } else if let index = proxies.firstIndex(where: { $0.nonce == nonce && $0.target == source }) {
      let proxy = proxies.remove(at: index)
      guard arrival.header.sourceBoot == proxy.boot else { return }
      send(
        [.probed(nonce: proxy.requesterNonce)], to: proxy.requester, now: now, into: &effects)
    } else if nonce == peers[source].contactNonce, nonce != 0 {
      peers[source].contactNonce = 0
      prove(source, at: arrival.origin.address)
      health.improve()
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
    if wantsDigest(of: arrival.header) { sections.append(question(to: arrival.source, at: now)) }
    if differs || !sections.isEmpty {
      send(sections, to: arrival.source, now: now, into: &effects)
    }
  }

  private mutating func succeed(
    _ nonce: UInt64, counting counter: WritableKeyPath<Counters, UInt64>
  ) {
    if probes.running(nonce)?.isAnswered == false { counters[keyPath: counter] += 1 }
    if let index = probes.extras.firstIndex(where: { $0.nonce == nonce }) {
      probes.extras[index].isAnswered = true
    } else if probes.current?.nonce == nonce, probes.current?.isAnswered == false {
      probes.current?.isAnswered = true
      health.improve()
    }
  }

  /// Takes the round trip of an answer. The second ping bears the same number as the first, so that
  /// of a late answer only the longest that it can have taken is known (Karn and Partridge 1987):
  /// enough to wait longer next time, and not counted where the first already waited as long as may
  /// be.
  private mutating func noteAnswer(_ probe: ProbeCycle.Probe, at now: Moment) {
    guard !probe.isAnswered else {
      // Another one vouched for it first: its own answer shows all the same that the way is open.
      return noteReach(of: probe.target, answers: true, at: now)
    }
    let sample = now.instant.since(probe.sentAt)
    // A second ping bears the same number: which one is answered can't be told then (Karn 1987).
    if !probe.hasAsked { counters.roundTrips.observe(sample) }
    if !probe.hasAsked || sample < configuration.timing.probeTimeoutMaximum * 2 {
      peers[probe.target].roundTrip.note(sample)
    }
    noteReach(of: probe.target, answers: true, at: now)
  }

  /// An answer that another member got in this one's stead.
  mutating func hearProbed(
    _ nonce: UInt64, from helper: Int, at now: Moment, into effects: inout [Effect]
  ) {
    guard let probe = probes.running(nonce), probe.hasAsked else { return }
    // It lives, but not where it was asked, or the way there is cut: its name may know better. Two that
    // both moved would never find each other again, and others would vouch for them for ever.
    if !probe.isAnswered {
      peers[probe.target].isSought = true
      effects.append(.resolve(ordinal: probe.target))
    }
    succeed(nonce, counting: \.probesVouched)
    stall.isUnheard = false
  }

  /// A helper has no answer yet. Each counts once, however often it was asked and says so.
  mutating func hearNack(_ nonce: UInt64, from helper: Int) {
    guard let probe = probes.running(nonce) else { return }
    if probes.current?.nonce == nonce, probe.helpers.contains(helper) {
      probes.current?.nackers.insert(helper)
    }
    stall.isUnheard = false
  }

  /// Probes a member because another one asked for it. Asked again it pings again, for the same probe,
  /// and says again that it has nothing, if it had said so: either may have been lost.
  mutating func probe(
    _ target: Int, boot: UInt64, at address: Address, for requester: Int, nonce: UInt64,
    now: Moment, into effects: inout [Effect]
  ) {
    guard target < configuration.size, target != ordinal, target != requester,
      peers[target].boot == boot, !peers[target].isApart
    else { return }
    let running = proxies.firstIndex {
      $0.requesterNonce == nonce && $0.requester == requester && $0.target == target
    }
    if let running {
      guard isAskedAgain(target) else { return }
      if proxies[running].hasNacked {
        proxies[running].hasNacked = false
        proxies[running].nackAt = now.instant
      }
      send(
        [.ping(nonce: proxies[running].nonce)], to: target, at: peers[target].address ?? address,
        now: now, into: &effects)
      return
    }
    guard proxies.count < ProxyProbe.most else { return }
    let own = randomness.next()
    let timeout = peers[target].roundTrip.timeout(configuration.timing)
    proxies.append(
      ProxyProbe(
        requester: requester, requesterNonce: nonce, target: target, boot: boot, nonce: own,
        nackAt: now.instant + Span64(nanoseconds: timeout.nanoseconds / 5 * 4),
        expiresAt: now.instant + timeout * 4))
    send(
      [.ping(nonce: own)], to: target, at: peers[target].address ?? address, now: now,
      into: &effects)
  }
}
