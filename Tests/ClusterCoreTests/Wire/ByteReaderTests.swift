import Testing

@testable import ClusterCore

@Suite struct ByteReaderTests {
  static let varints: [UInt64] = [
    0, 1, 127, 128, 129, 16_383, 16_384, 1 << 31, 1 << 32, 1 << 62, 1 << 63, .max - 1, .max,
  ]

  @Test(arguments: varints)
  func `a number of variable length comes back as it went`(value: UInt64) throws {
    var writer = ByteWriter()
    writer.writeVarint(value)
    #expect(writer.count == ByteWriter.varintSize(value))
    var reader = ByteReader(writer.bytes)
    #expect(try reader.readVarint() == value)
    #expect(reader.isAtEnd)
    for count in 0..<writer.count {
      var cut = ByteReader(Array(writer.bytes[..<count]))
      #expect(throws: DecodingFailure.truncated) { try cut.readVarint() }
    }
  }

  @Test(
    arguments: [
      [0x80, 0x00], [0xFF, 0x00], [0x80, 0x80, 0x00],
      [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02],
      [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0x00],
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ] as [[UInt8]])
  func `an overlong or overflowing form is refused`(bytes: [UInt8]) {
    var reader = ByteReader(bytes)
    #expect(throws: DecodingFailure.outOfRange) { try reader.readVarint() }
  }

  @Test func `integers are big-endian and the reader ends where the bytes do`() throws {
    var reader = ByteReader((1...15).map { UInt8($0) })
    #expect(try reader.readByte() == 0x01)
    #expect(try reader.readUInt16() == 0x0203)
    #expect(try reader.readUInt32() == 0x0405_0607)
    #expect(try reader.readUInt64() == 0x0809_0A0B_0C0D_0E0F)
    #expect(reader.isAtEnd)
    #expect(throws: DecodingFailure.truncated) { try reader.readByte() }
  }

  @Test(arguments: [1, 2, 14] as [Int])
  func `a count is never more than what can still follow`(itemSize: Int) throws {
    for value: UInt64 in [0, 1, 10, 11, 1 << 20, 1 << 62, .max] {
      var writer = ByteWriter()
      writer.writeVarint(value)
      writer.append(Array(repeating: 0, count: 10))
      var reader = ByteReader(writer.bytes)
      if value <= UInt64(10 / itemSize) {
        #expect(try reader.readCount(itemSize: itemSize) == Int(value))
      } else {
        #expect(throws: DecodingFailure.truncated) { try reader.readCount(itemSize: itemSize) }
      }
    }
  }

  @Test func `a byte string longer than its limit or its bytes is refused`() throws {
    func read(_ length: UInt64, limit: Int) throws(DecodingFailure) -> [UInt8] {
      var writer = ByteWriter()
      writer.writeVarint(length)
      writer.append([1, 2, 3])
      var reader = ByteReader(writer.bytes)
      return try reader.readBytes(atMost: limit)
    }
    #expect(try read(3, limit: 3) == [1, 2, 3])
    #expect(try read(0, limit: 0) == [])
    #expect(throws: DecodingFailure.outOfRange) { try read(3, limit: 2) }
    #expect(throws: DecodingFailure.truncated) { try read(4, limit: 10) }
    #expect(throws: DecodingFailure.outOfRange) { try read(.max, limit: .max) }
    #expect(throws: DecodingFailure.truncated) { try read(1 << 62, limit: .max) }
  }

  @Test func `a slice ends where it was told to and is skipped by its owner`() throws {
    var reader = ByteReader([1, 2, 3, 4])
    var slice = try reader.readSlice(2)
    #expect(try slice.readByte() == 1)
    #expect(try reader.readByte() == 3)
    #expect(try slice.readByte() == 2)
    #expect(throws: DecodingFailure.truncated) { try slice.readByte() }
    #expect(throws: DecodingFailure.truncated) { try reader.readSlice(2) }
    #expect(throws: DecodingFailure.truncated) { try reader.readSlice(-1) }
  }
}
