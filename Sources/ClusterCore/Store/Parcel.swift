/// A register that travels in pieces, as far as it has been sent or has come.
package struct Parcel: Hashable, Sendable {
  /// A hash of all bytes: who has some of them already knows by it what they belong to.
  package let hash: UInt64
  package let total: Int
  package private(set) var bytes: [UInt8]
  /// How many bytes have been sent.
  package var offset = 0

  /// What is to be sent of one key.
  package init(_ entry: Delta.Entry) {
    var writer = ByteWriter()
    Delta.encode([entry], into: &writer)
    bytes = writer.bytes
    total = bytes.count
    hash = Self.hash(bytes)
  }

  /// Nothing yet of what a first piece announces.
  package init(arriving piece: Bulk.Piece) {
    hash = piece.hash
    total = Int(piece.total)
    bytes = []
  }

  package var isSent: Bool { offset == total }
  package var isWhole: Bool { bytes.count == total }

  /// The next piece to be sent.
  package mutating func next() -> Bulk.Piece {
    let end = min(offset + Limits.piece, total)
    defer { offset = end }
    return Bulk.Piece(
      hash: hash, total: UInt32(truncatingIfNeeded: total),
      offset: UInt32(truncatingIfNeeded: offset), bytes: Array(bytes[offset..<end]))
  }

  /// Leaves out what the other has already.
  package mutating func skip(to count: Int) {
    if count > offset, count <= total { offset = count }
  }

  /// Takes a piece, as far as it is new and follows what has come.
  package mutating func take(_ piece: Bulk.Piece) {
    let end = Int(piece.offset) + piece.bytes.count
    guard Int(piece.total) == total, Int(piece.offset) <= bytes.count, end > bytes.count else {
      return
    }
    bytes.append(contentsOf: piece.bytes[(bytes.count - Int(piece.offset))...])
  }

  /// What the bytes say, once all have come and are what they should be.
  package func entry() -> Delta.Entry? {
    guard isWhole, Self.hash(bytes) == hash else { return nil }
    var reader = ByteReader(bytes)
    guard let entries = try? Delta.decodeEntries(from: &reader), reader.isAtEnd else { return nil }
    return entries.count == 1 ? entries[0] : nil
  }

  /// Eight bytes at a time: a megabyte takes a fraction of a millisecond.
  private static func hash(_ bytes: [UInt8]) -> UInt64 {
    var hash = UInt64(bytes.count)
    var reader = ByteReader(bytes)
    while let word = try? reader.readUInt64() {
      hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
    }
    while let byte = try? reader.readByte() { hash = (hash ^ UInt64(byte)) &* 0x0100_0000_01B3 }
    return mix(hash)
  }
}
