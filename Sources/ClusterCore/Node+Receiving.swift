/// Packets on their way in.
extension Node {
  /// Where a packet came from.
  enum Origin: Hashable {
    case address(Address)
    case stream(StreamID)

    var address: Address? { if case .address(let address) = self { address } else { nil } }
  }

  /// A packet that was let in, and what its sections must know.
  struct Arrival {
    var source: Int
    var header: Header
    var origin: Origin
    /// Whether its sender is of this member's group, so that its data and views count.
    var isTogether = false
  }

  mutating func receive(
    _ bytes: [UInt8], from origin: Origin, at now: Moment, into effects: inout [Effect]
  ) {
    var packet: Packet
    allowance = origin.address.map { Allowance(address: $0, bytes: bytes.count) }
    defer { allowance = nil }
    do {
      packet = try Packet(
        decoding: bytes, reusing: takeSections(), isChecked: !faults.has(.damageUnnoticed))
    } catch .version {
      return refuse(.version, origin, at: now, into: &effects)
    } catch {
      return refuse(.malformed, origin, at: now, into: &effects)
    }
    take(packet, from: origin, at: now, into: &effects)
    swap(&spareSections, &packet.sections)
    spareSections.removeAll(keepingCapacity: true)
  }

  /// Drops what is no packet of this cluster's, and the stream that it came over: no member sends such
  /// a thing, and others have a use for its place.
  private mutating func refuse(
    _ reason: Rejection, _ origin: Origin, at now: Moment, into effects: inout [Effect]
  ) {
    reject(reason)
    guard case .stream(let stream) = origin else { return }
    effects.append(.closeStream(stream))
    streamClosed(stream, at: now, into: &effects)
  }

  /// The memory of the last packet's sections, for the next one's.
  private mutating func takeSections() -> [Section] {
    var sections: [Section] = []
    swap(&sections, &spareSections)
    return sections
  }

  private mutating func take(
    _ packet: borrowing Packet, from origin: Origin, at now: Moment, into effects: inout [Effect]
  ) {
    let header = packet.header
    guard header.clusterID == configuration.clusterID else {
      return refuse(.cluster, origin, at: now, into: &effects)
    }
    guard header.source < configuration.size, header.destination == ordinal,
      isPlausible(boot: header.sourceBoot, at: now)
    else { return reject(.unknownMember) }
    // One packet may ask two things at most: else a small one could draw any number of answers.
    guard packet.sections.count(where: \.asks) <= 2 else { return reject(.malformed) }
    guard header.source != ordinal else {
      return receiveFromNamesake(packet, from: origin, at: now, into: &effects)
    }
    guard admits(packet, from: origin, at: now, into: &effects) else { return }
    var arrival = Arrival(source: header.source, header: header, origin: origin)
    if case .stream(let stream) = origin {
      claimStream(stream, for: header.source, boot: header.sourceBoot)
    }
    note(packet, &arrival, at: now, into: &effects)
    // A ping is answered last: its answer then carries what the other sections have changed.
    for section in packet.sections where !section.isPing {
      process(section, arrival, at: now, into: &effects)
    }
    for section in packet.sections where section.isPing {
      process(section, arrival, at: now, into: &effects)
    }
  }

  /// Whether the packet's boots are the present ones. Each packet names both, so that nothing said by
  /// or to a process that is over can hurt the one that came after it.
  private mutating func admits(
    _ packet: Packet, from origin: Origin, at now: Moment, into effects: inout [Effect]
  ) -> Bool {
    if faults.has(.bootsUnchecked) { return true }
    let header = packet.header
    let known = peers[header.source].boot
    if header.sourceBoot < known, !faults.has(.bootDoesNotSupersede) {
      reject(.stale)
      for case .handover(let nonce, let delta) in packet.sections {
        takeOver(delta, nonce: nonce, header, from: origin, at: now, into: &effects)
      }
      tellSuperseded(packet, at: origin.address, now: now, into: &effects)
      return false
    }
    if faults.has(.bootDoesNotSupersede), known > 0, header.sourceBoot != known { return false }
    guard header.destinationBoot == 0 || header.destinationBoot == boot else {
      reject(.destination)
      if header.destinationBoot > boot {
        contend(with: header.destinationBoot, at: nil, now: now)
      } else if let address = origin.address {
        // It doesn't know of this start yet: a bare header tells it. Nothing else goes to an address
        // that may be forged, and no more than was sent in its name.
        sendHeader(
          to: header.source, at: address, boot: header.sourceBoot, now: now, into: &effects)
      }
      return false
    }
    return true
  }

  func isPlausible(boot: UInt64, at now: Moment) -> Bool {
    boot > 0 && boot <= newestPlausibleBoot(at: now)
  }

  func newestPlausibleBoot(at now: Moment) -> UInt64 {
    (min(now.wallMilliseconds, 1 << 42) + Self.plausibleAhead) << 20 | 0xF_FFFF
  }

  /// Takes what the header says.
  private mutating func note(
    _ packet: Packet, _ arrival: inout Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    let (source, header) = (arrival.source, packet.header)
    if header.sourceBoot > peers[source].boot {
      replace(source, boot: header.sourceBoot, at: now, into: &effects)
    }
    noteHeard(source, at: now)
    peers[source].clockDigest = header.clockDigest
    defer { hearJoinAnswer(at: now, into: &effects) }
    if header.recovery > recoveryWord {
      adoptRecovery(header.recovery, at: now, into: &effects)
    }
    noteGroup(packet, source, at: now, into: &effects)
    arrival.isTogether = !peers[source].isApart && header.groupDigest == groupDigest
    for case .stalled(let milliseconds) in packet.sections {
      noteStall(of: source, milliseconds: milliseconds, into: &effects)
    }
    guard !peers[source].isApart else { return noteSurvivor(source, at: now) }
    if peers[source].address == nil, let address = arrival.origin.address {
      peers[source].address = address
      peers[source].isDoubtful = true
    }
    hear(term: header.term, at: now)
    if header.flags.contains(.leading) {
      leader.claim = LeaderElection.Claim(
        ordinal: source, boot: header.sourceBoot, term: header.term)
    }
    peers[source].hear(header)
    peers[source].clockLead = Int64(bitPattern: header.wallMilliseconds &- now.wallMilliseconds)
    if !header.flags.contains(.joining) { endJoining(of: source) }
    // A little lower is an older packet that came late. Much lower is no number of its own: then
    // what was heard before was made up, and its own word counts.
    let known = peers[source].incarnation
    if header.incarnation >= known || known - header.incarnation > 16 {
      take(Fitness(header.flags), of: source, into: &effects)
    }
    noteResolver(header.resolver, of: source, packet, into: &effects)
    hearAlive(
      source, incarnation: header.incarnation, address: arrival.origin.address, at: now,
      into: &effects)
    refreshView(at: now)
    if header.viewDigest == convergence.digest, peers.isLive(source) {
      convergence.insert(source)
      for case .holders(let holders) in packet.sections { convergence.formUnion(holders) }
    }
    if arrival.isTogether { noteClock(of: source, header, at: now, into: &effects) }
  }

  private mutating func noteResolver(
    _ hash: UInt32, of source: Int, _ packet: Packet, into effects: inout [Effect]
  ) {
    if hash == resolverHash || peers[source].resolver == hash {
      if hash == resolverHash { peers[source].resolver = hash }
      return
    }
    for case .resolver(let name) in packet.sections {
      peers[source].resolver = hash
      effects.append(.publish(.resolverDiffers(member(source), theirs: name)))
      return
    }
    // Its name comes once it has heard that ours is another.
    peers[source].resolver = 1
  }

  private mutating func process(
    _ section: Section, _ arrival: Arrival, at now: Moment, into effects: inout [Effect]
  ) {
    let source = arrival.source
    switch section {
    case .ping(let nonce): answerPing(nonce, arrival, at: now, into: &effects)
    case .ack(let nonce): hearAck(nonce, arrival, at: now, into: &effects)
    case .probeRequest(let nonce, let target, let boot, let address):
      guard arrival.isTogether else { return }
      probe(
        target, boot: boot, at: address, for: source, nonce: nonce, now: now, into: &effects)
    case .probed(let nonce): hearProbed(nonce, from: source, at: now, into: &effects)
    case .nack(let nonce): hearNack(nonce, from: source)
    case .leave: hearLeave(arrival, at: now, into: &effects)
    case .leaveNoted: peers[source].notedLeave = true
    case .members(let updates):
      for update in updates {
        apply(update, arrival, at: now, into: &effects)
      }
    case .digest(let mark, let clock):
      guard arrival.isTogether else { return reject(.group) }
      hearDigest(clock, mark: mark, arrival, at: now, into: &effects)
    case .delta(let delta):
      guard let delta = completed(delta, of: source) else { return }
      hearDelta(delta, arrival, at: now, into: &effects)
    case .bulk(let bulk): hearBulk(bulk, arrival, at: now, into: &effects)
    case .handoverNoted(let nonce): contest?.pending.removeAll { $0.nonce == nonce }
    case .dismiss(let dismissal): obey(dismissal, at: now, into: &effects)
    case .admit: admit(source, at: now, into: &effects)
    case .hello: answerHello(arrival, at: now, into: &effects)
    case .refused(let refusals):
      guard arrival.isTogether else { return }
      hearRefusals(refusals, at: now, into: &effects)
    case .reachability(let row): hearRow(row, of: source)
    case .earlier(let milliseconds): hearEarlier(milliseconds, by: source, at: now)
    case .flushed(let clock): hearFlushed(clock, arrival, at: now)
    case .outdated: if arrival.isTogether { beginQuarantine(at: now, into: &effects) }
    case .inquire: answerInquiry(arrival, at: now, into: &effects)
    case .survey(let request): answerSurvey(request, arrival, at: now, into: &effects)
    case .surveyed(let page): hearSurveyed(page, arrival, at: now, into: &effects)
    case .askExchange(let mark, let cause):
      hearAskExchange(mark: mark, cause, arrival, at: now, into: &effects)
    case .exchange(let part): hearExchange(part, arrival, at: now, into: &effects)
    case .liveDigest(let digest): hearLiveDigest(digest, arrival, at: now, into: &effects)
    case .decide(let decision): hearDecision(decision, arrival, at: now, into: &effects)
    case .handover, .holders, .group, .resolver, .stalled: break
    }
  }
}

extension Peer {
  /// Takes what a header says of its sender.
  fileprivate mutating func hear(_ header: Header) {
    viewDigest = header.viewDigest
    isSynced = header.flags.contains(.synced)
    isFull = header.flags.contains(.full)
  }
}

extension Section {
  /// Whether each one is answered.
  fileprivate var asks: Bool {
    switch self {
    case .ping, .probeRequest, .leave, .digest, .handover, .admit, .hello, .inquire, .survey: true
    default: false
    }
  }

  fileprivate var isPing: Bool { if case .ping = self { true } else { false } }
}
