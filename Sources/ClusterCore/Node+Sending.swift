/// Packets on their way out.
extension Node {
  /// What a section of a delta may take of a datagram, beside the header.
  static let deltaBudget =
    Limits.packet - Header.size - Packet.checksumSize - Section.overhead

  mutating func header(to ordinal: Int, boot destination: UInt64, at now: Moment) -> Header {
    var flags: Header.Flags = []
    if hasSynced { flags.insert(.synced) }
    if case .joining = phase { flags.insert(.joining) }
    if stall.isUnheard { flags.insert(.ineligible) }
    if store.bytes > store.budget { flags.insert(.full) }
    if !store.isFlushed { flags.insert(.unflushed) }
    if leader.candidate == self.ordinal, leader.confirmedTerm == leader.highestTerm {
      flags.insert(.leading)
    }
    return Header(
      flags: flags, clusterID: configuration.clusterID, source: self.ordinal,
      destination: ordinal, sourceBoot: boot, destinationBoot: destination,
      incarnation: incarnation, groupDigest: group.digest, recovery: recoveryWord,
      viewDigest: convergence.digest, clockDigest: store.knownDigest(),
      term: leader.highestTerm, resolver: resolverHash, wallMilliseconds: now.wallMilliseconds)
  }

  var resolverHash: UInt32 {
    UInt32(truncatingIfNeeded: RegisterTable.hash(configuration.resolverName.utf8) | 1)
  }

  /// Sends sections to a member, with what else it should hear: group, view or news, holders.
  mutating func send(
    _ sections: [Section], to ordinal: Int, at address: Address? = nil, boot: UInt64? = nil,
    now: Moment, into effects: inout [Effect]
  ) {
    guard let address = address ?? peers[ordinal].address else { return }
    let header = header(to: ordinal, boot: boot ?? peers[ordinal].boot, at: now)
    var writer = ByteWriter()
    header.encode(into: &writer)
    for section in sections { section.encode(into: &writer) }
    let room = { (writer: ByteWriter) in Limits.packet - Packet.checksumSize - writer.count }
    for section in control(for: ordinal, now: now) {
      var part = ByteWriter(capacity: 64)
      section.encode(into: &part)
      if part.count <= room(writer) { writer.append(part.bytes) }
    }
    let updates = updates(for: ordinal, budget: room(writer) - Section.overhead - 3)
    if !updates.isEmpty { Section.members(updates).encode(into: &writer) }
    effects.append(.send(Packet.sealed(writer), to: address))
  }

  /// Sends one encoded section to a member with nothing beside it: for pushes, where each byte counts.
  mutating func sendBare(
    _ section: [UInt8], to ordinal: Int, now: Moment, into effects: inout [Effect]
  ) {
    guard let address = peers[ordinal].address else { return }
    var writer = ByteWriter()
    header(to: ordinal, boot: peers[ordinal].boot, at: now).encode(into: &writer)
    writer.append(section)
    effects.append(.send(Packet.sealed(writer), to: address))
  }

  /// What a member must hear that isn't about members.
  private mutating func control(for ordinal: Int, now: Moment) -> [Section] {
    var sections: [Section] = []
    let peer = peers[ordinal]
    if peer.groupDigest != group.digest { sections.append(.group(group)) }
    if peer.resolver != 0, peer.resolver != resolverHash {
      sections.append(.resolver(configuration.resolverName))
    }
    if let milliseconds = stall.told(at: now.instant) {
      sections.append(.stalled(milliseconds: milliseconds))
    }
    if peer.isLive, convergence.isFresh(at: now.instant), configuration.size > 2 {
      sections.append(.holders(convergence.holders))
    }
    if peer.isLive, !store.isFlushed { sections.append(flushedSection()) }
    return sections
  }

  /// What a member should hear of others: of itself first, if it is accused; then all, if its view is
  /// another; else the news.
  private mutating func updates(for ordinal: Int, budget: Int) -> [MemberUpdate] {
    var updates: [MemberUpdate] = []
    var room = budget
    func add(_ update: MemberUpdate?) {
      guard let update, update.size <= room else { return }
      room -= update.size
      updates.append(update)
    }
    let peer = peers[ordinal]
    if peer.boot > 0, peer.state == .suspect || (peer.state == .dead && !peer.isApart) {
      add(update(about: ordinal))
    }
    guard !peer.isApart else { return updates }
    if peer.viewDigest != convergence.digest {
      for step in 0..<configuration.size {
        let about = (viewCursor + step) % configuration.size
        guard about != ordinal, about != self.ordinal, let next = update(about: about) else {
          continue
        }
        guard next.size <= room else {
          viewCursor = about
          break
        }
        add(next)
      }
    } else {
      let sizes = news.ordinals.map { update(about: $0)?.size ?? 0 }
      let told = news.take(budget: room, sizes: sizes)
      for about in told where about != ordinal && about != self.ordinal {
        add(update(about: about))
      }
    }
    return updates
  }

  /// What this member believes of another, as it travels; nothing of itself (the header says that),
  /// of one never heard of, and of one held apart.
  private func update(about ordinal: Int) -> MemberUpdate? {
    let peer = peers[ordinal]
    guard peer.boot > 0, !peer.isApart, ordinal != self.ordinal else { return nil }
    switch peer.state {
    case .unknown: return nil
    case .alive:
      return MemberUpdate(
        ordinal: ordinal, claim: .alive, boot: peer.boot, incarnation: peer.incarnation,
        address: peer.address)
    case .suspect, .dead, .left:
      return MemberUpdate(
        ordinal: ordinal, claim: .accused, boot: peer.boot, incarnation: peer.incarnation,
        address: peer.address)
    }
  }
}

extension Packet {
  /// The packet that a header and its sections make, with the checksum at its end.
  static func sealed(_ content: ByteWriter) -> [UInt8] {
    var writer = content
    writer.write(checksum(writer.bytes, count: writer.count))
    return writer.bytes
  }
}
