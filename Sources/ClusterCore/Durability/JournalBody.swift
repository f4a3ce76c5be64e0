/// The body of a record of the journal; `JournalFormat` describes its bytes.
package struct JournalBody: Hashable, Sendable {
  /// What the member knew when the records that end here were begun.
  package struct Commit: Hashable, Sendable {
    package var boot: UInt64
    /// The newest of the member's lives that others had heard of.
    package var heardThrough: UInt64
    package var clock: StoreClock
    package var forgotten: ForgottenDots
  }

  /// Whether the file isn't to be trusted from here on: it is older than what its member once told.
  package var isDistrusted = false
  /// Keys of which nothing is remembered any more.
  package var removed: [Key] = []
  package var entries: [Delta.Entry] = []
  package var commit: Commit?

  package init() {}

  package func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.write(UInt8((commit == nil ? 0 : 1) | (isDistrusted ? 2 : 0)))
    writer.writeVarint(removed.count)
    for key in removed { writer.write(key.utf8) }
    Delta.encode(entries, into: &writer)
    if let commit {
      writer.write(commit.boot)
      writer.write(commit.heardThrough)
      commit.clock.encode(into: &writer, rangesPerActor: .max)
      commit.forgotten.encode(into: &writer)
    }
    return writer.bytes
  }

  package init(decoding bytes: [UInt8]) throws(DecodingFailure) {
    var reader = ByteReader(bytes)
    let flags = try reader.readByte()
    guard flags <= 3 else { throw .outOfRange }
    isDistrusted = flags & 2 != 0
    for _ in 0..<(try reader.readCount(itemSize: 2)) {
      removed.append(try reader.readKey())
    }
    entries = try Delta.decodeEntries(from: &reader)
    if flags & 1 != 0 {
      commit = Commit(
        boot: try reader.readUInt64(), heardThrough: try reader.readUInt64(),
        clock: try StoreClock.decode(from: &reader),
        forgotten: try ForgottenDots.decode(from: &reader))
    }
    guard reader.isAtEnd else { throw .trailingBytes }
  }
}
