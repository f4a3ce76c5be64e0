/// Packets on their way out.
extension Node {
  /// What a section of a delta may take of a datagram, beside the header.
  static let deltaBudget =
    Limits.packet - Header.largest - Packet.checksumSize - Section.overhead

  mutating func header(to ordinal: Int, boot destination: UInt64, at now: Moment) -> Header {
    var flags: Header.Flags = []
    if hasSynced { flags.insert(.synced) }
    if case .joining = phase { flags.insert(.joining) }
    if peers[self.ordinal].fitness.contains(.unheard) { flags.insert(.ineligible) }
    if peers[self.ordinal].fitness.contains(.degraded) { flags.insert(.degraded) }
    if store.bytes > store.budget { flags.insert(.full) }
    if !store.isFlushed { flags.insert(.unflushed) }
    if leader.candidate == self.ordinal, leader.confirmedTerm == leader.highestTerm {
      flags.insert(.leading)
    }
    return Header(
      flags: flags, clusterID: configuration.clusterID, source: self.ordinal,
      destination: ordinal, sourceBoot: boot, destinationBoot: destination,
      incarnation: incarnation, groupDigest: groupDigest, recovery: recoveryWord,
      viewDigest: convergence.digest, clockDigest: store.knownDigest(),
      term: leader.highestTerm, resolver: resolverHash, wallMilliseconds: now.wallMilliseconds)
  }

  /// Sends sections to a member, with what else it should hear: group, view or news, holders.
  mutating func send(
    _ sections: [Section], to ordinal: Int, at address: Address? = nil, boot: UInt64? = nil,
    now: Moment, into effects: inout [Effect]
  ) {
    send(
      to: ordinal, at: address, boot: boot, hasSections: !sections.isEmpty, now: now,
      into: &effects
    ) { writer, end in
      for section in sections { section.encode(into: &writer, upTo: end) }
    }
  }

  /// Sends one section, or two, likewise: what an idle cluster's packets are made of.
  mutating func send(
    _ section: Section, and other: Section? = nil, to ordinal: Int, at address: Address? = nil,
    boot: UInt64? = nil, now: Moment, into effects: inout [Effect]
  ) {
    send(to: ordinal, at: address, boot: boot, hasSections: true, now: now, into: &effects) {
      writer, end in
      section.encode(into: &writer, upTo: end)
      other?.encode(into: &writer, upTo: end)
    }
  }

  private mutating func send(
    to ordinal: Int, at address: Address?, boot: UInt64?, hasSections: Bool, now: Moment,
    into effects: inout [Effect], _ encode: (inout ByteWriter, Int) -> Void
  ) {
    guard let address = address ?? peers[ordinal].address else { return }
    let restriction = restriction(at: address, of: ordinal, hasSections: hasSections)
    let end = min(Limits.packet - Packet.checksumSize, restriction ?? .max)
    let header = header(to: ordinal, boot: boot ?? peers[ordinal].boot, at: now)
    guard end >= header.encodedSize else { return }
    var writer = ByteWriter(reusing: spares.popLast() ?? [])
    header.encode(into: &writer)
    encode(&writer, end)
    guard writer.count > header.encodedSize || !hasSections else { return recycle(writer.bytes) }
    if restriction == nil {
      writeControl(for: ordinal, upTo: end, into: &writer, now: now)
      if hasUpdates(for: ordinal, at: now) {
        let updates = updates(
          for: ordinal, budget: end - writer.count - Section.overhead - 3, at: now)
        if !updates.isEmpty { Section.members(updates).encode(into: &writer) }
      }
    }
    effects.append(.send(Packet.sealed(&writer), to: address))
    spend(writer.count, at: address)
  }

  /// Sends one encoded section to a member with nothing beside it: for pushes, where each byte counts.
  mutating func sendBare(
    _ section: [UInt8], to ordinal: Int, now: Moment, into effects: inout [Effect]
  ) {
    guard let address = peers[ordinal].address, !isDoubtful(address, of: ordinal) else { return }
    var writer = ByteWriter(reusing: spares.popLast() ?? [])
    header(to: ordinal, boot: peers[ordinal].boot, at: now).encode(into: &writer)
    writer.append(section)
    effects.append(.send(Packet.sealed(&writer), to: address))
  }

  /// Sends what a packet can't do without: who this is, in which start. Not where that is more than
  /// came from there.
  mutating func sendHeader(
    to ordinal: Int, at address: Address, boot: UInt64, now: Moment, into effects: inout [Effect]
  ) {
    var writer = ByteWriter(reusing: spares.popLast() ?? [])
    header(to: ordinal, boot: boot, at: now).encode(into: &writer)
    let told = Packet.sealed(&writer)
    if let allowance, allowance.address == address, told.count > allowance.bytes {
      return recycle(told)
    }
    effects.append(.send(told, to: address))
  }

  /// Gives the memory of a datagram back that was sent or read: the next packet is written into it.
  /// A driver needn't; one that does allocates nothing for an idle cluster's packets.
  public mutating func recycle(_ memory: consuming [UInt8]) {
    guard spares.count < Self.mostSpares, memory.capacity >= Limits.packet,
      memory.capacity <= 2 * Limits.datagram
    else { return }
    spares.append(memory)
  }

  /// How many pieces of memory are kept: 5 kB.
  private static let mostSpares = 4

  /// What a member must hear that isn't about members.
  private mutating func writeControl(
    for ordinal: Int, upTo end: Int, into writer: inout ByteWriter, now: Moment
  ) {
    func add(_ section: Section) { section.encode(into: &writer, upTo: end) }
    if peers[ordinal].groupDigest != groupDigest { add(.group(group)) }
    if peers[ordinal].resolver != 0, peers[ordinal].resolver != resolverHash {
      add(.resolver(configuration.resolverName))
    }
    if let milliseconds = stall.told(at: now.instant) {
      add(.stalled(milliseconds: milliseconds))
    }
    if let section = earlier(for: ordinal, at: now) { add(section) }
    if !refusals.isEmpty {
      refusals.removeAll { now.instant >= $0.until }
      if !refusals.isEmpty { add(.refused(refusals.map(\.refusal))) }
    }
    if let section = rowSection(for: ordinal, at: now) { add(section) }
    if convergence.isFresh(at: now.instant), configuration.size > 2, peers.isLive(ordinal) {
      add(.holders(convergence.holders))
    }
    if !store.isFlushed, peers.isLive(ordinal) { add(flushedSection()) }
  }

  /// Whether there is anything that a member should hear of others.
  private func hasUpdates(for ordinal: Int, at now: Moment) -> Bool {
    !news.isEmpty || wantsView(ordinal, at: now) || peers[ordinal].state != .alive
  }

  /// Whether a member is known to hold another view. What it held when it was last heard, which in a
  /// large cluster is minutes ago, says nothing of that: all others have heard the same news since. If
  /// its view does differ, the header of what is sent to it shows it, and so does its answer's.
  private func wantsView(_ ordinal: Int, at now: Moment) -> Bool {
    guard peers[ordinal].viewDigest != convergence.digest else { return false }
    if peers[ordinal].state != .alive { return true }
    return peers[ordinal].heardAt.map { now.instant.since($0) < Self.viewFreshness } ?? false
  }

  /// Whether a part of the view may go now.
  private mutating func admitsView(at now: Moment) -> Bool {
    configuration.size <= ViewPace.unpacedUpTo || viewPace.take(at: now.instant)
  }

  /// For how long what a member said of its view is acted upon.
  private static let viewFreshness = Span64.seconds(2)

  /// What a member should hear of others: of itself first, if it is accused; then all, if its view is
  /// another; else the news.
  private mutating func updates(
    for ordinal: Int, budget: Int, at now: Moment
  ) -> [MemberUpdate] {
    var updates: [MemberUpdate] = []
    updates.reserveCapacity(min(configuration.size, 8))
    var room = budget
    func add(_ update: MemberUpdate?) {
      guard let update, update.size <= room else { return }
      room -= update.size
      updates.append(update)
    }
    let (state, isApart) = (peers[ordinal].state, peers[ordinal].isApart)
    if peers[ordinal].boot > 0, state == .suspect || (state == .dead && !isApart) {
      add(update(about: ordinal))
    }
    guard !isApart else { return updates }
    if wantsView(ordinal, at: now), admitsView(at: now) {
      for step in 0..<configuration.size {
        let about = (viewCursor + step) % configuration.size
        guard peers.has(.told, about), about != ordinal, about != self.ordinal,
          let next = update(about: about)
        else { continue }
        guard next.size <= room else {
          viewCursor = about
          break
        }
        add(next)
      }
    } else {
      // Taken out meanwhile: what the news of a member takes is asked of the whole node.
      var news = Dissemination()
      swap(&news, &self.news)
      let told = news.take(budget: room, isHeard: !isSilent(ordinal)) { sizeOfUpdate(about: $0) }
      swap(&news, &self.news)
      for about in told where about != ordinal && about != self.ordinal {
        add(update(about: about))
      }
    }
    return updates
  }

  /// How many bytes the news of a member takes; zero where there is nothing to tell. It changes
  /// nothing: it is `mutating` so that a closure calls it in place, without a copy of the node.
  private mutating func sizeOfUpdate(about ordinal: Int) -> Int {
    guard peers.has(.told, ordinal) else { return 0 }
    return update(about: ordinal)?.size ?? 0
  }

  /// What this member believes of another, as it travels; nothing of itself (the header says that),
  /// of one never heard of, and of one held apart.
  private func update(about ordinal: Int) -> MemberUpdate? {
    let (boot, state) = (peers[ordinal].boot, peers[ordinal].state)
    guard boot > 0, state != .unknown, !peers[ordinal].isApart, ordinal != self.ordinal else {
      return nil
    }
    var update = MemberUpdate(
      ordinal: ordinal, claim: state == .alive ? .alive : .accused, boot: boot,
      incarnation: peers[ordinal].incarnation, address: peers[ordinal].address)
    update.fitness = peers[ordinal].fitness
    if peers[ordinal].isJoining { update.fitness.insert(.joining) }
    if update.claim == .accused {
      // This member itself first: of others it only passes on what they said.
      update.accusers = peers[ordinal].suspicion?.accusers ?? peers[ordinal].accusers
      if let own = update.accusers.firstIndex(of: self.ordinal), own > 0 {
        update.accusers.remove(at: own)
        update.accusers.insert(self.ordinal, at: 0)
      }
      if update.accusers.count > MemberUpdate.mostAccusers {
        update.accusers.removeSubrange(MemberUpdate.mostAccusers...)
      }
      if faults.has(.verdictsBelieved), state == .dead {
        update.accusers = [self.ordinal, self.ordinal]
      }
    }
    return update
  }
}

extension Section {
  /// Writes it, unless it would go beyond a packet's end.
  fileprivate func encode(into writer: inout ByteWriter, upTo end: Int) {
    let start = writer.count
    encode(into: &writer)
    if writer.count > end { writer.truncate(to: start) }
  }
}

extension Packet {
  /// The packet that a header and its sections make, with the checksum at its end.
  static func sealed(_ writer: inout ByteWriter) -> [UInt8] {
    writer.write(checksum(writer.bytes, count: writer.count))
    return writer.bytes
  }
}
