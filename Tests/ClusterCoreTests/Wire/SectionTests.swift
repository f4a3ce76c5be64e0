import Testing

@testable import ClusterCore

@Suite struct SectionTests {
  private func decode(_ bytes: [UInt8]) throws(DecodingFailure) -> Section? {
    var reader = ByteReader(bytes)
    let section = try Section.decode(from: &reader)
    guard reader.isAtEnd else { throw .trailingBytes }
    return section
  }

  private func encode(_ section: Section) -> [UInt8] {
    var writer = ByteWriter()
    section.encode(into: &writer)
    return writer.bytes
  }

  private func body(_ kind: UInt8, _ fill: (inout ByteWriter) -> Void) -> [UInt8] {
    var body = ByteWriter()
    fill(&body)
    var writer = ByteWriter()
    writer.write(kind)
    writer.writeVarint(body.count)
    writer.append(body.bytes)
    return writer.bytes
  }

  @Test(arguments: 0..<Generator.kinds)
  func `every kind of section comes back as it went`(kind: Int) throws {
    for seed in 0..<60 as Range<UInt64> {
      var generator = Generator(seed: mix(seed, UInt64(kind)))
      generator.extremes = seed % 2 == 0
      let section = generator.section(kind: kind)
      let bytes = encode(section)
      #expect(try decode(bytes) == section, "kind \(kind), seed \(seed)")
      #expect(Int(bytes[0]) == Generator.kindNumbers[kind])
    }
  }

  @Test(arguments: 0..<Generator.kinds)
  func `a section that is cut anywhere is refused`(kind: Int) {
    var generator = Generator(seed: 7)
    let bytes = encode(generator.section(kind: kind))
    // After the kind and the bytes of the length, of which the last has no upper bit.
    let place = (bytes.dropFirst().firstIndex { $0 < 0x80 } ?? 0) + 1
    for count in bytes.indices {
      #expect(throws: DecodingFailure.self) { try decode(Array(bytes[..<count])) }
      guard count >= place else { continue }
      // Also when the length has been set to what is left.
      let shorter = body(bytes[0]) { $0.append(Array(bytes[place..<count])) }
      #expect(throws: DecodingFailure.self, "cut to \(count)") { try decode(shorter) }
    }
  }

  @Test func `bytes after a body are refused and a later version's kind is skipped`() throws {
    #expect(throws: DecodingFailure.trailingBytes) { try decode(body(6) { $0.write(UInt8(0)) }) }
    #expect(throws: DecodingFailure.trailingBytes) {
      try decode(
        body(1) {
          $0.write(UInt64(1))
          $0.write(UInt8(0))
        })
    }
    #expect(try decode(body(200) { $0.append([1, 2, 3]) }) == nil)
    #expect(try decode(body(0) { _ in }) == nil)
  }

  @Test(arguments: [8, 10, 12, 13] as [UInt8])
  func `a count larger than what follows is refused before anything is made`(kind: UInt8) {
    for count: UInt64 in [5, 1 << 31, 1 << 62, .max] {
      #expect(throws: DecodingFailure.self) {
        try decode(
          body(kind) {
            switch kind {
            case 10: $0.append(Array(repeating: 0, count: 18))
            case 12:
              $0.write(UInt64(1))
              $0.writeVarint(0 as UInt64)
            case 13: $0.append(Array(repeating: 0, count: 9))
            default: break
            }
            $0.writeVarint(count)
            $0.append([0, 0])
          })
      }
    }
  }

  @Test func `a section that claims more than there is is refused`() {
    func claim(_ length: [UInt8]) -> [UInt8] { [1] + length + Array(repeating: 0, count: 8) }
    for width in 1...8 {
      let length = Array(repeating: 0xFF, count: width) + [0x7F] as [UInt8]
      #expect(throws: DecodingFailure.truncated) { try decode(claim(length)) }
    }
    let most = Array(repeating: 0xFF, count: 9) as [UInt8]
    #expect(throws: DecodingFailure.truncated) { try decode(claim(most + [1])) }
    #expect(throws: DecodingFailure.outOfRange) { try decode(claim(most + [2])) }
    #expect(throws: DecodingFailure.outOfRange, "eight, said too long") {
      try decode(claim([0x88, 0]))
    }
  }

  @Test(arguments: [0, 127, 128, 16_383, 16_384, 2_097_152])
  func `a length takes no more bytes than it needs`(length: Int) throws {
    var writer = ByteWriter()
    writer.write(UInt8(7))
    writer.writeCounted { $0.append(Array(repeating: 9, count: length)) }
    let width = ByteWriter.varintSize(UInt64(length))
    #expect(writer.count == 1 + width + length)
    var reader = ByteReader(writer.bytes)
    #expect(try reader.readByte() == 7)
    #expect(try reader.readCount(itemSize: 1) == length)
    #expect(reader.remaining == length)
    #expect(writer.bytes[(1 + width)...].allSatisfy { $0 == 9 })
  }

  @Test func `bodies with impossible values are refused`() {
    let dismissal = body(16) { $0.write(UInt8(3)) }
    let family = body(3) {
      $0.write(UInt64(1))
      $0.write(UInt16(1))
      $0.write(UInt64(1))
      $0.write(UInt8(5))
      $0.append(Array(repeating: 0, count: 6))
    }
    let claim = body(8) {
      $0.writeVarint(1)
      $0.write(UInt16(1))
      $0.write(UInt8(3))
      $0.write(UInt64(1))
      $0.writeVarint(0)
      $0.write(UInt8(0))
      $0.write(UInt8(0))
    }
    let name = body(11) { $0.write([0xC3]) }
    let epoch = body(10) {
      $0.write((1 << 62) + 1 as UInt64)
      $0.append(Array(repeating: 0, count: 11))
    }
    let refusals = body(33) {
      $0.writeVarint(Refusal.most + 1)
      $0.append(Array(repeating: 0, count: 10 * (Refusal.most + 1)))
    }
    let row = body(34) {
      $0.write(Array(repeating: 0, count: ReachabilityRow.mostMembers + 1) as [UInt8])
    }
    let accusers = body(8) {
      $0.writeVarint(1)
      $0.write(UInt16(1))
      $0.write(UInt8(2))
      $0.write(UInt64(1))
      $0.writeVarint(0)
      $0.write(UInt8(0))
      $0.write(UInt8(MemberUpdate.mostAccusers + 1))
      $0.append(Array(repeating: 0, count: 2 * (MemberUpdate.mostAccusers + 1)))
    }
    let holders = body(9) { $0.write(Array(repeating: 0, count: Limits.members / 8 + 1)) }
    for bytes in [dismissal, family, claim, name, epoch, holders, refusals, row, accusers] {
      #expect(throws: DecodingFailure.outOfRange) { try decode(bytes) }
    }
  }

  @Test(arguments: [254, 255, 256, 257, 400])
  func `a resolver's name of any length leaves the packet readable`(length: Int) throws {
    for filler in ["x", "é", "漢", "🙂"] {
      let name =
        String(repeating: "a", count: length % 4) + String(repeating: filler, count: length)
      guard case .resolver(let told) = try decode(encode(.resolver(name))) else {
        Issue.record("another section came back")
        continue
      }
      #expect(name.hasPrefix(told))
      #expect(told.utf8.count > 251)
    }
  }
}
