/// Registers and claims of other members.
extension Store {
  /// The most that a remote stamp may be ahead of the wall clock and still be followed.
  package static let toleratedSkew: UInt64 = 500

  /// Whether a delta can be what a correct member says: nobody else can know dots of this boot that
  /// were never given, and no boot is newer than `newestBoot`. Ordinals beyond the expected ones are
  /// no forgery: see `widen(to:)`.
  package func accepts(_ delta: Delta, newestBoot: UInt64) -> Bool {
    guard !faults.has(.actorWithoutBoot) else { return true }
    func isForged(_ dot: Dot) -> Bool {
      dot.actor.ordinal >= Limits.members || dot.actor.boot > newestBoot
        || (dot.actor == actor && dot.sequence > sequence)
    }
    if let claim = delta.claim {
      guard claim.range.upperBound <= Limits.members, claim.largest(actor) <= sequence,
        claim.newestBoot <= newestBoot
      else { return false }
    }
    return !delta.entries.contains { $0.register.dots.contains(where: isForged) }
  }

  /// Keeps what members wrote that aren't expected here: the set grows or shrinks, and its members are
  /// told one after the other. Who may be a member and whose writes are in the map are two things; a
  /// member that refused such writes would lose them for those that it fills.
  package mutating func widen(to upperBound: Int) {
    known.widen(to: min(upperBound, Limits.members))
  }

  /// The same for all that a delta speaks of.
  package mutating func widen(for delta: Delta) {
    var upperBound = delta.claim?.range.upperBound ?? 0
    for entry in delta.entries {
      for dot in entry.register.dots { upperBound = max(upperBound, dot.actor.ordinal + 1) }
    }
    widen(to: upperBound)
  }

  /// Merges one register and learns its dots.
  ///
  /// - Parameter takesKnown: Whether dots are taken that are known and not held: to mend a divergence
  ///   only.
  /// - Returns: What changed; none when nothing did. `isFull` is true when the register was left
  ///   alone, and its dots unknown, because the store has no room: it is sent again later.
  package mutating func merge(
    _ entry: Delta.Entry, takesKnown: Bool = false, wallMilliseconds: UInt64
  ) -> (change: KeyChange?, isFull: Bool) {
    let incoming = entry.register
    follow(incoming.time, wallMilliseconds: wallMilliseconds)
    let hash = RegisterTable.hash(entry.key.utf8)
    let slot = table.slot(entry.key, hash: hash)
    let held = slot.flatMap { table.register($0) }
    let growth = incoming.valueBytes - (held?.valueBytes ?? -entry.key.utf8.count)
    guard hasRoom(growth), known.hasRoom(for: incoming.dots) else { return (nil, true) }

    let takesKnown = takesKnown || faults.has(.knownDotsReturn)
    var joined: Register?
    if var register = held {
      register.join(incoming) { !takesKnown && known.contains($0) }
      if faults.has(.mergeByStamp) { register.keepNewest() }
      if faults.has(.resolverInMerge) { register.blend() }
      joined = register
    } else {
      let fresh = incoming.versions.filter { takesKnown || !known.contains($0.dot) }
      if !fresh.isEmpty { joined = incoming.keeping(fresh) }
    }
    // A context may name dots of other keys (see `ForgottenDots`); those are known already, or hurt
    // nobody here. A dot that is known has its place in the log.
    let learned = incoming.context.filter { !known.contains($0) }
    for dot in incoming.dots { known.insert(dot) }
    if faults.has(.actorWithoutBoot) { sequence = max(sequence, incoming.seen(actor)) }
    if faults.has(.noExceptions) { known.dropExtras() }
    version &+= 1
    guard let joined, joined != held else {
      counters.entriesIgnored += 1
      return (nil, false)
    }
    counters.entriesMerged += 1
    let place: RegisterTable.Slot
    if let slot {
      place = slot
      store(joined, in: slot, hash: hash)
    } else {
      place = add(entry.key, joined, hash: hash)
      table[place]?.isExposed = true
    }
    // What was held before has its place in the log, unless it is stable. But a register that changed
    // has to be looked at again: something in the log must name it.
    var news: Dot?
    if let only = joined.onlyDot {
      if held?.holds(only) != true {
        unstable.insert(only, place, isSettled: joined.isSettled)
        news = only
      }
    } else {
      for dot in joined.versionDots where held?.holds(dot) != true {
        unstable.insert(dot, place)
        news = dot
      }
    }
    for dot in learned { unstable.insert(dot, place) }
    if takesKnown || (news == nil && learned.isEmpty) {
      for dot in joined.versionDots { unstable.insert(dot, place) }
    }
    guard news != nil || joined.count != held?.count || joined.versions != held?.versions else {
      return (nil, false)
    }
    if joined.count > max(held?.count ?? 1, 1) { counters.conflicts += 1 }
    let change = change(
      place, origin: (news ?? joined.versions[0].dot).actor, cause: .remote,
      wallMilliseconds: wallMilliseconds)
    return (change, false)
  }

  /// Learns what a delta proved complete, after its entries were merged.
  package mutating func accept(claim: StoreClock, forgotten: ForgottenDots) {
    known.formUnion(claim)
    for dot in forgotten.dots where known.range.contains(dot.actor.ordinal) && dot.actor.boot > 0 {
      if known.base(dot.actor) >= dot.sequence { self.forgotten.raise(to: dot) }
    }
    if faults.has(.noExceptions) { known.dropExtras() }
    version &+= 1
  }

  /// Takes absence for a delete (planted fault only).
  package mutating func deleteAbsent(claim: StoreClock, entries: [Delta.Entry]) {
    for slot in 0..<RegisterTable.Slot(table.slots) {
      guard let record = table[slot], !entries.contains(where: { $0.key == record.key }),
        record.register.versions.allSatisfy({ claim.contains($0.dot) })
      else { continue }
      forget(slot)
    }
  }

  /// Writes in another process's stead what only it held: as a new write of this member, with the
  /// stamp it had, concurrent with everything that it hadn't seen. What it held of others' writes, and
  /// all where this member has written the key itself, keeps its dot: an actor has one version of a
  /// key.
  ///
  /// - Returns: What changed; none when nothing did. `isFull` as with `merge`.
  package mutating func adopt(
    _ entry: Delta.Entry, of loser: Actor, wallMilliseconds: UInt64
  ) -> (change: KeyChange?, isFull: Bool) {
    let unseen = entry.register.versions.filter { !known.contains($0.dot) }
    guard !unseen.isEmpty else { return (nil, false) }
    let held = register(entry.key)
    let growth = unseen.reduce(held == nil ? entry.key.utf8.count : 0) {
      $0 + ($1.value?.count ?? 0)
    }
    guard hasRoom(growth), known.hasRoom(for: entry.register.dots) else { return (nil, true) }
    let own = holdsOwn(held) ? nil : unseen.firstIndex { $0.dot.actor == loser }
    let change = takeBack(
      unseen, of: entry, reissuing: own, cause: .remote, wallMilliseconds: wallMilliseconds)
    return (change, false)
  }

  /// Whether what comes from others may still take so many bytes more: a quarter more than what local
  /// writes may, so that a full member still learns what is written elsewhere.
  private func hasRoom(_ growth: Int) -> Bool {
    growth <= 0 || bytes + growth <= budget + budget / 4
  }

  /// Notes what another member knows, and, unless it said otherwise, would know after a crash.
  package mutating func report(
    _ ordinal: Int, boot: UInt64, clock: StoreClock, viewDigest: UInt64, isFlushed: Bool = true
  ) {
    let counts = isFlushed || faults.has(.unflushedIsStable)
    change(reportOf: ordinal, boot: boot) { report in
      report.clock.widen(to: clock.range.upperBound)
      report.durable.widen(to: clock.range.upperBound)
      report.clock.formUnion(clock)
      if counts { report.durable.formUnion(clock) }
      report.note(clock, in: viewDigest)
      if let earlier = report.earlier, report.clock.covers(earlier) { report.earlier = nil }
      report.equalTo = nil
      report.isFlushed = false
    }
  }

  /// Notes that another member knows just what this one knows.
  package mutating func reportEqual(
    _ ordinal: Int, boot: UInt64, viewDigest: UInt64, isFlushed: Bool = true
  ) {
    guard reports.indices.contains(ordinal), ordinal != actor.ordinal else { return }
    let counts = isFlushed || faults.has(.unflushedIsStable)
    if let last = reports[ordinal], last.boot == boot, last.viewDigest == viewDigest,
      last.equalTo == version, last.isFlushed || !counts
    {
      return
    }
    let (known, version) = (self.known, self.version)
    change(reportOf: ordinal, boot: boot, beginningWith: counts ? known : nil) { report in
      report.clock = known
      report.isFlushed = counts
      report.equalTo = version
      if counts { report.durable = known }
      report.noteAll(in: viewDigest)
      if let earlier = report.earlier, known.covers(earlier) { report.earlier = nil }
    }
  }

  /// Notes what another member would know after a crash.
  package mutating func reportFlushed(_ ordinal: Int, boot: UInt64, clock: StoreClock) {
    change(reportOf: ordinal, boot: boot) { report in
      report.clock.widen(to: clock.range.upperBound)
      report.durable.widen(to: clock.range.upperBound)
      report.clock.formUnion(clock)
      report.durable.formUnion(clock)
    }
  }

  /// Whether a member that has started anew says to know less than the boot before it had on its
  /// disk. One that knows nothing has kept nothing.
  package func isBehind(_ ordinal: Int, _ clock: StoreClock) -> Bool {
    guard let earlier = reports[ordinal]?.earlier, clock.newestBoot > 0 else { return false }
    return !clock.covers(earlier)
  }

  /// Changes a report. One of a boot that hasn't told anything begins with an empty clock of all
  /// members, or with one that is there already.
  private mutating func change(
    reportOf ordinal: Int, boot: UInt64, beginningWith clock: StoreClock? = nil,
    _ body: (inout Report) -> Void
  ) {
    guard reports.indices.contains(ordinal), ordinal != actor.ordinal else { return }
    reportCount &+= 1
    if reports[ordinal]?.boot != boot {
      var report = Report(boot: boot, clock: clock ?? StoreClock(range: 0..<size))
      if let old = reports[ordinal], old.boot < boot { report.earlier = old.durable }
      reports[ordinal] = report
    }
    reports[ordinal]?.change(body)
  }

  /// Follows a remote stamp, unless it is too far ahead of the wall clock: one member with a wrong
  /// clock must not drag all others along.
  mutating func follow(_ remote: UInt64, wallMilliseconds: UInt64) {
    guard remote > time else { return }
    if remote >> 16 <= wallMilliseconds + Self.toleratedSkew || faults.has(.stampsDragClocks) {
      time = remote
    } else {
      counters.futureStamps += 1
    }
  }
}

extension Register {
  /// The same register with only some of its versions; the dots of the others are still seen.
  fileprivate func keeping(_ versions: [Version]) -> Register {
    guard versions.count < self.versions.count else { return self }
    let dropped = self.versions.map(\.dot).filter { dot in !versions.contains { $0.dot == dot } }
    return Register(versions: versions, context: context + dropped)
  }

  /// Makes one version of several, as a resolver that takes part in the merge would (planted fault).
  fileprivate mutating func blend() {
    guard versions.count > 1, let newest = versions.last else { return }
    let sum = versions.reduce(0) { $0 + Int($1.value?.first ?? 0) }
    var version = newest
    version.value = [UInt8(truncatingIfNeeded: sum / versions.count)]
    replace(with: version)
    keepNewest()
  }
}
