/// A header, its sections, and 8 bytes that tell damage on the way: a network's own checksums miss
/// some, and a packet is taken whole or not at all. It is no protection against forgery.
package struct Packet: Equatable, Sendable {
  package static let checksumSize = 8

  package var header: Header
  package var sections: [Section]

  package init(header: Header, sections: [Section]) {
    self.header = header
    self.sections = sections
  }

  package func encoded() -> [UInt8] {
    var writer = ByteWriter()
    header.encode(into: &writer)
    for section in sections { section.encode(into: &writer) }
    writer.write(Self.checksum(writer.bytes, count: writer.count))
    return writer.bytes
  }

  /// Decodes a whole packet: one wrong byte refuses all of it.
  ///
  /// - Parameters:
  ///   - memory: An array that nobody needs any more, to put the sections into.
  ///   - isChecked: Whether damage is looked for; not, in a planted fault.
  package init(
    decoding bytes: [UInt8], reusing memory: consuming [Section] = [], isChecked: Bool = true
  ) throws(DecodingFailure) {
    let count = bytes.count - Self.checksumSize
    guard count >= Header.smallest else { throw .truncated }
    var reader = ByteReader(bytes)
    var content = try reader.readSlice(count)
    header = try Header.decode(from: &content)
    let told = try reader.readUInt64()
    guard !isChecked || told == Self.checksum(bytes, count: count) else { throw .checksum }
    guard header.source < Limits.members, header.destination < Limits.members else {
      throw .outOfRange
    }
    memory.removeAll(keepingCapacity: true)
    sections = []
    swap(&sections, &memory)
    while !content.isAtEnd {
      if let section = try Section.decode(from: &content) { sections.append(section) }
    }
  }

  /// Whether an encoded packet carries writes first: these may wait, while what keeps the membership
  /// together may not. A packet that only looks like that is late, and nothing else.
  package static func carriesWrites(_ bytes: [UInt8]) -> Bool {
    firstKind(of: bytes) == Section.Kind.delta.rawValue
  }

  /// The kind of an encoded packet's first section, known or not; none where it has no section.
  package static func firstKind(of bytes: [UInt8]) -> UInt8? {
    guard let place = Header.end(in: bytes), bytes.count > place + checksumSize else { return nil }
    return bytes[place]
  }

  /// The same packet as a later version of the protocol could send it: with one more section, of a
  /// kind that this version doesn't know, where there is room for it. For simulations.
  package static func withLaterSection(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > checksumSize, bytes.count + Section.overhead + 4 <= Limits.packet else {
      return bytes
    }
    var writer = ByteWriter()
    writer.append(Array(bytes.dropLast(checksumSize)))
    writer.write(UInt8.max)
    writer.writeVarint(4 as UInt64)
    writer.write(UInt32(0x4C41_5445))
    return sealed(&writer)
  }

  /// A multiply-and-fold hash of the first `count` bytes, eight at a time.
  static func checksum(_ bytes: [UInt8], count: Int) -> UInt64 {
    var hash = mix(UInt64(count))
    bytes.forEachWord(upTo: count) { hash = fold(hash, $0) }
    return mix(count & 7 == 0 ? fold(hash, 0) : hash)
  }

  private static func fold(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return (product.high ^ product.low) &+ word
  }
}
