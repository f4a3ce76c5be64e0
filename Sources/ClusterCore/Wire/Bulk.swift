/// What is too large for datagrams, on its way over a stream, and what is said about it.
///
/// A *transfer* is everything that another member lacks, as the parts of one walk over all slots. Each
/// part says between which slots it lies, so that the receiver knows how far it has come; where the
/// stream ends in the middle it asks for the rest, and not for all of it again. What the transfer
/// proves is claimed with the last part.
///
/// A register that is larger than `Limits.bulkFrame` is cut into *pieces* before the part that it
/// belongs to. The same register gives the same bytes, so that a receiver that has some already, from
/// before a stream ended, says so.
package enum Bulk: Hashable, Sendable {
  case transfer(Transfer)
  /// I have your transfer up to this slot: go on there.
  case resume(mark: UInt64, cursor: UInt32)
  case piece(Piece)
  /// I have so many bytes already of what you send me in pieces.
  case held(hash: UInt64, count: UInt32)
  /// The register that came in pieces belongs to the section that follows.
  case attached(hash: UInt64)
  /// I know nothing of that transfer any more.
  case gone(mark: UInt64)

  /// Everything that a member lacks between two slots of the sender.
  package struct Transfer: Hashable, Sendable {
    /// The mark of the digest that is answered.
    package var mark: UInt64
    package var start: UInt32
    package var end: UInt32
    package var isLast: Bool
    /// The registers; with what the whole transfer proves in the last part.
    package var delta: Delta
  }

  /// Some of the bytes of a register.
  package struct Piece: Hashable, Sendable {
    /// A hash of all its bytes.
    package var hash: UInt64
    /// How many there are.
    package var total: UInt32
    /// Where these stand.
    package var offset: UInt32
    package var bytes: [UInt8]
  }
}

extension Bulk {
  func encode(into writer: inout ByteWriter) {
    switch self {
    case .transfer(let part):
      writer.write(UInt8(1))
      writer.write(part.mark)
      writer.write(part.start)
      writer.write(part.end)
      writer.write(UInt8(part.isLast ? 1 : 0))
      part.delta.encode(into: &writer)
    case .resume(let mark, let cursor):
      writer.write(UInt8(2))
      writer.write(mark)
      writer.write(cursor)
    case .piece(let piece):
      writer.write(UInt8(3))
      writer.write(piece.hash)
      writer.write(piece.total)
      writer.write(piece.offset)
      writer.write(piece.bytes)
    case .held(let hash, let count):
      writer.write(UInt8(4))
      writer.write(hash)
      writer.write(count)
    case .attached(let hash):
      writer.write(UInt8(5))
      writer.write(hash)
    case .gone(let mark):
      writer.write(UInt8(6))
      writer.write(mark)
    }
  }

  static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> Bulk {
    switch try reader.readByte() {
    case 1:
      let mark = try reader.readUInt64()
      let (start, end) = (try reader.readUInt32(), try reader.readUInt32())
      let flag = try reader.readByte()
      guard start <= end, flag <= 1 else { throw .outOfRange }
      let delta = try Delta.decode(from: &reader)
      return .transfer(
        Transfer(mark: mark, start: start, end: end, isLast: flag == 1, delta: delta))
    case 2: return .resume(mark: try reader.readUInt64(), cursor: try reader.readUInt32())
    case 3:
      let piece = Piece(
        hash: try reader.readUInt64(), total: try reader.readUInt32(),
        offset: try reader.readUInt32(), bytes: try reader.readBytes(atMost: Limits.piece))
      guard piece.total <= UInt32(Limits.register),
        UInt64(piece.offset) + UInt64(piece.bytes.count) <= UInt64(piece.total)
      else { throw .outOfRange }
      return .piece(piece)
    case 4: return .held(hash: try reader.readUInt64(), count: try reader.readUInt32())
    case 5: return .attached(hash: try reader.readUInt64())
    case 6: return .gone(mark: try reader.readUInt64())
    default: throw .outOfRange
    }
  }
}
