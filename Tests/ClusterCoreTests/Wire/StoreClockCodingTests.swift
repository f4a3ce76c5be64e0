import Testing

@testable import ClusterCore

@Suite struct StoreClockCodingTests {
  private func decode(_ bytes: [UInt8]) throws(DecodingFailure) -> StoreClock {
    var reader = ByteReader(bytes)
    return try StoreClock.decode(from: &reader)
  }

  private func encode(_ clock: StoreClock) -> [UInt8] {
    var writer = ByteWriter()
    clock.encode(into: &writer)
    return writer.bytes
  }

  /// One ordinal, one actor of boot 5 with base 3, then the given gap and length.
  private func oneRange(_ gap: UInt64, _ length: UInt64, base: UInt64 = 3) -> [UInt8] {
    var writer = ByteWriter()
    for number: UInt64 in [0, 1, 0, 1] { writer.writeVarint(number) }
    writer.write(5 as UInt64)
    writer.writeVarint(base)
    writer.writeVarint(1)
    writer.writeVarint(gap)
    writer.writeVarint(length)
    return writer.bytes
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `a clock comes back as it went and never takes more bytes than announced`(
    seed: UInt64
  ) throws {
    var generator = Generator(seed: seed)
    generator.extremes = seed % 2 == 1
    let clock = generator.clock()
    let bytes = encode(clock)
    #expect(try decode(bytes) == clock)
    #expect(bytes.count <= 4 + clock.range.reduce(0) { $0 + clock.encodedSize($1) })
  }

  @Test func `more ranges than the wire takes are left out and never claimed`() throws {
    let actor = Actor(ordinal: 0, boot: 1)
    var clock = StoreClock(range: 0..<1)
    for index in 1...UInt64(StoreClock.rangesOnWire + 10) {
      clock.insert(Dot(actor: actor, sequence: index * 3))
    }
    let told = try decode(encode(clock))
    #expect(told.rangesBeyondBase == StoreClock.rangesOnWire)
    #expect(clock.covers(told))
    #expect(!told.covers(clock))
  }

  @Test func `ranges that touch or overflow or pass the largest number are refused`() throws {
    #expect(try decode(oneRange(2, 0))[0].actors[0].extras.elementsEqual([5...5]))
    let bad: [(UInt64, UInt64)] = [
      (0, 0), (1, 0), (.max, 0), (2, .max), (.max - 3, 1), (1 << 62, 0), (2, 1 << 62),
    ]
    for (gap, length) in bad {
      #expect(throws: DecodingFailure.outOfRange) { try decode(oneRange(gap, length)) }
    }
    #expect(throws: DecodingFailure.outOfRange) {
      try decode(oneRange(2, 0, base: (1 << 62) + 1))
    }
  }

  @Test func `actors out of order or sealed already are refused`() {
    func clock(sealed: UInt64, boots: [UInt64]) -> [UInt8] {
      var writer = ByteWriter()
      writer.writeVarint(0)
      writer.writeVarint(1)
      writer.writeVarint(sealed)
      writer.writeVarint(boots.count)
      for boot in boots {
        writer.write(boot)
        writer.writeVarint(1)
        writer.writeVarint(0)
      }
      return writer.bytes
    }
    #expect(throws: Never.self) { try decode(clock(sealed: 3, boots: [4, 9])) }
    for (sealed, boots) in [(3, [3]), (0, [0]), (3, [9, 4]), (3, [4, 4])] as [(UInt64, [UInt64])] {
      #expect(throws: DecodingFailure.outOfRange) {
        try decode(clock(sealed: sealed, boots: boots))
      }
    }
  }

  @Test func `ordinals beyond the most members are refused`() {
    for (first, count) in [(Limits.members, 1), (Limits.members + 1, 0), (Limits.members - 1, 2)] {
      var writer = ByteWriter()
      writer.writeVarint(first)
      writer.writeVarint(count)
      writer.append(Array(repeating: 0, count: count * 2))
      #expect(throws: DecodingFailure.outOfRange) { try decode(writer.bytes) }
    }
  }
}
