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

  /// Writes in this member's own name what it had kept in a register and nobody else knows: with the
  /// stamp it had, and having seen what the register had. What others know was overwritten or deleted
  /// by now where it isn't held, and is left away.
  ///
  /// - Returns: What changed; none when nothing did.
  package mutating func readmit(
    _ entry: Delta.Entry, wallMilliseconds: UInt64
  ) -> KeyChange? {
    let unknown = entry.register.versions.filter { !known.contains($0.dot) }
    guard let newest = unknown.last else { return nil }
    let slot = table.slot(entry.key)
    let held = slot.flatMap { table[$0]?.register }
    // An actor has one version of a key: what was written since this start is the later one.
    guard held?.versions.contains(where: { $0.dot.actor == actor }) != true else { return nil }
    sequence += 1
    let dot = Dot(actor: actor, sequence: sequence)
    let version = Version(
      dot: dot, time: newest.time, expires: newest.expires, value: newest.value)
    let seen = entry.register.dots.filter { $0.actor != actor }
    var register = Register(versions: [version], context: seen)
    if let held {
      register = held
      register.join(Register(versions: [version], context: seen)) { _ in false }
    }
    let place = slot ?? add(entry.key, register)
    if slot != nil { store(register, in: place) }
    table[place]?.isExposed = false
    // A dot that is known has its place in the log, perhaps as another key's.
    for seenDot in seen where !known.contains(seenDot) {
      known.widen(to: seenDot.actor.ordinal + 1)
      known.insert(seenDot)
      unstable.insert(seenDot, place)
    }
    learn(dot)
    unstable.insert(dot, place)
    enqueue(place)
    return change(place, origin: actor, cause: .local, wallMilliseconds: wallMilliseconds)
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
