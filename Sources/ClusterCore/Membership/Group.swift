/// Whom a member belongs together with: everyone but the boots that its side has lost.
///
/// In manual recovery the sides of a split stay apart after the network has healed, and a member that
/// was separated on request is apart in both modes. Each side knows whom it lost; two members belong
/// together if neither's side has lost the other. Members of one side join what they lost, so all of
/// them soon agree. An operator's decision makes a group of a later epoch, which overrides: it is taken
/// by everyone whom it doesn't exclude.
package struct Group: Hashable, Sendable {
  /// A boot that is apart.
  package struct Exclusion: Hashable, Comparable, Sendable {
    package var ordinal: Int
    package var boot: UInt64

    package init(ordinal: Int, boot: UInt64) {
      self.ordinal = ordinal
      self.boot = boot
    }

    package static func < (left: Exclusion, right: Exclusion) -> Bool {
      (left.ordinal, left.boot) < (right.ordinal, right.boot)
    }
  }

  package var epoch: UInt64
  /// In order of ordinals, one boot each.
  package private(set) var lost: [Exclusion]
  /// The only member of the group, when it was separated from all others on request.
  package var hermit: Exclusion?

  package init(epoch: UInt64 = 0, lost: [Exclusion] = [], hermit: Exclusion? = nil) {
    self.epoch = epoch
    self.lost = []
    self.hermit = hermit
    for exclusion in lost.sorted() { add(exclusion) }
  }

  package func excludes(_ ordinal: Int, boot: UInt64) -> Bool {
    if let hermit { return hermit != Exclusion(ordinal: ordinal, boot: boot) }
    return lost.contains { $0.ordinal == ordinal && $0.boot == boot }
  }

  /// Adds a boot; of one ordinal only the newest counts.
  package mutating func add(_ exclusion: Exclusion) {
    let index = lost.partitioningIndex { $0.ordinal >= exclusion.ordinal }
    if index < lost.count, lost[index].ordinal == exclusion.ordinal {
      lost[index].boot = max(lost[index].boot, exclusion.boot)
    } else {
      lost.insert(exclusion, at: index)
    }
  }

  /// Drops the boots that are over.
  package mutating func prune(isOver: (Exclusion) -> Bool) { lost.removeAll(where: isOver) }

  /// Whether it names expected ordinals only.
  package func isWithin(_ size: Int) -> Bool {
    (lost.last?.ordinal ?? 0) < size && (hermit?.ordinal ?? 0) < size
  }

  /// Equal groups, equal digests.
  package var digest: UInt64 {
    var hash = mix(3, epoch, UInt64(hermit.map { $0.ordinal + 1 } ?? 0), hermit?.boot ?? 0)
    for exclusion in lost { hash = mix(hash, UInt64(exclusion.ordinal), exclusion.boot) }
    return hash
  }
}

extension Group {
  func encode(into writer: inout ByteWriter) {
    writer.write(epoch)
    writer.write(UInt16(truncatingIfNeeded: hermit.map { $0.ordinal + 1 } ?? 0))
    writer.write(hermit?.boot ?? 0)
    writer.writeVarint(lost.count)
    for exclusion in lost {
      writer.write(UInt16(truncatingIfNeeded: exclusion.ordinal))
      writer.write(exclusion.boot)
    }
  }

  static func decode(from reader: inout ByteReader) throws(DecodingFailure) -> Group {
    let epoch = try reader.readUInt64()
    guard epoch <= 1 << 62 else { throw .outOfRange }
    let (hermit, boot) = (Int(try reader.readUInt16()), try reader.readUInt64())
    var group = Group(
      epoch: epoch,
      hermit: hermit == 0 ? nil : Exclusion(ordinal: hermit - 1, boot: boot))
    for _ in 0..<(try reader.readCount(itemSize: 10)) {
      let ordinal = Int(try reader.readUInt16())
      guard ordinal < Limits.members else { throw .outOfRange }
      group.add(Exclusion(ordinal: ordinal, boot: try reader.readUInt64()))
    }
    return group
  }
}
