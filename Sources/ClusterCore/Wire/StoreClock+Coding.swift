/// A clock as bytes: first ordinal, count of ordinals; for each ordinal the boot through which it is
/// sealed and its actors; for each actor its boot, base and ranges, these as distances.
extension StoreClock {
  /// Most ranges of one actor that a datagram names. To name fewer is to know less, which is safe.
  package static let rangesOnWire = 24

  package func encode(into writer: inout ByteWriter, rangesPerActor: Int = Self.rangesOnWire) {
    writer.writeVarint(range.lowerBound)
    writer.writeVarint(range.count)
    for ordinal in range {
      let part = self[ordinal]
      writer.writeVarint(part.sealedThrough)
      writer.writeVarint(part.actors.count)
      for actor in part.actors {
        writer.write(actor.boot)
        writer.writeVarint(actor.base)
        writer.writeVarint(min(actor.extras.count, rangesPerActor))
        var end = actor.base
        for extra in actor.extras.prefix(rangesPerActor) {
          writer.writeVarint(extra.lowerBound - end)
          writer.writeVarint(extra.upperBound - extra.lowerBound)
          end = extra.upperBound
        }
      }
    }
  }

  package static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> StoreClock {
    let first = try reader.readVarint()
    guard first <= UInt64(Limits.members) else { throw .outOfRange }
    let count = try reader.readCount(itemSize: 2)
    guard Int(first) + count <= Limits.members else { throw .outOfRange }
    var parts: [Part] = []
    for _ in 0..<count {
      var part = Part()
      part.sealedThrough = try reader.readVarint()
      var previous = part.sealedThrough
      for _ in 0..<(try reader.readCount(itemSize: 10)) {
        let actor = try ActorClock.decode(from: &reader)
        guard actor.boot > previous else { throw .outOfRange }
        previous = actor.boot
        part.actors.append(actor)
      }
      guard part.actors.count <= actorsPerOrdinal else { throw .outOfRange }
      parts.append(part)
    }
    return StoreClock(range: Int(first)..<Int(first) + count, parts: parts)
  }

  /// Names only the newest boots of an ordinal, as many as fit. To name fewer is to know less; but it
  /// must not look like all that is known (see `isTold`), so the oldest one is named with nothing known
  /// of it.
  package mutating func keepNewestActors(of ordinal: Int, bytes: Int) {
    guard encodedSize(ordinal) > bytes, let oldest = self[ordinal].actors.first else { return }
    var part = self[ordinal]
    let room = bytes - Self.actorSize
    while encodedSize(ordinal) > room, !part.actors.isEmpty {
      part.actors.removeFirst(max(1, (encodedSize(ordinal) - room) / 320))
      self[ordinal] = part
    }
    self[ordinal].actors.insert(ActorClock(boot: oldest.boot), at: 0)
  }

  /// Whether a clock that came in a datagram says all that its sender knows of an ordinal: no boot and
  /// no range was left out.
  func isTold(_ ordinal: Int) -> Bool {
    self[ordinal].actors.allSatisfy { actor in
      (actor.base > 0 || !actor.extras.isEmpty) && actor.extras.count < Self.rangesOnWire
    }
  }

  /// How many bytes the part of one ordinal takes at most.
  package func encodedSize(_ ordinal: Int) -> Int {
    self[ordinal].actors.reduce(13) { size, actor in
      size + Self.actorSize + min(actor.extras.count, Self.rangesOnWire) * 12
    }
  }

  /// How many bytes a boot takes at most without its ranges.
  private static let actorSize = 8 + 10 + 2
}

extension StoreClock.ActorClock {
  fileprivate static func decode(
    from reader: inout ByteReader
  ) throws(DecodingFailure) -> StoreClock.ActorClock {
    var actor = StoreClock.ActorClock(boot: try reader.readUInt64())
    actor.base = try reader.readVarint()
    guard actor.base <= StoreClock.largestSequence else { throw .outOfRange }
    var end = actor.base
    for _ in 0..<(try reader.readCount(itemSize: 2)) {
      let (gap, length) = (try reader.readVarint(), try reader.readVarint())
      let (low, overflow) = end.addingReportingOverflow(gap)
      let (high, more) = low.addingReportingOverflow(length)
      guard gap >= 2, !overflow, !more, high <= StoreClock.largestSequence else {
        throw .outOfRange
      }
      actor.extras.insert(low...high)
      end = high
    }
    return actor
  }
}

extension StoreClock {
  /// The largest sequence number that is taken from the network; far below where sums would overflow.
  package static let largestSequence: UInt64 = 1 << 62
}
