import Testing

@testable import ClusterCore

@Suite struct DeltaTests {
  private func encode(_ delta: Delta) -> [UInt8] {
    var writer = ByteWriter()
    delta.encode(into: &writer)
    return writer.bytes
  }

  private func decode(_ bytes: [UInt8]) throws(DecodingFailure) -> Delta {
    var reader = ByteReader(bytes)
    return try Delta.decode(from: &reader)
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `a delta never takes more bytes than its entries announced`(seed: UInt64) throws {
    var generator = Generator(seed: seed)
    generator.extremes = true
    var delta = generator.delta()
    (delta.claim, delta.forgotten) = (nil, ForgottenDots())
    let announced = delta.entries.reduce(Delta.overhead) {
      $0 + Delta.size(key: $1.key.bytes.count, register: $1.register)
    }
    #expect(encode(delta).count <= announced)
    #expect(try decode(encode(delta)) == delta)
  }

  /// Mark, answer, the only part, no claim, the actors (0, 5) and (1, 6), one entry of key "k" made of
  /// `entry`.
  private func oneEntry(_ entry: [UInt8]) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(UInt64(0))
    writer.append([0, 0, 0, 0, 0, 1])
    writer.write(UInt8(0))
    writer.writeVarint(2)
    for (ordinal, boot) in [(0, 5), (1, 6)] as [(Int, UInt64)] {
      writer.writeVarint(ordinal)
      writer.write(boot)
    }
    writer.writeVarint(1)
    writer.append([1, 0x6B] + entry + [0, 0, 0, 0])
    return writer.bytes
  }

  private let time: [UInt8] = Array(repeating: 7, count: 8)

  @Test func `entries that no register can be are refused`() throws {
    #expect(try decode(oneEntry([1, 0, 1] + time + [0, 1, 9, 0])).entries.count == 1)
    let bad: [(String, [UInt8])] = [
      ("no version", [0, 0]),
      ("an actor that isn't named", [1, 2, 1] + time + [0, 1, 9, 0]),
      ("sequence zero", [1, 0, 0] + time + [0, 1, 9, 0]),
      ("unknown flags", [1, 0, 1] + time + [4, 1, 9, 0]),
      ("an expiry of never", [1, 0, 1] + time + [2] + Array(repeating: 0, count: 8) + [1, 9, 0]),
      ("an actor twice", [2, 0, 1] + time + [1, 0, 2] + time + [1, 0]),
      ("a context of a version's actor", [1, 0, 1] + time + [1, 1, 0, 1]),
      ("a value that isn't there", [1, 0, 1] + time + [0, 100, 9, 0]),
    ]
    for (what, entry) in bad {
      #expect(throws: DecodingFailure.self, "\(what)") { try decode(oneEntry(entry)) }
    }
  }

  @Test func `a key that is empty or too long or no text is refused`() {
    func delta(_ key: [UInt8]) -> [UInt8] {
      var writer = ByteWriter()
      writer.write(UInt64(0))
      writer.append([0, 0, 0, 0, 0, 1])
      writer.write(UInt8(0))
      writer.writeVarint(1)
      writer.writeVarint(0)
      writer.write(UInt64(5))
      writer.writeVarint(1)
      writer.write(key)
      writer.append([1, 0, 1] + time + [1, 0])
      return writer.bytes
    }
    #expect(throws: Never.self) { try decode(delta(Array(repeating: 0x61, count: Limits.key))) }
    #expect(throws: DecodingFailure.invalidEntry) { try decode(delta([])) }
    #expect(throws: DecodingFailure.invalidEntry) { try decode(delta([0xFF, 0xFE])) }
    #expect(throws: DecodingFailure.outOfRange) {
      try decode(delta(Array(repeating: 0x61, count: Limits.key + 1)))
    }
  }
}
