import Testing

@testable import ClusterCore

@Suite struct PacketTests {
  /// One of everything, with numbers that show where they stand.
  static let sample: Packet = {
    let header = Header(
      flags: [.synced, .full], clusterID: 0x0102_0304_0506_0708, source: 0x0A0B,
      destination: 0x0C0D, sourceBoot: 0x1112_1314_1516_1718,
      destinationBoot: 0x2122_2324_2526_2728, incarnation: 0x3132_3334_3536_3738,
      groupDigest: 0x4142_4344_4546_4748, recovery: 0x5152_5354_5556_5758,
      viewDigest: 0x6162_6364_6566_6768, clockDigest: 0x7172_7374_7576_7778,
      term: 0x8182_8384_8586_8788, resolver: 0x9192_9394,
      wallMilliseconds: 0xA3A4_A5A6_A7A8)
    let v4 = Address(family: .v4, high: 0, low: 0x7F00_0001, port: 7_946)
    let v6 = Address(family: .v6, high: 0xFE80 << 48, low: 1, port: 80)
    var clock = StoreClock(range: 1..<3)
    clock.seal(1, through: 2)
    clock.insert(1...300, of: Actor(ordinal: 1, boot: 5))
    clock.insert(310...311, of: Actor(ordinal: 1, boot: 5))
    clock.insert(4...4, of: Actor(ordinal: 2, boot: 1 << 40))
    let value = Version(
      dot: Dot(actor: Actor(ordinal: 1, boot: 5), sequence: 300), time: 0x1234, expires: 99,
      value: [1, 2, 3])
    let deleted = Version(
      dot: Dot(actor: Actor(ordinal: 2, boot: 1 << 40), sequence: 4), time: 0x1235, expires: 0,
      value: nil)
    let register = Register(
      versions: [value, deleted], context: [Dot(actor: Actor(ordinal: 0, boot: 9), sequence: 7)])
    let key = Key(validating: Array("schlüssel".utf8))
    var delta = Delta(
      mark: 77, claim: clock,
      entries: key.map { [Delta.Entry(key: $0, register: register)] } ?? [])
    delta.forgotten.raise(to: Dot(actor: Actor(ordinal: 2, boot: 3), sequence: 130))
    var accusation = MemberUpdate(
      ordinal: 2, claim: .accused, boot: 3, incarnation: 0, address: nil)
    accusation.accusers = [1, 0x0506]
    accusation.fitness = .degraded
    return Packet(
      header: header,
      sections: [
        .ping(nonce: 1), .ack(nonce: .max),
        .probeRequest(nonce: 2, target: 3, boot: 4, address: v6), .probed(nonce: 5),
        .nack(nonce: 6), .leave, .leaveNoted,
        .members([
          MemberUpdate(ordinal: 1, claim: .alive, boot: 2, incarnation: 300, address: v4),
          accusation,
        ]),
        .holders([0b101]),
        .group(
          Group(
            epoch: 3, lost: [Group.Exclusion(ordinal: 1, boot: 8)],
            hermit: Group.Exclusion(ordinal: 0, boot: 6))),
        .resolver("Größe"), .digest(mark: 55, clock), .delta(delta),
        .handover(nonce: 9, Delta(mark: 0, claim: nil, entries: [])), .handoverNoted(nonce: 10),
        .dismiss(.disconnect), .admit, .stalled(milliseconds: 1_500), .hello,
        .refused([Refusal(ordinal: 7, boot: 11)]),
        .reachability(ReachabilityRow(cells: [0, 1, 2, 90])), .earlier(milliseconds: 300),
      ])
  }()

  @Test func `the wire is what it was`() throws {
    let hex = Self.sample.encoded().map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
    #expect(hex == GoldenPacket.hex, "a change of the wire needs a new version")
    #expect(try Packet(decoding: GoldenPacket.bytes) == Self.sample)
  }

  @Test func `the header has its fields where its table says`() {
    let bytes = Self.sample.encoded()
    func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
    let header = Self.sample.header
    let table: [(Range<Int>, UInt64)] = [
      (0..<2, 0xC175), (2..<3, 1), (3..<4, 0b1001), (4..<12, header.clusterID),
      (12..<14, UInt64(header.source)), (14..<16, UInt64(header.destination)),
      (16..<24, header.sourceBoot), (24..<32, header.destinationBoot),
      (32..<40, header.groupDigest), (40..<48, header.recovery), (48..<56, header.viewDigest),
      (56..<64, header.clockDigest), (64..<72, header.term), (72..<76, UInt64(header.resolver)),
      (76..<82, header.wallMilliseconds), (82..<84, 0xFFFF), (84..<92, header.incarnation),
    ]
    for (range, value) in table { #expect(number(range) == value, "bytes \(range)") }
    #expect(Header.largest == 92 && Header.end(in: bytes) == 92)
    #expect(bytes[92] == 1, "the first section follows")
  }

  @Test(arguments: [0, 1, 0xFFFE, 0xFFFF, 1 << 62, .max] as [UInt64])
  func `an incarnation takes two bytes as far as it fits and has one form`(
    incarnation: UInt64
  ) throws {
    var header = Self.sample.header
    header.incarnation = incarnation
    let packet = Packet(header: header, sections: [.leave])
    let bytes = packet.encoded()
    #expect(header.encodedSize == (incarnation < 0xFFFF ? 84 : 92))
    #expect(Header.end(in: bytes) == header.encodedSize)
    #expect(bytes.count == header.encodedSize + 2 + Packet.checksumSize)
    #expect(Packet.firstKind(of: bytes) == Section.Kind.leave.rawValue)
    #expect(try Packet(decoding: bytes) == packet)
  }

  @Test func `a short incarnation in its long form is refused`() {
    var header = Self.sample.header
    header.incarnation = 0xFFFF
    var bytes = Packet(header: header, sections: []).encoded()
    bytes[91] = 0xFE
    var reader = ByteReader(bytes)
    #expect(throws: DecodingFailure.outOfRange) { try Header.decode(from: &reader) }
  }

  @Test func `a clock beyond what can be told is told as the last one`() throws {
    var header = Self.sample.header
    header.wallMilliseconds = .max
    let told = try Packet(decoding: Packet(header: header, sections: []).encoded()).header
    #expect(told.wallMilliseconds == Header.lastWallMilliseconds)
    #expect(told.incarnation == header.incarnation)
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `packets of any sections come back as they went`(seed: UInt64) throws {
    var generator = Generator(seed: seed)
    generator.extremes = seed % 2 == 0
    let packet = Packet(
      header: generator.header(
        source: generator.below(Limits.members), destination: generator.below(Limits.members)),
      sections: (0..<generator.below(8)).map { _ in generator.section() })
    #expect(try Packet(decoding: packet.encoded()) == packet)
  }

  @Test func `a packet cut at any byte is refused`() {
    let bytes = Self.sample.encoded()
    for count in bytes.indices {
      #expect(throws: DecodingFailure.self, "cut to \(count)") {
        try Packet(decoding: Array(bytes[..<count]))
      }
    }
  }

  @Test func `a packet with any single bit turned is refused`() {
    let bytes = Self.sample.encoded()
    var taken: [Int] = []
    for bit in 0..<bytes.count * 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      if (try? Packet(decoding: damaged)) != nil { taken.append(bit) }
    }
    #expect(taken == [])
  }

  @Test func `bytes appended or doubled are refused`() {
    let bytes = Self.sample.encoded()
    for extra in [[0], [0xFF], Array(repeating: 0, count: 8), bytes] as [[UInt8]] {
      #expect(throws: DecodingFailure.self) { try Packet(decoding: bytes + extra) }
    }
    #expect(throws: DecodingFailure.truncated) { try Packet(decoding: []) }
  }

  @Test(arguments: [0, 2, 255] as [UInt8])
  func `another version is refused by its number`(version: UInt8) {
    var bytes = Self.sample.encoded()
    bytes[2] = version
    #expect(throws: DecodingFailure.version(version)) { try Packet(decoding: bytes) }
  }

  @Test func `an ordinal beyond the most members is refused even with a right checksum`() {
    for (source, destination) in [(Limits.members, 0), (0, Limits.members), (65_535, 0)] {
      var header = Self.sample.header
      (header.source, header.destination) = (source, destination)
      let bytes = Packet(header: header, sections: []).encoded()
      #expect(throws: DecodingFailure.outOfRange) { try Packet(decoding: bytes) }
    }
  }
}
