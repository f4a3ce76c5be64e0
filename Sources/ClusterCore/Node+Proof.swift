/// Addresses that may be forged. Where a datagram says that it came from is a claim: whoever makes one
/// up has its answer sent to somebody else. So an address is in doubt until an answer came from it
/// that only who was asked there can give, or its member's name has it. One in doubt is sent no more
/// than came from it (RFC 9000, section 8.1, which allows three times as much).
///
/// What is not asked for at all, probes aside, isn't sent there either.
extension Node {
  /// What may still be sent to where the datagram in hand came from, as long as that is in doubt.
  struct Allowance: Hashable, Sendable {
    var address: Address
    var bytes: Int
  }

  /// Somebody who lives under the ordinal of a newer boot, and is to prove where before it is told.
  struct Challenge: Hashable, Sendable {
    var address: Address
    var nonce: UInt64
    var until: Instant

    static let patience = Span64.seconds(1)
  }

  /// Whether it is in doubt that a member is at an address.
  func isDoubtful(_ address: Address, of ordinal: Int) -> Bool {
    let isAsked = allowance?.address == address
    guard isAsked || peers[ordinal].isDoubtful || ordinal == self.ordinal,
      !peers[ordinal].named.contains(address)
    else { return false }
    let isThere = peers[ordinal].address == address
    if isAsked { return !isThere || peers[ordinal].isDoubtful }
    return isThere || ordinal == self.ordinal
  }

  /// What a packet to a member at an address may hold, its checksum aside; nothing when it isn't
  /// restricted by doubt.
  func restriction(at address: Address, of ordinal: Int, hasSections: Bool) -> Int? {
    guard isDoubtful(address, of: ordinal) else { return nil }
    if let allowance, allowance.address == address {
      return allowance.bytes - Packet.checksumSize
    }
    // Unasked: a probe, and nothing beside it.
    return hasSections ? Header.largest + 2 * (Section.overhead + 8) : 0
  }

  /// Something was sent.
  mutating func spend(_ bytes: Int, at address: Address) {
    if allowance?.address == address { allowance?.bytes -= bytes }
  }

  /// An answer came that only who was asked can give.
  mutating func prove(_ ordinal: Int, at address: Address?) {
    guard let address else { return }
    peers[ordinal].address = address
    peers[ordinal].isDoubtful = false
  }

  /// What an answer to a ping bears besides: a question by which its sender can prove where it is.
  mutating func proof(of ordinal: Int, at address: Address) -> Section? {
    guard isDoubtful(address, of: ordinal) else { return nil }
    if peers[ordinal].contactNonce == 0 { peers[ordinal].contactNonce = randomness.next() }
    return .ping(nonce: peers[ordinal].contactNonce)
  }

  /// Tells a superseded process that lives on which boot holds its ordinal now: at once where that is
  /// no more than it sent, else once it has proven where it is.
  mutating func tellSuperseded(
    _ packet: borrowing Packet, at address: Address?, now: Moment, into effects: inout [Effect]
  ) {
    guard let address, let allowance else { return }
    let (header, peer) = (packet.header, peers[packet.header.source])
    let update = MemberUpdate(
      ordinal: header.source, claim: .alive, boot: peer.boot, incarnation: peer.incarnation,
      address: peer.address)
    let told = superseded([.members([update])], header, at: now)
    let isProven = packet.sections.contains { section in
      guard case .ack(let nonce) = section else { return false }
      return peer.challenge?.nonce == nonce && peer.challenge?.address == address
    }
    if isProven || told.count <= allowance.bytes {
      if isProven { peers[header.source].challenge = nil }
      effects.append(.send(told, to: address))
      return
    }
    // A later packet of its finds the same question: its answer to an earlier one may be under way.
    let running = peer.challenge.flatMap { $0.until > now.instant ? $0 : nil }
    guard running.map({ $0.address == address }) ?? true else { return }
    let challenge =
      running
      ?? Challenge(
        address: address, nonce: randomness.next(), until: now.instant + Challenge.patience)
    let question = superseded([.ping(nonce: challenge.nonce)], header, at: now)
    guard question.count <= allowance.bytes else { return }
    peers[header.source].challenge = challenge
    effects.append(.send(question, to: address))
  }

  private mutating func superseded(
    _ sections: [Section], _ header: Header, at now: Moment
  ) -> [UInt8] {
    Packet(
      header: self.header(to: header.source, boot: header.sourceBoot, at: now), sections: sections
    ).encoded()
  }
}
