/// The file that keeps a member's store: a header, then records one after the other. Version 1. All
/// integers are big-endian; a varint is little-endian base 128; a checksum is the packets' own
/// 64-bit multiply-and-fold hash of the bytes before it.
///
///     header, 40 bytes                            record, 24 bytes and its body
///      0  magic "CLSTRJNL" (8)                     0  length of the body (4)
///      8  version (2)                              4  magic 0x4A52 (2)
///     10  reserved, 0 (2)                          6  reserved, 0 (2)
///     12  ordinal of the member (2)                8  number within the file, from 0 (8)
///     14  number of expected members (2)          16  body
///     16  cluster id (8)                           …  checksum of the record before it (8)
///     24  reserved, 0 (8)
///     32  checksum of bytes 0 to 31 (8)
///
///     body of a record
///      0  flags (1): 1 it ends with a commit, 2 the file is not to be trusted from here on
///      1  count of keys that were forgotten (varint), each as length (varint) and UTF-8
///      …  registers, as a delta has them: actors, entries (see `Delta`)
///      …  with flag 1: boot (8), newest boot that others had heard of (8; see `Store+Lives`), clock
///         without any limit to its ranges (see `StoreClock`), and forgotten dots (see
///         `ForgottenDots`)
///
/// A record says what some keys hold, not what happened: it replaces what earlier records say of
/// them. The records up to a commit hold at least all that the commit's clock knows. A file begins
/// with a snapshot, that is with records of all keys and a commit; it has its name only once that
/// commit is on the disk. What follows is the log.
///
/// What a crash leaves is a beginning of the file; what damage leaves may have holes. Both are told
/// apart by whether whole records, with higher numbers, follow the first one that isn't whole.
package enum JournalFormat {
  package static let version: UInt16 = 1
  package static let headerSize = 40
  /// What a record takes beside its body.
  package static let recordOverhead = 24
  package static let bodyOffset = 16
  static let magic: UInt64 = 0x434C_5354_524A_4E4C
  static let recordMagic: UInt16 = 0x4A52

  /// What a file's header says.
  package struct Header: Hashable, Sendable {
    package var version: UInt16 = JournalFormat.version
    package var ordinal: Int
    package var members: Int
    package var clusterID: UInt64

    package init(ordinal: Int, members: Int, clusterID: UInt64) {
      self.ordinal = ordinal
      self.members = members
      self.clusterID = clusterID
    }
  }

  package static func encode(_ header: Header) -> [UInt8] {
    var writer = ByteWriter(capacity: headerSize)
    writer.write(magic)
    writer.write(header.version)
    writer.write(UInt16(0))
    writer.write(UInt16(truncatingIfNeeded: header.ordinal))
    writer.write(UInt16(truncatingIfNeeded: header.members))
    writer.write(header.clusterID)
    writer.write(UInt64(0))
    writer.write(Packet.checksum(writer.bytes, count: writer.count))
    return writer.bytes
  }

  /// What a header says; none when it isn't whole.
  package static func header(of bytes: [UInt8]) -> Header? {
    guard bytes.count >= headerSize else { return nil }
    do throws(DecodingFailure) {
      var reader = ByteReader(bytes)
      guard try reader.readUInt64() == magic else { return nil }
      let version = try reader.readUInt16()
      _ = try reader.readUInt16()
      let (ordinal, members) = (try reader.readUInt16(), try reader.readUInt16())
      var header = Header(
        ordinal: Int(ordinal), members: Int(members), clusterID: try reader.readUInt64())
      header.version = version
      _ = try reader.readUInt64()
      let checksum = try reader.readUInt64()
      return checksum == Packet.checksum(bytes, count: headerSize - 8) ? header : nil
    } catch {
      return nil
    }
  }

  /// A whole record.
  package static func record(_ number: UInt64, body: [UInt8]) -> [UInt8] {
    var writer = ByteWriter(capacity: body.count + recordOverhead)
    writer.write(UInt32(truncatingIfNeeded: body.count))
    writer.write(recordMagic)
    writer.write(UInt16(0))
    writer.write(number)
    writer.append(body)
    writer.write(Packet.checksum(writer.bytes, count: writer.count))
    return writer.bytes
  }

  /// The body's length and the number of a record, from its first 16 bytes; none when these can't be
  /// a record's.
  package static func prefix(of bytes: [UInt8]) -> (length: Int, number: UInt64)? {
    var reader = ByteReader(bytes)
    guard let length = try? reader.readUInt32(), let magic = try? reader.readUInt16(),
      let reserved = try? reader.readUInt16(), let number = try? reader.readUInt64(),
      magic == recordMagic, reserved == 0
    else { return nil }
    return (Int(length), number)
  }

  /// The body of a record; none when its checksum says that it isn't whole.
  package static func body(of record: [UInt8]) -> [UInt8]? {
    let end = record.count - 8
    guard end >= bodyOffset else { return nil }
    var checksum = ByteReader(Array(record[end...]))
    guard let stored = try? checksum.readUInt64(),
      stored == Packet.checksum(record, count: end)
    else { return nil }
    return Array(record[bodyOffset..<end])
  }
}
