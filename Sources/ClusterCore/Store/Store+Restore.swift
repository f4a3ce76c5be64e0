/// A store that comes back from a disk.
extension Store {
  /// Takes what was found on the disk. Called on an empty store.
  ///
  /// - Parameter header: Of the journal that is kept from now on, if one is.
  package mutating func restore(_ restoration: Restoration, header: JournalFormat.Header?) {
    var known = StoreClock(range: 0..<size)
    if let clock = restoration.clock {
      known.widen(to: clock.range.upperBound)
      known.formUnion(clock)
    }
    let flushed = known
    self.known = known
    forgotten = restoration.forgotten
    var dots: [(dot: Dot, slot: RegisterTable.Slot)] = []
    var seen = dots
    for slot in 0..<RegisterTable.Slot(restoration.table.slots) {
      guard let record = restoration.table[slot] else { continue }
      let place = add(record.key, record.register)
      table[place]?.isExposed = true
      for dot in record.register.dots {
        // Registers may be newer than the commit before them.
        self.known.widen(to: dot.actor.ordinal + 1)
        self.known.insert(dot)
      }
      for dot in record.register.context { seen.append((dot, place)) }
      for dot in record.register.versionDots { dots.append((dot, place)) }
    }
    // A context may name a dot of another key (see `ForgottenDots`). That key's own entry comes last
    // and stays: a delete that nothing in the log names would never be forgotten.
    unstable = UnstableLog(seen + dots)
    version &+= 1
    guard let header else { return }
    journal = Journal(header: header, file: restoration.file, flushed: flushed)
  }

  /// Keeps a journal, but says nothing in it before `resumeJournal`.
  package mutating func pauseJournal(header: JournalFormat.Header) {
    var journal =
      self.journal
      ?? Journal(header: header, file: nil, flushed: StoreClock(range: 0..<size))
    journal.suspend()
    self.journal = journal
  }

  package mutating func resumeJournal() { journal?.resume() }

  /// Takes all registers out and begins anew, as if this boot had just been started. Its own dots
  /// aren't given again.
  package mutating func takeAll() -> [Delta.Entry] {
    var entries: [Delta.Entry] = []
    entries.reserveCapacity(table.count)
    for slot in 0..<RegisterTable.Slot(table.slots) {
      guard let record = table[slot] else { continue }
      entries.append(Delta.Entry(key: record.key, register: record.register))
    }
    var empty = Store(
      actor: actor, size: size, budget: budget, seed: table.seed, faults: faults)
    empty.sequence = sequence
    empty.time = time
    empty.heardThrough = heardThrough
    empty.counters = counters
    empty.reports = reports
    empty.version = version &+ 1
    empty.answers = answers
    empty.journal = journal
    self = empty
    return entries
  }

  /// Knows all dots that it had given before all was taken out: what they wrote was readmitted under
  /// later ones, or was overwritten or deleted. Else there would be a gap for ever, and no delete after
  /// it be stable.
  package mutating func learnGiven(through last: Dot) {
    guard last.sequence > 0 else { return }
    known.insert(1...last.sequence, of: last.actor)
    version &+= 1
  }

  /// Takes back what it had kept in a register and nobody else knows. What others know was overwritten
  /// or deleted by now where it isn't held, and is left away.
  ///
  /// One version is written in this member's own name, with the stamp it had, and having seen what it
  /// had, where its life may be sealed elsewhere while its dot is on the way. Or that is sealed by now,
  /// by those who never heard of it: then what it wrote is over only where something that is held has
  /// seen it. All others keep their dots: somebody who isn't here now may have overwritten them, and
  /// would not have seen another.
  ///
  /// - Parameter boots: The members' present boots, zero for one never seen.
  /// - Returns: What changed; none when nothing did.
  package mutating func readmit(
    _ entry: Delta.Entry, boots: [UInt64] = [], wallMilliseconds: UInt64
  ) -> KeyChange? {
    let held = register(entry.key)
    let unknown = entry.register.versions.filter { version in
      guard known.contains(version.dot) else { return true }
      return isUnheard(version.dot, in: known)
        && (held?.seen(version.dot.actor) ?? 0) < version.dot.sequence
    }
    let own =
      unknown.firstIndex { $0.dot.actor == actor }
      ?? unknown.firstIndex { isUnheard($0.dot, in: known) }
      ?? (holdsOwn(held) ? nil : unknown.lastIndex { maySeal($0.dot.actor, boots) })
    return takeBack(
      unknown, of: entry, reissuing: own, cause: .local, wallMilliseconds: wallMilliseconds)
  }

  /// Whether others may have sealed a life: it is over, and they know something else of it, or a later
  /// one that is over, too. They did that together with this member, which has had nothing of it since
  /// all was set aside; and what this member doesn't know of now they didn't seal.
  private func maySeal(_ life: Actor, _ boots: [UInt64]) -> Bool {
    let part = known[life.ordinal]
    let told = boots.indices.contains(life.ordinal) ? boots[life.ordinal] : 0
    let present = life.ordinal == actor.ordinal ? actor.boot : max(told, part.newestBoot)
    return part.sealedThrough >= life.boot
      || part.actors.contains { life.boot <= $0.boot && $0.boot < present }
  }

  /// Whether a register that is held has a version of this actor's: it can have no other.
  func holdsOwn(_ register: Register?) -> Bool {
    register?.versions.contains { $0.dot.actor == actor } ?? false
  }

  /// Takes versions of a register that are unknown here, as concurrent with what is held.
  ///
  /// One of them is written in this member's own name; versions that were concurrent with it stay so,
  /// and keep their dots, since an actor has one version of a key.
  ///
  /// - Parameter own: Which one is written in this member's name, if one is.
  /// - Returns: What changed; none when nothing did.
  mutating func takeBack(
    _ unknown: [Version], of entry: Delta.Entry, reissuing own: Int?, cause: KeyChange.Cause,
    wallMilliseconds: UInt64
  ) -> KeyChange? {
    var unknown = unknown
    guard !unknown.isEmpty else { return nil }
    let slot = table.slot(entry.key)
    let held = slot.flatMap { table.register($0) }
    var seen = entry.register.context.filter { $0.actor != actor }
    if let own {
      let old = unknown[own]
      sequence += 1
      unknown[own].dot = Dot(actor: actor, sequence: sequence)
      if old.dot.actor != actor { seen.append(old.dot) }
    }
    if faults.has(.readmittedAsOne), let own {
      seen = entry.register.dots.filter { $0.actor != actor }
      unknown = [unknown[own]]
    }
    var register = Register(versions: unknown, context: seen)
    if var joined = held {
      joined.join(register) { _ in false }
      register = joined
    }
    let place = slot ?? add(entry.key, register)
    if slot != nil { store(register, in: place) }
    if own != nil { table[place]?.isExposed = false }
    // A dot that is known has its place in the log, perhaps as another key's.
    for dot in seen + unknown.map(\.dot) where !known.contains(dot) {
      known.widen(to: dot.actor.ordinal + 1)
      learn(dot)
      unstable.insert(dot, place)
    }
    enqueue(place)
    return change(
      place, origin: own == nil ? unknown[0].dot.actor : actor, cause: cause,
      wallMilliseconds: wallMilliseconds)
  }

  /// What an observer is told of a key that was kept and isn't held any more.
  package func absence(of entry: Delta.Entry) -> KeyChange? {
    guard register(entry.key) == nil, let newest = entry.register.versions.last else { return nil }
    let writer = newest.dot.actor
    return KeyChange(
      key: entry.key, candidates: [],
      origin: Origin(ordinal: writer.ordinal, boot: writer.boot), cause: .remote)
  }
}
