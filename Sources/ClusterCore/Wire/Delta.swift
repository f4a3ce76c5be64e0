/// Registers on their way, and what they prove.
///
/// Bytes: mark, answer, part, parts; flag, claim and forgotten dots; actors (ordinal, boot); then each
/// entry: key, versions (actor's index, sequence, time, flags, expiry if any, value if any), context
/// (actor's index, sequence).
package struct Delta: Hashable, Sendable {
  /// One key's register.
  package struct Entry: Hashable, Sendable {
    package var key: Key
    package var register: Register

    package init(key: Key, register: Register) {
      self.key = key
      self.register = register
    }
  }

  /// The mark of the digest that this answers; zero for a push.
  package var mark: UInt64
  /// Which of its sender's answers this is: a digest that came twice is answered twice, and parts of
  /// the two don't make one.
  package var answer: UInt32 = 0
  /// Which part of the answer this is, and of how many.
  package var part = 0
  package var parts = 1
  /// What the receiver knows wholly once it has merged all parts: none for a push.
  package var claim: StoreClock?
  /// Deletes that the sender has forgotten; told with a claim.
  package var forgotten = ForgottenDots()
  package var entries: [Entry]

  package init(mark: UInt64, claim: StoreClock?, entries: [Entry]) {
    self.mark = mark
    self.claim = claim
    self.entries = entries
  }
}

extension Delta {
  /// The most bytes of a delta without entries and claim.
  package static let overhead = 8 + 4 + 2 + 1 + 3 + 3
  /// The most parts of one answer.
  package static let mostParts = 64

  /// The most bytes that an entry takes, every actor in it named anew.
  package static func size(key: Int, register: Register) -> Int {
    let perDot = 11 + 2 + 10
    var size = 2 + key + 2 + 2
    if register.isPlain { return size + perDot + 8 + 1 + 3 + register.valueBytes }
    for version in register.versions {
      size += perDot + 8 + 1 + 3 + (version.expires > 0 ? 8 : 0) + (version.value?.count ?? 0)
    }
    return size + register.context.count * perDot
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(mark)
    writer.write(answer)
    writer.write(UInt8(truncatingIfNeeded: part))
    writer.write(UInt8(truncatingIfNeeded: parts))
    if let claim {
      writer.write(UInt8(1))
      claim.encode(into: &writer)
      forgotten.encode(into: &writer)
    } else {
      writer.write(UInt8(0))
    }
    Self.encode(entries, into: &writer)
  }

  /// The entries, after the actors that they name.
  static func encode(_ entries: [Entry], into writer: inout ByteWriter) {
    var actors: [Actor] = []
    for entry in entries {
      entry.register.forEachDot { dot in
        let place = actors.partitioningIndex { $0 >= dot.actor }
        if place == actors.count || actors[place] != dot.actor {
          actors.insert(dot.actor, at: place)
        }
      }
    }
    writer.writeVarint(actors.count)
    for actor in actors {
      writer.writeVarint(actor.ordinal)
      writer.write(actor.boot)
    }
    writer.writeVarint(entries.count)
    for entry in entries { entry.encode(into: &writer, actors: actors) }
  }

  static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> Delta {
    let mark = try reader.readUInt64()
    let answer = try reader.readUInt32()
    let (part, parts) = (Int(try reader.readByte()), Int(try reader.readByte()))
    guard part < parts, parts <= mostParts else { throw .outOfRange }
    let flag = try reader.readByte()
    guard flag <= 1 else { throw .outOfRange }
    let claim = flag == 1 ? try StoreClock.decode(from: &reader) : nil
    let forgotten = flag == 1 ? try ForgottenDots.decode(from: &reader) : ForgottenDots()
    var delta = Delta(mark: mark, claim: claim, entries: try decodeEntries(from: &reader))
    delta.forgotten = forgotten
    delta.answer = answer
    delta.part = part
    delta.parts = parts
    return delta
  }

  static func decodeEntries(from reader: inout ByteReader) throws(DecodingFailure) -> [Entry] {
    var actors: [Actor] = []
    for _ in 0..<(try reader.readCount(itemSize: 9)) {
      let ordinal = try reader.readVarint()
      guard ordinal < UInt64(Limits.members) else { throw .outOfRange }
      actors.append(Actor(ordinal: Int(ordinal), boot: try reader.readUInt64()))
    }
    var entries: [Entry] = []
    let count = try reader.readCount(itemSize: 14)
    // Real ones are larger; a forged count of the least ones mustn't take many times its bytes.
    entries.reserveCapacity(min(count, reader.remaining / 64))
    for _ in 0..<count {
      entries.append(try Entry.decode(from: &reader, actors: actors))
    }
    return entries
  }
}

extension Delta.Entry {
  private static let tombstone: UInt8 = 1
  private static let expiring: UInt8 = 2

  func encode(into writer: inout ByteWriter, actors: [Actor]) {
    func index(_ actor: Actor) -> Int { actors.partitioningIndex { $0 >= actor } }
    func write(_ version: borrowing Version) {
      writer.writeVarint(index(version.dot.actor))
      writer.writeVarint(version.dot.sequence)
      writer.write(version.time)
      writer.write(
        (version.isTombstone ? Self.tombstone : 0) | (version.expires > 0 ? Self.expiring : 0))
      if version.expires > 0 { writer.write(version.expires) }
      if let value = version.value { writer.write(value) }
    }
    writer.write(key.utf8)
    writer.writeVarint(register.count)
    if let only = register.onlyVersion {
      write(only)
      if register.isPlain { return writer.write(UInt8(0)) }
    } else {
      for version in register.versions { write(version) }
    }
    writer.writeVarint(register.context.count)
    for dot in register.context {
      writer.writeVarint(index(dot.actor))
      writer.writeVarint(dot.sequence)
    }
  }

  static func decode(
    from reader: inout ByteReader, actors: [Actor]
  ) throws(DecodingFailure) -> Delta.Entry {
    let key = try reader.readKey()
    let count = try reader.readCount(itemSize: 11)
    if count == 1 {
      let only = try decodeVersion(from: &reader, actors: actors)
      let context = try decodeContext(from: &reader, actors: actors)
      return Delta.Entry(key: key, register: try register(of: only, context: context))
    }
    var versions: [Version] = []
    for _ in 0..<count {
      versions.append(try decodeVersion(from: &reader, actors: actors))
    }
    let context = try decodeContext(from: &reader, actors: actors)
    let named = (versions.map(\.dot.actor) + context.map(\.actor)).sorted()
    guard !versions.isEmpty, versions.count <= Limits.candidates,
      zip(named, named.dropFirst()).allSatisfy({ $0 != $1 })
    else { throw .invalidEntry }
    return Delta.Entry(key: key, register: Register(versions: versions, context: context))
  }

  /// The register of one version: what most entries are.
  private static func register(
    of only: Version, context: [Dot]
  ) throws(DecodingFailure) -> Register {
    if context.isEmpty { return Register(only) }
    // Ordered already, unless its sender is another program: then sorting costs nothing.
    let ordered = context.sorted()
    guard ordered.allSatisfy({ $0.actor != only.dot.actor }),
      zip(ordered, ordered.dropFirst()).allSatisfy({ $0.actor != $1.actor })
    else { throw .invalidEntry }
    return Register(only, context: ordered)
  }

  private static func decodeContext(
    from reader: inout ByteReader, actors: [Actor]
  ) throws(DecodingFailure) -> [Dot] {
    let count = try reader.readCount(itemSize: 2)
    if count == 0 { return [] }
    var context: [Dot] = []
    context.reserveCapacity(min(count, 8))
    for _ in 0..<count { context.append(try decodeDot(from: &reader, actors: actors)) }
    return context
  }

  private static func decodeVersion(
    from reader: inout ByteReader, actors: [Actor]
  ) throws(DecodingFailure) -> Version {
    let dot = try decodeDot(from: &reader, actors: actors)
    let time = try reader.readUInt64()
    let flags = try reader.readByte()
    guard flags <= 3 else { throw .outOfRange }
    let expires = flags & expiring != 0 ? try reader.readUInt64() : 0
    guard (expires > 0) == (flags & expiring != 0) else { throw .outOfRange }
    let value = flags & tombstone != 0 ? nil : try reader.readBytes(atMost: Limits.value)
    return Version(dot: dot, time: time, expires: expires, value: value)
  }

  private static func decodeDot(
    from reader: inout ByteReader, actors: [Actor]
  ) throws(DecodingFailure) -> Dot {
    let index = try reader.readVarint()
    guard index < UInt64(actors.count) else { throw .outOfRange }
    let sequence = try reader.readVarint()
    guard sequence > 0, sequence <= StoreClock.largestSequence else { throw .outOfRange }
    return Dot(actor: actors[Int(index)], sequence: sequence)
  }
}
