/// Two boots of one ordinal: the newer one stays.
extension Node {
  /// How often the other process is probed before it is taken for dead.
  static let contestTries = 4
  /// How often what only this process holds is handed over.
  static let handoverTries = 20

  /// A newer boot of this ordinal was heard of.
  mutating func contend(with newer: UInt64, at address: Address?, now: Moment) {
    guard newer > boot, isPlausible(boot: newer, at: now) else { return }
    if var running = contest, running.boot >= newer {
      if running.boot == newer, running.address == nil { running.address = address }
      contest = running
      return
    }
    contest = Contest(
      boot: newer, address: address, nonce: randomness.next(), nextAt: now.instant)
  }

  /// A store knows writes of a newer boot of this ordinal: an earlier life whose clock was ahead of
  /// this one's. Its boot may be all that is left of it, where everyone started anew from disks; and
  /// whoever has sealed it would take what this boot writes for known and deleted.
  mutating func noteEarlierLife(in clock: StoreClock, at now: Moment) {
    contend(with: clock[ordinal].newestBoot, at: nil, now: now)
  }

  mutating func runContest(at now: Moment, into effects: inout [Effect]) {
    guard var running = contest, now.instant >= running.nextAt else { return }
    running.tries += 1
    running.nextAt = now.instant + .milliseconds(250)
    contest = running
    if running.isLost {
      handOver(at: now, into: &effects)
    } else if running.tries > Self.contestTries {
      // Nobody answers: a trace of an earlier life. Jump past it.
      contest = nil
      take(boot: bootPast(running.boot))
      for ordinal in others { pendingAnnouncements.insert(ordinal) }
      news.nextAt = now.instant
    } else if let address = running.address {
      send(
        [.ping(nonce: running.nonce)], to: ordinal, at: address, boot: running.boot, now: now,
        into: &effects)
    }
  }

  /// A boot number newer than another one, by less than a second, and never the same twice: an earlier
  /// life may have jumped past that same one, and some know that life's writes only, some nothing of
  /// it. What had its number once more would write under dots that were given.
  mutating func bootPast(_ other: UInt64) -> UInt64 {
    other + 1 + (faults.has(.bootsTakenTwice) ? 0 : randomness.below(1 << 29))
  }

  /// Goes on under another boot number.
  mutating func take(boot new: UInt64) {
    boot = new
    restored.note(boot: new)
    incarnation = 0
    peers[ordinal].boot = new
    peers[ordinal].incarnation = 0
    store.rename(boot: new)
    convergence.isDirty = true
  }

  /// A packet of a process that claims this member's own ordinal.
  mutating func receiveFromNamesake(
    _ packet: Packet, from origin: Origin, at now: Moment, into effects: inout [Effect]
  ) {
    let header = packet.header
    guard header.destination == ordinal, header.sourceBoot != boot else { return reject(.stale) }
    if header.sourceBoot > boot { contend(with: header.sourceBoot, at: origin.address, now: now) }
    for section in packet.sections {
      switch section {
      case .ping(let nonce) where header.destinationBoot == boot:
        effects.append(
          .publish(.ordinalClaimedTwice(member(ordinal), otherBoot: header.sourceBoot)))
        send(
          [.ack(nonce: nonce)], to: ordinal, at: origin.address, boot: header.sourceBoot, now: now,
          into: &effects)
      case .ack(let nonce):
        guard contest?.nonce == nonce, contest?.boot == header.sourceBoot,
          header.destinationBoot == boot, contest?.isLost == false
        else { continue }
        contest?.isLost = true
        contest?.tries = 0
        contest?.nextAt = now.instant
        effects.append(
          .publish(.ordinalClaimedTwice(member(ordinal), otherBoot: header.sourceBoot)))
      default: continue
      }
    }
  }

  /// Gives the registers that no other member is known to have to the lowest live one, as data without
  /// a claim; ends when all are noted, or after some tries.
  private mutating func handOver(at now: Moment, into effects: inout [Effect]) {
    guard var running = contest else { return }
    let heir = others.first { peers.isLive($0) }
    if !running.hasListed {
      running.hasListed = true
      let clock = heir.flatMap { store.reports[$0]?.clock } ?? StoreClock(range: 0..<store.size)
      for slot in store.table.slots(from: []) {
        guard let record = store.table[slot],
          record.register.versions.contains(where: { !clock.contains($0.dot) })
        else { continue }
        running.pending.append(Contest.Handover(nonce: randomness.next(), key: record.key))
      }
      contest = running
    }
    guard let heir, !running.pending.isEmpty, running.tries <= Self.handoverTries else {
      phase = .ended
      effects.append(.finish(.superseded(boot: running.boot, address: running.address)))
      return
    }
    for handover in running.pending.prefix(64) {
      guard let register = store.register(handover.key) else { continue }
      let delta = Delta(
        mark: 0, claim: nil, entries: [Delta.Entry(key: handover.key, register: register)])
      sendHandover(.handover(nonce: handover.nonce, delta), to: heir, now: now, into: &effects)
    }
  }

  private mutating func sendHandover(
    _ section: Section, to heir: Int, now: Moment, into effects: inout [Effect]
  ) {
    var bytes = ByteWriter()
    section.encode(into: &bytes)
    if bytes.count <= Self.deltaBudget {
      sendBare(bytes.bytes, to: heir, now: now, into: &effects)
    } else if case .open(let stream, isWritable: true) = peers[heir].line.connection {
      peers[heir].line.connection = .open(stream, isWritable: false)
      let packet = Packet(
        header: header(to: heir, boot: peers[heir].boot, at: now), sections: [section])
      effects.append(.sendFrame(stream, packet.encoded()))
    } else if case .none = peers[heir].line.connection, let address = peers[heir].address {
      peers[heir].line.connection = .connecting(until: now.instant + .seconds(3))
      effects.append(.connect(ordinal: heir, address))
    }
  }

  /// Writes in a superseded process's stead what only it held.
  mutating func takeOver(
    _ delta: Delta, nonce: UInt64, _ header: Header, from origin: Origin, at now: Moment,
    into effects: inout [Effect]
  ) {
    guard isReady, header.groupDigest == groupDigest else { return }
    let loser = Actor(ordinal: header.source, boot: header.sourceBoot)
    var isWhole = true
    for entry in delta.entries {
      let (change, isFull) = store.adopt(entry, of: loser, wallMilliseconds: now.wallMilliseconds)
      isWhole = isWhole && !isFull
      if let change { effects.append(.changed(change)) }
    }
    if store.hasQueued { effects.append(.flush) }
    guard isWhole else { return }
    guard let address = origin.address ?? peers[header.source].address else { return }
    send(
      [.handoverNoted(nonce: nonce)], to: header.source, at: address, boot: header.sourceBoot,
      now: now, into: &effects)
  }
}
