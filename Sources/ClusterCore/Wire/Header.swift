/// What every packet begins with, datagrams and stream frames alike. 92 bytes, all integers
/// big-endian:
///
///     0  magic 0xC175        2 version        3 flags         4 cluster id (8)
///    12  source (2)         14 destination (2)               16 source boot (8)
///    24  destination boot (8), 0 when the sender doesn't know it
///    32  source incarnation (8)                              40 group digest (8)
///    48  recovery (8)       56 view digest (8)               64 clock digest (8)
///    72  highest term (8)   80 resolver's name, hashed (4)   84 wall clock, ms (8)
///
/// The two digests say in 16 bytes whether view and store clock are equal: an idle cluster sends
/// nothing else beside its probes.
package struct Header: Hashable, Sendable {
  package static let magic: UInt16 = 0xC175
  package static let version: UInt8 = 1
  package static let size = 92

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

  package func encode(into writer: inout ByteWriter) {
    // At once: each packet begins so, and each write looks whether there is room.
    writer.write(atMost: Self.size) { span in
      span.append(Self.magic)
      span.append(Self.version)
      span.append(flags.rawValue)
      span.append(clusterID)
      span.append(UInt16(truncatingIfNeeded: source))
      span.append(UInt16(truncatingIfNeeded: destination))
      span.append(sourceBoot)
      span.append(destinationBoot)
      span.append(incarnation)
      span.append(groupDigest)
      span.append(recovery)
      span.append(viewDigest)
      span.append(clockDigest)
      span.append(term)
      span.append(resolver)
      span.append(wallMilliseconds)
    }
  }

  package static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> Header {
    guard try reader.readUInt16() == magic else { throw .notOurs }
    let version = try reader.readByte()
    guard version == Self.version else { throw .version(version) }
    let flags = Flags(rawValue: try reader.readByte())
    return Header(
      flags: flags,
      clusterID: try reader.readUInt64(),
      source: Int(try reader.readUInt16()),
      destination: Int(try reader.readUInt16()),
      sourceBoot: try reader.readUInt64(),
      destinationBoot: try reader.readUInt64(),
      incarnation: try reader.readUInt64(),
      groupDigest: try reader.readUInt64(),
      recovery: try reader.readUInt64(),
      viewDigest: try reader.readUInt64(),
      clockDigest: try reader.readUInt64(),
      term: try reader.readUInt64(),
      resolver: try reader.readUInt32(),
      wallMilliseconds: try reader.readUInt64())
  }

  /// Whether bytes begin as a packet does that isn't sealed.
  package static func isPlain(_ bytes: [UInt8], at start: Int, count: Int) -> Bool {
    count >= 2 && bytes[start] == UInt8(magic >> 8) && bytes[start + 1] == UInt8(magic & 0xFF)
  }

  /// For whom an encoded packet is; none when it is too short to be one.
  package static func destination(of packet: [UInt8]) -> Int? {
    guard packet.count >= size else { return nil }
    return Int(packet[14]) << 8 | Int(packet[15])
  }
}
