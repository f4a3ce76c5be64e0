/// A store that outlasts the process, if the member has a disk.
extension Node {
  /// What was found on the disk, and what is still to be done about it.
  package struct Restored: Sendable {
    /// Whether there was anything.
    var hasContent = false
    /// The boot that had written it.
    var boot: UInt64 = 0
    /// What may have been deleted or overwritten meanwhile, with nobody remembering. It is shown to
    /// nobody until this member knows what the others know.
    package internal(set) var quarantine: [Delta.Entry] = []
    /// The last dot of this start when all was set aside: none of those before it comes to anybody any
    /// more but by what is readmitted.
    var given: Dot?
    /// The boots that this process has had, the newest last, while they are needed.
    private(set) var boots: [UInt64] = []
    /// Marks up to this one are of digests that spoke of what is in quarantine now: what answers them
    /// proves nothing any more.
    var marksThrough: UInt64 = 0
    /// How often it was found not to be whole, or not to be new enough.
    package internal(set) var damages: UInt64 = 0
    /// Whether all of it has been looked through.
    var isVetted = false

    /// So many boots are kept. Each takes a lost contest of a second over the ordinal. Of one that was
    /// dropped, others may know writes; they would make this member look through its store once, for
    /// nothing.
    package static let mostBoots = 64

    /// Notes that this process goes on under another boot. Once all was looked through, or where there
    /// was nothing, none of them is asked for.
    mutating func note(boot: UInt64) {
      guard hasContent, !isVetted else { return boots.removeAll() }
      if boots.count == Self.mostBoots { boots.removeFirst() }
      boots.append(boot)
    }
  }

  /// How many registers are looked through at once: a heartbeat must not wait for all of them.
  private static let vettedAtOnce = 512
  /// What a section of a flushed clock may take of a datagram.
  private static let flushedBudget = 320

  /// Takes what was found on the disk, before `.started`, and keeps a journal from then on.
  ///
  /// Where the files are whole, the member goes on with what they say, under a new boot: others send
  /// what it missed. Where they aren't, or are older than what the member had told others, it starts
  /// empty, and learns what they know; then it keeps of its own what they don't know, and drops what
  /// they know and don't hold: that is deleted. (Absence proves a delete only here, where all that
  /// they hold has come.)
  ///
  /// - Parameter keepsJournal: Whether there is a disk to write to.
  package mutating func restore(
    _ restoration: Restoration, keepsJournal: Bool = true, at now: Moment
  ) {
    precondition(phase == .idle, "a member is restored before it starts")
    let header = journalHeader
    restored.boot = restoration.boot
    restored.hasContent = restoration.count > 0 || restoration.clock != nil
    var newest = restoration.boot
    if let clock = restoration.clock { newest = max(newest, clock[ordinal].newestBoot) }
    if newest >= boot, isPlausible(boot: newest, at: now) {
      boot = bootPast(newest)
      peers[ordinal].boot = boot
    }
    restored.note(boot: boot)
    store.rename(boot: boot)
    if restoration.isTrusted {
      store.heardThrough = restoration.heardThrough
      store.restore(restoration, header: keepsJournal ? header : nil)
      return
    }
    restored.damages += 1
    for slot in restoration.table.slots(from: []) {
      guard let record = restoration.table[slot] else { continue }
      restored.quarantine.append(Delta.Entry(key: record.key, register: record.register))
    }
    store.pauseJournal(header: header)
    if restored.quarantine.isEmpty {
      store.resumeJournal()
    } else {
      store.heardThrough = restoration.heardThrough
    }
  }

  /// What the header of this member's journal says.
  package var journalHeader: JournalFormat.Header {
    JournalFormat.Header(
      ordinal: ordinal, members: configuration.size, clusterID: configuration.clusterID)
  }

  /// Another member remembers that this one's disk had more than it has now.
  mutating func beginQuarantine(at now: Moment, into effects: inout [Effect]) {
    guard restored.hasContent, !restored.isVetted, restored.quarantine.isEmpty,
      !faults.has(.oldFilesTrusted)
    else { return }
    restored.given = Dot(actor: store.actor, sequence: store.sequence)
    restored.quarantine = store.takeAll()
    restored.marksThrough = now.instant.nanoseconds
    restored.damages += 1
    effects.append(
      .publish(.storageDamaged(detail: "it is older than what this member had told the others")))
    store.pauseJournal(header: journalHeader)
    hasSynced = false
    syncTarget = nil
    for ordinal in others {
      peers[ordinal].line = Line()
      peers[ordinal].assembly = nil
      peers[ordinal].arriving = nil
      peers[ordinal].parcel = nil
    }
    if restored.quarantine.isEmpty { endQuarantine() }
  }

  /// Looks through what is in quarantine, once this member knows what the others know.
  mutating func readmitQuarantined(at now: Moment, into effects: inout [Effect]) {
    guard hasSynced, phase == .running, !restored.quarantine.isEmpty else { return }
    let boots = peers.boots
    for _ in 0..<min(Self.vettedAtOnce, restored.quarantine.count) {
      let entry = restored.quarantine.removeLast()
      let change = store.readmit(entry, boots: boots, wallMilliseconds: now.wallMilliseconds)
      if let change {
        effects.append(.changed(change))
      } else if let change = store.absence(of: entry) {
        effects.append(.changed(change))
      }
    }
    if store.hasQueued { effects.append(.flush) }
    if restored.quarantine.isEmpty { endQuarantine() }
  }

  private mutating func endQuarantine() {
    restored.quarantine = []
    restored.isVetted = true
    restored.note(boot: boot)
    // What nobody had heard of was written once more, by this life.
    store.heardThrough = boot - 1
    if let given = restored.given { store.learnGiven(through: given) }
    store.resumeJournal()
  }

  mutating func journalAppended(
    _ number: UInt64, at now: Moment, into effects: inout [Effect]
  ) {
    store.journal?.appended(number)
    if case .leaving = phase { continueLeaving(at: now, into: &effects) }
  }

  // MARK: - What others are told, and tell

  /// What this member would still know after a crash, or as much of it as fits.
  mutating func flushedSection() -> Section {
    var size = 0
    var end = flushedCursor
    while end < configuration.size {
      size += store.durable.encodedSize(end)
      guard size <= Self.flushedBudget || end == flushedCursor else { break }
      end += 1
    }
    let range = flushedCursor..<end
    flushedCursor = end == configuration.size ? 0 : end
    return .flushed(store.durable.restricted(to: range))
  }

  mutating func hearFlushed(_ clock: StoreClock, _ arrival: Arrival, at now: Moment) {
    guard arrival.isTogether, clock.range.upperBound <= configuration.size else {
      return reject(.malformed)
    }
    guard clock.newestBoot <= newestPlausibleBoot(at: now) else { return reject(.forged) }
    store.reportFlushed(arrival.source, boot: arrival.header.sourceBoot, clock: clock)
  }

  /// Tells a member that has started anew what it can't know by itself: that its disk is older than
  /// what it had told.
  mutating func tellOutdated(
    _ source: Int, _ clock: StoreClock, at now: Moment, into effects: inout [Effect]
  ) {
    let isLate = peers[source].wasEvicted && clock.newestBoot > 0
    guard isLate || store.isBehind(source, clock) else { return }
    send([.outdated], to: source, now: now, into: &effects)
  }

  /// Takes what another member's clock says of this one's own lives: before it is answered, and before
  /// it is learned, since of equal clocks nobody tells.
  ///
  /// - Returns: Whether all that this member has was set aside.
  @discardableResult
  mutating func hearOwnLives(
    in clock: StoreClock?, _ header: Header, at now: Moment, into effects: inout [Effect]
  ) -> Bool {
    guard let clock, clock.newestBoot <= newestPlausibleBoot(at: now) else { return false }
    // While a store is looked through, what was heard of is what its disk says.
    if header.flags.contains(.synced), restored.quarantine.isEmpty { store.noteHeard(in: clock) }
    let isSetAside = noteOwnLater(in: clock, at: now, into: &effects)
    noteEarlierLife(in: clock, at: now)
    return isSetAside
  }

  /// Another member knows writes of a start of this member that its disk knows nothing of. Its boot may
  /// be newer than this one's, after a clock was set back: what this one has is set aside before it
  /// jumps past that, not long after others have begun to rely on it.
  ///
  /// Or its number may be older, and yet others have sealed an earlier life past it, without having
  /// heard of it: what that life wrote is then to be written once more.
  ///
  /// - Returns: Whether all that this member has was set aside.
  private mutating func noteOwnLater(
    in clock: StoreClock, at now: Moment, into effects: inout [Effect]
  ) -> Bool {
    guard restored.boot > 0, !restored.isVetted, restored.quarantine.isEmpty else { return false }
    let part = clock[ordinal]
    let isLater = (part.actors.map(\.boot) + [part.sealedThrough]).contains {
      $0 > restored.boot && !restored.boots.contains($0)
    }
    guard isLater || store.hasUnheard(in: clock, besides: restored.boots) else { return false }
    beginQuarantine(at: now, into: &effects)
    return !restored.quarantine.isEmpty
  }
}
