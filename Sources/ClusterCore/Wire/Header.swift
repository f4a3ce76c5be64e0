/// What every packet begins with, datagrams and stream frames alike. All integers are big-endian:
///
///     0  magic 0xC175        2 version        3 flags         4 cluster id (8)
///    12  source (2)         14 destination (2)               16 source boot (8)
///    24  destination boot (8), 0 when the sender doesn't know it
///    32  group digest (8)   40 recovery (8)                  48 view digest (8)
///    56  clock digest (8)   64 highest term (8)              72 resolver's name, hashed (4)
///    76  wall clock, ms (6)
///    82  source incarnation (2), or 0xFFFF and the incarnation (8) where it doesn't fit
///
/// So nearly all packets have a header of one size, and one's answer fits into another's question.
/// The two digests say in 16 bytes whether view and store clock are equal: an idle cluster sends
/// nothing else beside its probes.
package struct Header: Hashable, Sendable {
  package static let magic: UInt16 = 0xC175
  package static let version: UInt8 = 1
  /// The size that a header has at least, and with any incarnation that refutations alone lead to.
  package static let smallest = 84
  /// The size that it has at most.
  package static let largest = smallest + 8
  /// The last wall clock that is told: of the year 10889.
  package static let lastWallMilliseconds: UInt64 = 1 << 48 - 1
  /// Where the incarnation doesn't fit two bytes.
  private static let isLong = UInt16.max

  /// Single bits that a packet says of its sender.
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Its first exchange of the store is complete.
    package static let synced = Flags(rawValue: 1)
    /// It is joining: it hasn't chosen a group yet.
    package static let joining = Flags(rawValue: 2)
    /// It was paused, or hasn't been heard since: it doesn't lead.
    package static let ineligible = Flags(rawValue: 4)
    /// Its store's byte budget is used up.
    package static let full = Flags(rawValue: 8)
    /// It confirms itself as the leader, under the term of this header.
    package static let leading = Flags(rawValue: 16)
    /// It hears badly or is heard badly: it doesn't lead, and its accusations don't count.
    package static let degraded = Flags(rawValue: 32)
    /// It keeps its store on a disk, and not all that it knows is there yet.
    package static let unflushed = Flags(rawValue: 64)
  }

  package var flags: Flags = []
  package var clusterID: UInt64
  package var source: Int
  package var destination: Int
  package var sourceBoot: UInt64
  package var destinationBoot: UInt64
  package var incarnation: UInt64
  package var groupDigest: UInt64
  package var recovery: UInt64
  package var viewDigest: UInt64
  package var clockDigest: UInt64
  package var term: UInt64
  package var resolver: UInt32
  package var wallMilliseconds: UInt64

  /// How many bytes this header takes.
  package var encodedSize: Int {
    incarnation < UInt64(Self.isLong) ? Self.smallest : Self.largest
  }

  package func encode(into writer: inout ByteWriter) {
    let wall = min(wallMilliseconds, Self.lastWallMilliseconds)
    // At once: each packet begins so, and each write looks whether there is room.
    writer.write(atMost: Self.largest) { span in
      span.append(Self.magic)
      span.append(Self.version)
      span.append(flags.rawValue)
      span.append(clusterID)
      span.append(UInt16(truncatingIfNeeded: source))
      span.append(UInt16(truncatingIfNeeded: destination))
      span.append(sourceBoot)
      span.append(destinationBoot)
      span.append(groupDigest)
      span.append(recovery)
      span.append(viewDigest)
      span.append(clockDigest)
      span.append(term)
      span.append(resolver)
      span.append(UInt16(truncatingIfNeeded: wall >> 32))
      span.append(UInt32(truncatingIfNeeded: wall))
      if incarnation < UInt64(Self.isLong) {
        span.append(UInt16(truncatingIfNeeded: incarnation))
      } else {
        span.append(Self.isLong)
        span.append(incarnation)
      }
    }
  }

  package static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> Header {
    guard try reader.readUInt16() == magic else { throw .notOurs }
    let version = try reader.readByte()
    guard version == Self.version else { throw .version(version) }
    let flags = Flags(rawValue: try reader.readByte())
    var header = Header(
      flags: flags,
      clusterID: try reader.readUInt64(),
      source: Int(try reader.readUInt16()),
      destination: Int(try reader.readUInt16()),
      sourceBoot: try reader.readUInt64(),
      destinationBoot: try reader.readUInt64(),
      incarnation: 0,
      groupDigest: try reader.readUInt64(),
      recovery: try reader.readUInt64(),
      viewDigest: try reader.readUInt64(),
      clockDigest: try reader.readUInt64(),
      term: try reader.readUInt64(),
      resolver: try reader.readUInt32(),
      wallMilliseconds: UInt64(try reader.readUInt16()) << 32 | UInt64(try reader.readUInt32()))
    header.incarnation = try decodeIncarnation(from: &reader)
    return header
  }

  /// Each incarnation has one form.
  private static func decodeIncarnation(
    from reader: inout ByteReader
  ) throws(DecodingFailure) -> UInt64 {
    let short = try reader.readUInt16()
    guard short == isLong else { return UInt64(short) }
    let long = try reader.readUInt64()
    guard long >= UInt64(isLong) else { throw .outOfRange }
    return long
  }

  /// Where the sections of an encoded packet begin; none when it is too short to be one.
  package static func end(in packet: [UInt8]) -> Int? {
    guard packet.count >= smallest else { return nil }
    let isLong = packet[smallest - 2] == 0xFF && packet[smallest - 1] == 0xFF
    return isLong ? largest : smallest
  }

  /// Whether bytes begin as a packet does that isn't sealed.
  package static func isPlain(_ bytes: [UInt8], at start: Int, count: Int) -> Bool {
    count >= 2 && bytes[start] == UInt8(magic >> 8) && bytes[start + 1] == UInt8(magic & 0xFF)
  }

  /// For whom an encoded packet is; none when it is too short to be one.
  package static func destination(of packet: [UInt8]) -> Int? {
    guard packet.count >= smallest else { return nil }
    return Int(packet[14]) << 8 | Int(packet[15])
  }
}
