/// Both directions side by side. A section is its kind (1 byte), the length of its body (of variable
/// length) and the body.
extension Section {
  /// The kinds by their numbers on the wire.
  package enum Kind: UInt8, CaseIterable {
    case ping = 1
    case ack, probeRequest, probed, nack, leave, leaveNoted, members, holders, group, resolver
    case digest, delta, handover, handoverNoted, dismiss, admit, stalled
    // Membership has the numbers 32 to 47.
    case hello = 32
    case refused, reachability, earlier
    case inquire = 48
    case survey, surveyed, decide, askExchange, exchange, liveDigest
    case bulk = 56
    case flushed = 64
    case outdated
  }

  /// What a section of a datagram takes at most beside its body.
  package static let overhead = 3

  package func encode(into writer: inout ByteWriter) {
    writer.write(kind.rawValue)
    writer.writeCounted { encodeBody(into: &$0) }
  }

  private var kind: Kind {
    switch self {
    case .ping: .ping
    case .ack: .ack
    case .probeRequest: .probeRequest
    case .probed: .probed
    case .nack: .nack
    case .leave: .leave
    case .leaveNoted: .leaveNoted
    case .members: .members
    case .holders: .holders
    case .group: .group
    case .resolver: .resolver
    case .digest: .digest
    case .delta: .delta
    case .handover: .handover
    case .handoverNoted: .handoverNoted
    case .dismiss: .dismiss
    case .admit: .admit
    case .stalled: .stalled
    case .hello: .hello
    case .refused: .refused
    case .reachability: .reachability
    case .earlier: .earlier
    case .flushed: .flushed
    case .outdated: .outdated
    case .inquire: .inquire
    case .survey: .survey
    case .surveyed: .surveyed
    case .decide: .decide
    case .askExchange: .askExchange
    case .exchange: .exchange
    case .liveDigest: .liveDigest
    case .bulk: .bulk
    }
  }

  private func encodeBody(into writer: inout ByteWriter) {
    switch self {
    case .ping(let nonce), .ack(let nonce), .probed(let nonce), .nack(let nonce),
      .handoverNoted(let nonce):
      writer.write(nonce)
    case .probeRequest(let nonce, let target, let boot, let address):
      writer.write(nonce)
      writer.write(UInt16(truncatingIfNeeded: target))
      writer.write(boot)
      address.encode(into: &writer)
    case .leave, .leaveNoted, .admit, .hello, .outdated: break
    case .members(let updates):
      writer.writeVarint(updates.count)
      for update in updates { update.encode(into: &writer) }
    case .holders(let bits): writer.write(bits)
    case .group(let group): group.encode(into: &writer)
    case .resolver(let name): writer.write(Self.prefix(of: name, atMost: 255))
    case .digest(let mark, let clock):
      writer.write(mark)
      clock.encode(into: &writer)
    case .delta(let delta): delta.encode(into: &writer)
    case .handover(let nonce, let delta):
      writer.write(nonce)
      delta.encode(into: &writer)
    case .dismiss(let dismissal): writer.write(dismissal.rawValue)
    case .stalled(let milliseconds), .earlier(let milliseconds): writer.writeVarint(milliseconds)
    case .refused(let refusals):
      writer.writeVarint(refusals.count)
      for refusal in refusals {
        writer.write(UInt16(truncatingIfNeeded: refusal.ordinal))
        writer.write(refusal.boot)
      }
    case .reachability(let row): row.encode(into: &writer)
    case .flushed(let clock): clock.encode(into: &writer)
    case .inquire: break
    case .survey(let request): request.encode(into: &writer)
    case .surveyed(let page): page.encode(into: &writer)
    case .decide(let decision): writer.write(decision.number)
    case .askExchange(let mark, let cause):
      writer.write(mark)
      writer.write(cause.rawValue)
    case .exchange(let part): part.encode(into: &writer)
    case .liveDigest(let digest): writer.write(digest)
    case .bulk(let bulk): bulk.encode(into: &writer)
    }
  }

  /// The longest beginning of a text that fits, cut between scalars: half a scalar would make the
  /// whole packet unreadable.
  private static func prefix(of text: String, atMost limit: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      let next = UTF8.width(scalar)
      guard bytes.count + next <= limit else { break }
      bytes.append(contentsOf: String(scalar).utf8)
    }
    return bytes
  }

  /// Decodes the next section; none for a kind that a later version added, which is skipped.
  package static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> Section? {
    let kind = Kind(rawValue: try reader.readByte())
    var body = try reader.readSlice(try reader.readCount(itemSize: 1))
    guard let kind else { return nil }
    let section = try decodeBody(kind, from: &body)
    guard body.isAtEnd else { throw .trailingBytes }
    return section
  }

  private static func decodeBody(
    _ kind: Kind, from body: inout ByteReader
  ) throws(DecodingFailure) -> Section {
    switch kind {
    case .ping: return .ping(nonce: try body.readUInt64())
    case .ack: return .ack(nonce: try body.readUInt64())
    case .probeRequest:
      return .probeRequest(
        nonce: try body.readUInt64(), target: Int(try body.readUInt16()),
        boot: try body.readUInt64(), address: try Address.decode(from: &body))
    case .probed: return .probed(nonce: try body.readUInt64())
    case .nack: return .nack(nonce: try body.readUInt64())
    case .leave: return .leave
    case .leaveNoted: return .leaveNoted
    case .members:
      var updates: [MemberUpdate] = []
      for _ in 0..<(try body.readCount(itemSize: MemberUpdate.smallest)) {
        updates.append(try MemberUpdate.decode(from: &body))
      }
      return .members(updates)
    case .holders: return .holders(try body.readBytes(atMost: Limits.members / 8))
    case .group: return .group(try Group.decode(from: &body))
    case .resolver:
      guard let name = String(validating: try body.readBytes(atMost: 255), as: UTF8.self) else {
        throw .outOfRange
      }
      return .resolver(name)
    case .digest:
      return .digest(mark: try body.readUInt64(), try StoreClock.decode(from: &body))
    case .delta: return .delta(try Delta.decode(from: &body))
    case .handover:
      return .handover(nonce: try body.readUInt64(), try Delta.decode(from: &body))
    case .handoverNoted: return .handoverNoted(nonce: try body.readUInt64())
    case .dismiss:
      guard let dismissal = Dismissal(rawValue: try body.readByte()) else { throw .outOfRange }
      return .dismiss(dismissal)
    case .admit: return .admit
    case .flushed: return .flushed(try StoreClock.decode(from: &body))
    case .outdated: return .outdated
    case .stalled: return .stalled(milliseconds: try body.readVarint())
    case .hello: return .hello
    case .refused: return .refused(try decodeRefusals(from: &body))
    case .earlier: return .earlier(milliseconds: try body.readVarint())
    case .reachability: return .reachability(try ReachabilityRow.decode(from: &body))
    case .inquire: return .inquire
    case .survey: return .survey(try Survey.Request.decode(from: &body))
    case .surveyed: return .surveyed(try Survey.Page.decode(from: &body))
    case .decide:
      guard let decision = RecoveryDecision(number: try body.readByte()) else { throw .outOfRange }
      return .decide(decision)
    case .askExchange:
      let (mark, number) = (try body.readUInt64(), try body.readByte())
      guard let cause = Exchange.Cause(rawValue: number) else { throw .outOfRange }
      return .askExchange(mark: mark, cause)
    case .exchange: return .exchange(try Exchange.Part.decode(from: &body))
    case .liveDigest: return .liveDigest(try body.readUInt64())
    case .bulk: return .bulk(try Bulk.decode(from: &body))
    }
  }

  private static func decodeRefusals(
    from body: inout ByteReader
  ) throws(DecodingFailure) -> [Refusal] {
    let count = try body.readCount(itemSize: 10)
    guard count <= Refusal.most else { throw .outOfRange }
    var refusals: [Refusal] = []
    for _ in 0..<count {
      refusals.append(
        Refusal(ordinal: Int(try body.readUInt16()), boot: try body.readUInt64()))
    }
    return refusals
  }
}

extension RecoveryDecision {
  fileprivate var number: UInt8 {
    switch self {
    case .merge: 1
    case .keepLocal: 2
    case .adoptRemote: 3
    }
  }

  fileprivate init?(number: UInt8) {
    guard let match = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = match
  }
}

extension MemberUpdate {
  /// The fewest bytes that an update takes: ordinal, claim, boot, incarnation, no address.
  package static let smallest = 2 + 1 + 8 + 1 + 1

  /// How many bytes this update takes.
  package var size: Int {
    Self.smallest - 2 + ByteWriter.varintSize(incarnation) + (address.map(\.encodedSize) ?? 1)
      + (claim == .accused ? 1 + 2 * accusers.count : 0)
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(UInt16(truncatingIfNeeded: ordinal))
    writer.write(claim.rawValue | fitness.rawValue << 4)
    writer.write(boot)
    writer.writeVarint(incarnation)
    if let address { address.encode(into: &writer) } else { writer.write(UInt8(0)) }
    guard claim == .accused else { return }
    writer.write(UInt8(truncatingIfNeeded: accusers.count))
    for accuser in accusers { writer.write(UInt16(truncatingIfNeeded: accuser)) }
  }

  static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> MemberUpdate {
    let ordinal = Int(try reader.readUInt16())
    let byte = try reader.readByte()
    guard let claim = Claim(rawValue: byte & 0xF), byte >> 4 <= 7 else { throw .outOfRange }
    var update = MemberUpdate(
      ordinal: ordinal, claim: claim, boot: try reader.readUInt64(),
      incarnation: try reader.readVarint(), address: try Address.decodeOptional(from: &reader))
    update.fitness = Fitness(rawValue: byte >> 4)
    guard claim == .accused else { return update }
    let count = Int(try reader.readByte())
    guard count <= mostAccusers else { throw .outOfRange }
    for _ in 0..<count { update.accusers.append(Int(try reader.readUInt16())) }
    return update
  }
}

extension Address {
  /// The family, the address and the port.
  package var encodedSize: Int { family == .v4 ? 7 : 19 }

  func encode(into writer: inout ByteWriter) {
    writer.write(family.rawValue)
    if family == .v4 {
      writer.write(UInt32(truncatingIfNeeded: low))
    } else {
      writer.write(high)
      writer.write(low)
    }
    writer.write(port)
  }

  static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> Address {
    guard let address = try decodeOptional(from: &reader) else { throw .outOfRange }
    return address
  }

  /// An address, or the single byte 0 for none.
  static func decodeOptional(
    from reader: inout ByteReader
  ) throws(DecodingFailure) -> Address? {
    switch try reader.readByte() {
    case 0: return nil
    case Family.v4.rawValue:
      let low = UInt64(try reader.readUInt32())
      return Address(family: .v4, high: 0, low: low, port: try reader.readUInt16())
    case Family.v6.rawValue:
      let (high, low) = (try reader.readUInt64(), try reader.readUInt64())
      return Address(family: .v6, high: high, low: low, port: try reader.readUInt16())
    default: throw .outOfRange
    }
  }
}
