/// What a full exchange drops.
extension Store {
  /// Drops the versions of a key that another member knows and doesn't hold.
  ///
  /// - Parameters:
  ///   - clock: What the other knew.
  ///   - theirs: What it holds of the key; none when nothing.
  /// - Returns: What changed; none when nothing did.
  package mutating func drop(
    _ slot: RegisterTable.Slot, knownTo clock: StoreClock, but theirs: Register?,
    wallMilliseconds: UInt64
  ) -> KeyChange? {
    guard let record = table[slot] else { return nil }
    let (kept, dropped) = record.register.versions.reduce(into: ([Version](), [Version]())) {
      let isOver =
        clock.contains($1.dot) && theirs?.holds($1.dot) != true && !isUnheard($1.dot, in: clock)
      if isOver { $0.1.append($1) } else { $0.0.append($1) }
    }
    guard let last = dropped.last else { return nil }
    version &+= 1
    if kept.isEmpty {
      let wasValue = !record.register.isTombstone
      forget(slot)
      guard wasValue else { return nil }
      return KeyChange(
        key: record.key, candidates: [],
        origin: Origin(ordinal: last.dot.actor.ordinal, boot: last.dot.actor.boot), cause: .remote)
    }
    var register = Register(versions: kept, context: record.register.context)
    register.cover(
      dropped.map(\.dot).filter { dot in !kept.contains { $0.dot.actor == dot.actor } })
    store(register, in: slot)
    return change(
      slot, origin: last.dot.actor, cause: .remote, wallMilliseconds: wallMilliseconds)
  }
}
