/// Writes what `ByteReader` reads.
package struct ByteWriter {
  package private(set) var bytes: [UInt8] = []

  package init(capacity: Int = Limits.datagram) { bytes.reserveCapacity(capacity) }

  /// A writer that uses the memory of bytes that nobody needs any more.
  package init(reusing memory: consuming [UInt8]) {
    // Swapped, not assigned: a second reference to the memory would make the next line copy it.
    swap(&bytes, &memory)
    bytes.removeAll(keepingCapacity: true)
    bytes.reserveCapacity(Limits.datagram)
  }

  package var count: Int { bytes.count }

  package mutating func write(_ value: UInt8) { bytes.append(value) }

  package mutating func write(_ value: UInt16) { write(atMost: 2) { $0.append(value) } }

  package mutating func write(_ value: UInt32) { write(atMost: 4) { $0.append(value) } }

  package mutating func write(_ value: UInt64) { write(atMost: 8) { $0.append(value) } }

  /// Writes several numbers that take so many bytes together.
  @inline(__always)
  mutating func write(atMost capacity: Int, _ body: (inout OutputSpan<UInt8>) -> Void) {
    bytes.append(addingCapacity: capacity, initializingWith: body)
  }

  /// Writes something after its length, which is known only afterwards.
  ///
  /// There is room for a length of one byte; longer than 127 bytes, what was written is moved.
  package mutating func writeCounted(_ body: (inout ByteWriter) -> Void) {
    let place = bytes.count
    bytes.append(0)
    body(&self)
    var rest = UInt64(bytes.count - place - 1)
    let width = Self.varintSize(rest)
    if width > 1 { bytes.insert(contentsOf: repeatElement(0, count: width - 1), at: place) }
    for index in place..<place + width {
      bytes[index] = UInt8(truncatingIfNeeded: rest) & 0x7F | (index < place + width - 1 ? 0x80 : 0)
      rest >>= 7
    }
  }

  /// Drops what was written from `offset` on.
  package mutating func truncate(to offset: Int) {
    bytes.removeLast(max(0, bytes.count - offset))
  }

  package mutating func writeVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  package mutating func writeVarint(_ value: Int) { writeVarint(UInt64(max(value, 0))) }

  /// A byte string after its length.
  package mutating func write(_ value: [UInt8]) {
    writeVarint(value.count)
    bytes.append(contentsOf: value)
  }

  /// A text's bytes after their count.
  package mutating func write(_ text: String.UTF8View) {
    writeVarint(text.count)
    bytes.append(contentsOf: text)
  }

  /// Bytes as they are.
  package mutating func append(_ raw: [UInt8]) { bytes.append(contentsOf: raw) }

  /// How many bytes `writeVarint` takes for a value.
  package static func varintSize(_ value: UInt64) -> Int {
    value == 0 ? 1 : (64 - value.leadingZeroBitCount + 6) / 7
  }
}

extension OutputSpan<UInt8> {
  /// Appends a number's bytes, the highest first.
  @inline(__always)
  mutating func append<Number: FixedWidthInteger>(_ number: Number) {
    var shift = Number.bitWidth
    while shift > 0 {
      shift -= 8
      append(UInt8(truncatingIfNeeded: number >> Number(shift)))
    }
  }
}
