/// What another member lacks.
extension Store {
  /// The slots of a delta for somebody who knows `clock`.
  package enum Missing: Equatable, Sendable {
    /// These and no others.
    case slots([RegisterTable.Slot])
    /// So many, or so old, that all slots have to be looked at.
    case scan
  }

  /// More keys than this are sent by a scan.
  package static let mostSlots = 512

  /// Whether somebody who knows `clock` lacks something of a register. It is chosen by the whole
  /// context, not only by the versions: the dot of an overwritten version may be all that the other
  /// asks for, and the overwrite be the answer.
  package func lacks(_ clock: StoreClock, _ register: Register) -> Bool {
    func isMissing(_ dot: Dot) -> Bool {
      clock.range.contains(dot.actor.ordinal) && !clock.contains(dot)
    }
    if faults.has(.deltaBySurvivingDots) { return register.versions.contains { isMissing($0.dot) } }
    return !register.allDots { !isMissing($0) }
  }

  /// Finds what somebody who knows `clock` lacks, of the ordinals that the clock speaks of.
  package func missing(_ clock: StoreClock) -> Missing {
    var slots: [RegisterTable.Slot] = []
    for ordinal in clock.range where known.range.contains(ordinal) {
      if known[ordinal].sealedThrough > clock[ordinal].sealedThrough { return scan(clock) }
    }
    for lane in unstable.lanes where clock.range.contains(lane.actor.ordinal) {
      let base = clock.base(lane.actor)
      guard let entries = unstable.entries(of: lane.actor, after: base) else {
        return scan(clock)
      }
      for entry in entries {
        guard let record = table[entry.slot], lacks(clock, record.register) else { continue }
        slots.append(entry.slot)
        if slots.count > Self.mostSlots * 4 { return .scan }
      }
    }
    slots.sort()
    let distinct = slots.indices.filter { $0 == 0 || slots[$0] != slots[$0 - 1] }
    return distinct.count > Self.mostSlots ? .scan : .slots(distinct.map { slots[$0] })
  }

  /// Looks at all slots; gives up when too many are missing.
  private func scan(_ clock: StoreClock) -> Missing {
    var slots: [RegisterTable.Slot] = []
    for slot in 0..<RegisterTable.Slot(table.slots) {
      guard let record = table[slot], lacks(clock, record.register) else { continue }
      guard slots.count < Self.mostSlots else { return .scan }
      slots.append(slot)
    }
    return .slots(slots)
  }

  /// Packs registers into deltas of a size, the parts of one answer. The first part carries the claim,
  /// which holds once all parts have arrived: a part alone proves nothing. (To claim less for each
  /// part is unsound: below a dot that stays behind there may be dots that its write replaced, whose
  /// numbers nobody knows any more.) None fits when even one register, or the
  /// claim, is larger than a part may be.
  package mutating func pack(
    _ slots: [RegisterTable.Slot], for clock: StoreClock, mark: UInt64, budget: Int, most: Int
  ) -> [Delta]? {
    let claim = known.restricted(to: clock.range)
    let claimSize = claim.range.reduce(0) { $0 + claim.encodedSize($1) }
    var deltas = [Delta(mark: mark, claim: claim, entries: [])]
    var room = budget - Delta.overhead - claimSize - ForgottenDots.encodedSize
    let mayBeTooLarge = room < 0
    for slot in slots {
      guard let record = table[slot] else { continue }
      let size = Delta.size(key: record.key.utf8.count, register: record.register)
      if size > room {
        guard deltas.count < min(most, Delta.mostParts) else { return nil }
        deltas.append(Delta(mark: mark, claim: nil, entries: []))
        room = budget - Delta.overhead
        guard size <= room else { return nil }
      }
      room -= size
      expose(slot)
      deltas[deltas.count - 1].entries.append(
        Delta.Entry(key: record.key, register: record.register))
    }
    deltas[0].forgotten = forgotten
    answers &+= 1
    for index in deltas.indices {
      deltas[index].answer = answers
      deltas[index].part = index
      deltas[index].parts = deltas.count
    }
    if mayBeTooLarge {
      var writer = ByteWriter()
      deltas[0].encode(into: &writer)
      guard writer.count <= budget else { return nil }
    }
    return deltas
  }
}
