/// The replicated map of one member: registers by key, what is known, and what the others reported to
/// know.
///
/// The rules, numbered as in the design: a write is a dot with a stamp beside it (1); registers join
/// by context (2); what is read is a view (3, outside of here); deltas are chosen by context and claim
/// no more than they prove (4); tombstones and contexts go when they are stable (5); an actor is one
/// boot of a member (6). `Store+Write`, `Store+Merge`, `Store+Delta` and `StabilitySweep` hold one
/// each.
package struct Store: Sendable {
  /// Who writes here.
  package internal(set) var actor: Actor
  /// The number of expected members.
  package let size: Int
  package let budget: Int
  /// All that this member knows.
  package internal(set) var known: StoreClock
  package internal(set) var table: RegisterTable
  package internal(set) var unstable = UnstableLog()
  /// What the first write of a key has seen.
  package internal(set) var forgotten = ForgottenDots()
  /// The last dot of this boot.
  package internal(set) var sequence: UInt64 = 0
  /// The newest of this member's lives that others have heard of: see `Store+Lives`.
  package internal(set) var heardThrough: UInt64 = 0
  /// The hybrid logical clock: the largest time given or followed.
  package internal(set) var time: UInt64 = 0
  /// What each expected member was last known to know.
  package internal(set) var reports: [Report?]
  /// Keys with local writes that wait to be pushed, oldest first.
  package internal(set) var queue: [RegisterTable.Slot] = []
  package internal(set) var queueHead = 0
  /// How many places the queue had before its present first one.
  var queueBase = 0
  /// Where batches stand in the queue, oldest first: they are not cut where they fit into one packet.
  var batches: [Range<Int>] = []
  /// Values that end by themselves.
  package internal(set) var expiring = ExpiryQueue()
  /// How many of the versions held end by themselves.
  private var endingVersions = 0
  /// Values that ended and are not forgotten yet.
  package internal(set) var ended: [Expiry] = []
  /// The wall milliseconds up to which values were ended.
  package internal(set) var endedThrough: UInt64 = 0
  /// Keys of which every version is a delete or has ended.
  private var hidden = 0

  /// The bytes of all keys and values.
  package internal(set) var bytes = 0
  /// Keys that are remembered as deleted.
  package internal(set) var tombstones = 0
  /// Keys of which several versions are held, by slot.
  package internal(set) var conflicted = SlotSet()
  /// How many versions these keys have.
  package private(set) var candidateCount = 0
  /// Equal on members that hold the same values, whatever they remember beside them.
  package internal(set) var digest: UInt64 = 0
  package internal(set) var counters = Counters()
  /// How many answers to digests were made; the number of the last one.
  var answers: UInt32 = 0
  /// Bumped by each change of what is known, so that a cached digest can be told from a stale one.
  package internal(set) var version: UInt64 = 0
  /// What is kept on a disk; none when nothing is.
  package internal(set) var journal: Journal? { didSet { hasJournal = journal != nil } }
  /// Whether anything is kept on a disk: asked for each packet, where asking `journal` copies it.
  private(set) var hasJournal = false
  /// How many reports came that said something new.
  var reportCount: UInt64 = 0
  /// What the last sweep was made of.
  private var swept = SweepMark()
  let faults: FaultSet
  /// The digest of `known`, as of `knownDigestVersion`.
  private var cachedKnownDigest: UInt64 = 0
  private var cachedKnownVersion: UInt64 = .max

  /// What a member said it knows, and in which view it said so.
  package struct Report: Hashable, Sendable {
    package var boot: UInt64
    package var clock: StoreClock
    /// What of it would come back after a crash: only that counts for stability.
    package var durable: StoreClock
    package private(set) var viewDigest: UInt64
    /// The ordinals of which it told all that it knows in that view, or whether of all.
    private var told = OrdinalSet()
    private var hasToldAll = false
    /// What the boot before told that would come back, as long as this one doesn't know all of it.
    package var earlier: StoreClock?
    /// The `version` of this store to which it was the same.
    package var equalTo: UInt64?
    /// Whether all of that would come back, too.
    package var isFlushed = false

    init(boot: UInt64, clock: StoreClock) {
      self.boot = boot
      self.clock = clock
      durable = clock
      viewDigest = 0
    }

    /// Changes it where it lies.
    mutating func change(_ body: (inout Report) -> Void) { body(&self) }

    /// Whether it told, in the view in which it spoke last, all that it knows of an ordinal's boots.
    func hasTold(_ ordinal: Int) -> Bool { hasToldAll || told.contains(ordinal) }

    /// Notes in which view it told what it knows of some ordinals; where nothing was left out, that is
    /// all. What it learns later of a boot that is over in that view it learns from others that tell
    /// it, too.
    mutating func note(_ clock: StoreClock, in view: UInt64) {
      enter(view)
      guard !hasToldAll else { return }
      for ordinal in clock.range where clock.isTold(ordinal) { told.insert(ordinal) }
    }

    /// Notes in which view it told all that it knows.
    mutating func noteAll(in view: UInt64) {
      enter(view)
      hasToldAll = true
      told.removeAll()
    }

    private mutating func enter(_ view: UInt64) {
      guard view != viewDigest else { return }
      viewDigest = view
      hasToldAll = false
      told.removeAll()
    }
  }

  /// When a key's value ends.
  package struct Expiry: Hashable, Sendable {
    package var milliseconds: UInt64
    package var slot: RegisterTable.Slot
    package var dot: Dot

    /// Whether it speaks of a version that a register holds.
    func belongs(to register: Register) -> Bool {
      register.versions.contains { $0.dot == dot && $0.expires == milliseconds }
    }
  }

  /// Totals since the start.
  package struct Counters: Hashable, Sendable {
    package var conflicts: UInt64 = 0
    package var entriesMerged: UInt64 = 0
    package var entriesIgnored: UInt64 = 0
    package var futureStamps: UInt64 = 0
    package var deltasRefused: UInt64 = 0
    package var forgotten: UInt64 = 0
    package var syncRounds: UInt64 = 0
    package var syncBytes: UInt64 = 0
    package var transfers: UInt64 = 0
    /// Transfers whose stream ended before them.
    package var transfersFailed: UInt64 = 0
    /// Transfers that went on where they had been broken off.
    package var transfersResumed: UInt64 = 0
    /// Transfers to a boot that ended before them.
    package var transfersOutlived: UInt64 = 0
    /// How long whole transfers took.
    package var transferSpans = SpanHistogram.transfers
    package var exchanges: UInt64 = 0
    package var divergences: UInt64 = 0
  }

  package init(actor: Actor, size: Int, budget: Int, seed: UInt64, faults: FaultSet) {
    self.actor = faults.has(.actorWithoutBoot) ? Actor(ordinal: actor.ordinal, boot: 1) : actor
    self.size = size
    self.budget = budget
    self.known = StoreClock(range: 0..<size)
    self.table = RegisterTable(seed: seed)
    self.reports = Array(repeating: nil, count: size)
    self.faults = faults
  }

  /// The digest of all that is known. Complexity: O(actors), O(1) while nothing changed.
  package mutating func knownDigest() -> UInt64 {
    if cachedKnownVersion != version {
      cachedKnownDigest = known.digest
      cachedKnownVersion = version
    }
    return cachedKnownDigest
  }

  /// Whether a sweep could do anything that the last one couldn't. A sweep depends on what is known,
  /// what was reported, the view, who is evicted and what is on the disk, and on nothing else.
  package func needsSweep(viewDigest: UInt64, evicted: OrdinalSet = OrdinalSet()) -> Bool {
    unstable.isBeingSwept || swept != sweepMark(viewDigest: viewDigest, evicted: evicted)
  }

  /// Notes what a sweep is made of.
  mutating func beginSweep(viewDigest: UInt64, evicted: OrdinalSet) {
    swept = sweepMark(viewDigest: viewDigest, evicted: evicted)
  }

  /// Notes what a sweep left.
  mutating func noteSweep() {
    swept.ended = ended.count
    swept.unstable = unstable.count
  }

  private func sweepMark(viewDigest: UInt64, evicted: OrdinalSet) -> SweepMark {
    SweepMark(
      version: version, reports: reportCount, viewDigest: viewDigest, evicted: evicted,
      ended: ended.count, unstable: unstable.count, commits: journalCommits)
  }

  /// What a sweep depends on.
  private struct SweepMark: Hashable {
    var version = UInt64.max
    var reports: UInt64 = 0
    var viewDigest: UInt64 = 0
    var evicted = OrdinalSet()
    var ended = 0
    var unstable = 0
    var commits: UInt64 = 0
  }

  /// Takes another boot. What was written under the one before is written again under the new one:
  /// others may have sealed that boot already, and would ignore its dots.
  package mutating func rename(boot: UInt64) {
    guard !faults.has(.actorWithoutBoot) else { return }
    let (old, hasWritten) = (actor, sequence > 0)
    actor.boot = boot
    sequence = 0
    guard hasWritten else { return }
    for slot in 0..<RegisterTable.Slot(table.slots) {
      guard var register = table[slot]?.register,
        let version = register.versions.first(where: { $0.dot.actor == old })
      else { continue }
      sequence += 1
      let dot = Dot(actor: actor, sequence: sequence)
      register.reissue(version, as: dot)
      store(register, in: slot)
      table[slot]?.isExposed = false
      learn(dot)
      unstable.insert(dot, slot)
      enqueue(slot)
    }
  }

  /// Keys that have a value, or several versions of which one is a value.
  package var readableCount: Int { table.count - hidden }

  package func register(_ key: Key) -> Register? {
    table.slot(key).flatMap { table.register($0) }
  }

  /// What a register offers to a resolver, in canonical order: values that ended count as deleted.
  package func candidates(_ register: Register, wallMilliseconds: UInt64) -> [Candidate] {
    register.versions.map { $0.candidate(wallMilliseconds: wallMilliseconds) }
  }

  /// Puts a changed register into its slot and keeps the totals right.
  mutating func store(_ register: Register, in slot: RegisterTable.Slot) {
    guard let hash = table.hash(slot) else { return }
    store(register, in: slot, hash: hash)
  }

  /// Puts a changed register into the slot of the key with this hash.
  mutating func store(
    _ register: Register, in slot: RegisterTable.Slot, hash: UInt64
  ) {
    var old = register
    table.exchange(&old, in: slot)
    account(hash, old, sign: false)
    journal?.mark(slot)
    account(hash, register, sign: true)
    if register.isPlain, old.isPlain {
      let isHidden = register.plainValue == nil
      if isHidden != (old.plainValue == nil) { setHidden(slot, isHidden) }
      return
    }
    conflicted.set(slot, register.count > 1)
    refreshHidden(slot)
    if register.endingCount == 0 { return }
    for version in register.versions where version.expires > 0 {
      let expiry = Expiry(milliseconds: version.expires, slot: slot, dot: version.dot)
      if !expiry.belongs(to: old) { expire(expiry) }
    }
  }

  /// Adds a key that isn't held.
  mutating func add(_ key: Key, _ register: Register) -> RegisterTable.Slot {
    add(key, register, hash: RegisterTable.hash(key.utf8))
  }

  /// Adds a key that isn't held and has this hash.
  mutating func add(_ key: Key, _ register: Register, hash: UInt64) -> RegisterTable.Slot {
    let slot = table.insert(key, register, hash: hash)
    journal?.mark(slot)
    account(hash, register, sign: true)
    bytes += key.utf8.count
    conflicted.set(slot, register.count > 1)
    refreshHidden(slot)
    if register.endingCount == 0 { return slot }
    for version in register.versions where version.expires > 0 {
      expire(Expiry(milliseconds: version.expires, slot: slot, dot: version.dot))
    }
    return slot
  }

  /// Forgets a key.
  mutating func forget(_ slot: RegisterTable.Slot) {
    guard let record = table[slot] else { return }
    account(record.hash, record.register, sign: false)
    bytes -= record.key.utf8.count
    conflicted.set(slot, false)
    if record.isHidden { hidden -= 1 }
    for dot in record.register.dots { forgotten.raise(to: dot) }
    journal?.remove(record.key)
    table.remove(slot)
    counters.forgotten += 1
  }

  private mutating func account(_ key: UInt64, _ register: Register, sign adds: Bool) {
    let live = register.liveHash
    let hash = live == 0 ? 0 : mix(key, live)
    if !register.isPlain {
      let count = register.count
      if count > 1 { candidateCount += adds ? count : -count }
      let ending = register.endingCount
      endingVersions += adds ? ending : -ending
    }
    if adds {
      bytes += register.valueBytes
      tombstones += register.isTombstone ? 1 : 0
      digest &+= hash
    } else {
      bytes -= register.valueBytes
      tombstones -= register.isTombstone ? 1 : 0
      digest &-= hash
    }
  }

  private mutating func expire(_ expiry: Expiry) {
    expiring.insert(expiry)
    guard expiring.count > 2 * endingVersions + 64 else { return }
    expiring.compact { [table] expiry in
      table[expiry.slot].map { expiry.belongs(to: $0.register) } ?? false
    }
  }

  /// Whether a version is over, as far as it was told.
  func isOver(_ version: Version) -> Bool {
    version.isTombstone || (version.expires > 0 && version.expires <= endedThrough)
  }

  /// Counts a key among the readable ones or not.
  mutating func refreshHidden(_ slot: RegisterTable.Slot) {
    guard let wasHidden = table.isHidden(slot), let register = table.register(slot) else { return }
    let isHidden =
      register.endingCount == 0
      ? register.isTombstone : register.versions.allSatisfy { isOver($0) }
    if isHidden != wasHidden { setHidden(slot, isHidden) }
  }

  private mutating func setHidden(_ slot: RegisterTable.Slot, _ isHidden: Bool) {
    table[slot]?.isHidden = isHidden
    hidden += isHidden ? 1 : -1
  }
}

/// The planted faults of a run, cheap to ask.
package struct FaultSet: Hashable, Sendable {
  private var bits: UInt64 = 0

  package init(_ faults: Set<PlantedFault>) {
    for (index, fault) in PlantedFault.allCases.enumerated() where faults.contains(fault) {
      bits |= 1 << UInt64(index)
    }
  }

  @inline(__always)
  package func has(_ fault: PlantedFault) -> Bool {
    bits != 0 && has(fault, among: PlantedFault.allCases)
  }

  private func has(_ fault: PlantedFault, among all: [PlantedFault]) -> Bool {
    guard let index = all.firstIndex(of: fault) else { return false }
    return bits & (1 << UInt64(index)) != 0
  }
}
