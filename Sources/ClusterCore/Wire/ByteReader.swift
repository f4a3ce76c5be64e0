/// Reads integers (big-endian, or as variable-length base 128) and byte strings, each checked against
/// what remains before anything is allocated.
package struct ByteReader {
  private let bytes: [UInt8]
  private var offset: Int
  private let end: Int

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    self.offset = 0
    self.end = bytes.count
  }

  private init(_ bytes: [UInt8], from offset: Int, to end: Int) {
    self.bytes = bytes
    self.offset = offset
    self.end = end
  }

  package var remaining: Int { end - offset }
  package var isAtEnd: Bool { offset == end }

  package mutating func readByte() throws(DecodingFailure) -> UInt8 {
    guard offset < end else { throw .truncated }
    defer { offset += 1 }
    return bytes[offset]
  }

  package mutating func readUInt16() throws(DecodingFailure) -> UInt16 {
    UInt16(truncatingIfNeeded: try readInteger(width: 2))
  }

  package mutating func readUInt32() throws(DecodingFailure) -> UInt32 {
    UInt32(truncatingIfNeeded: try readInteger(width: 4))
  }

  package mutating func readUInt64() throws(DecodingFailure) -> UInt64 {
    guard remaining >= 8 else { throw .truncated }
    defer { offset += 8 }
    return bytes.span.word(at: offset)
  }

  /// A variable-length number; an overlong or overflowing form is refused, so that each value has one.
  package mutating func readVarint() throws(DecodingFailure) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try readByte()
      let part = UInt64(byte & 0x7F)
      guard shift < 63 || part <= 1 else { throw .outOfRange }
      value |= part << shift
      if byte & 0x80 == 0 {
        guard byte != 0 || shift == 0 else { throw .outOfRange }
        return value
      }
      shift += 7
      guard shift <= 63 else { throw .outOfRange }
    }
  }

  /// A count of items that take at least `size` bytes each: never more than can still follow.
  package mutating func readCount(itemSize size: Int) throws(DecodingFailure) -> Int {
    let count = try readVarint()
    guard count <= UInt64(remaining / max(size, 1)) else { throw .truncated }
    return Int(count)
  }

  /// A byte string after its length.
  package mutating func readBytes(atMost limit: Int) throws(DecodingFailure) -> [UInt8] {
    let place = try skipBytes(atMost: limit)
    return Array(bytes[place])
  }

  /// A key after its length, without an array of its bytes; refused when it is empty or no UTF-8.
  package mutating func readKey() throws(DecodingFailure) -> Key {
    let place = try skipBytes(atMost: Limits.key)
    guard let valid = try? UTF8Span(validating: bytes.span.extracting(place)),
      let key = try? Key(String(copying: valid))
    else { throw .invalidEntry }
    return key
  }

  /// Where a byte string lies, after its length.
  private mutating func skipBytes(atMost limit: Int) throws(DecodingFailure) -> Range<Int> {
    let count = try readVarint()
    guard count <= UInt64(limit) else { throw .outOfRange }
    guard count <= UInt64(remaining) else { throw .truncated }
    defer { offset += Int(count) }
    return offset..<offset + Int(count)
  }

  /// A reader of the next `count` bytes, which this one then skips.
  package mutating func readSlice(_ count: Int) throws(DecodingFailure) -> ByteReader {
    guard count >= 0, count <= remaining else { throw .truncated }
    defer { offset += count }
    return ByteReader(bytes, from: offset, to: offset + count)
  }

  private mutating func readInteger(width: Int) throws(DecodingFailure) -> UInt64 {
    guard remaining >= width else { throw .truncated }
    var value: UInt64 = 0
    for index in offset..<offset + width { value = value << 8 | UInt64(bytes[index]) }
    offset += width
    return value
  }
}
