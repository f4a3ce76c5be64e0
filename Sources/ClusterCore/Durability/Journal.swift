/// What of a store is on disk, what has to be written, and what is being written.
///
/// One record is under way at a time; what changes meanwhile is remembered by its slot and written
/// from its state then, once, however often it changed. So the disk's pace sets how much one record
/// carries, and memory stays bounded: four bytes for each key that waits.
///
/// Records come in groups. A group begins by taking the slots that wait, and the clock; it ends with
/// a commit of that clock. What changes while it is being written comes with the next one: what is
/// on disk may then be newer than the clock beside it says, never older.
///
/// When the log has grown to the size of the snapshot before it, the next group is a snapshot: all
/// keys, into a new file. The old one counts until the new one is whole. Source: the usual pair of
/// log and checkpoint (Mohan and others, 1992, "ARIES", §2), with fuzzy checkpoints.
package struct Journal: Sendable {
  /// The size at which a record is closed, in bytes. One register more may be in it.
  package static let recordSize = 1 << 20
  /// The log is never written anew before it has so many bytes.
  package var smallestLog = 8 << 20

  /// A file as it will be once all that was given out is written.
  package struct File: Hashable, Sendable {
    /// How many records it has.
    package var records: UInt64 = 0
    /// How many bytes it has.
    package var bytes = JournalFormat.headerSize
    /// How many of them were there when it took its name.
    package var snapshotBytes = 0

    package init() {}
  }

  /// What is sure to come back after a crash.
  package internal(set) var flushed: StoreClock
  /// The journal; none when all keys have to be written before there is one.
  package internal(set) var file: File?
  /// How many commits are on the disk.
  private(set) var commits: UInt64 = 0
  /// Whether nothing may be written now: what is on disk is all there is of the keys in quarantine.
  var isPaused = false
  /// Whether the file on disk has yet to be told that it isn't to be trusted.
  var mustDistrust = false

  let header: JournalFormat.Header
  private var waiting = Waiting()
  private var group: Group?
  private var outstanding: Outstanding?
  private var number: UInt64 = 0
  /// The file that a snapshot is being written into.
  private var next = File()
  /// After a snapshot that failed the log grows to this first.
  private var snapshotNotBefore = 0
  /// The store's `version` whose clock was committed last.
  private var flushedVersion: UInt64?

  /// What changed since the last group was begun.
  struct Waiting: Sendable {
    var slots: [RegisterTable.Slot] = []
    var removed: [Key] = []
    private var marks: [UInt64] = []

    mutating func mark(_ slot: RegisterTable.Slot) {
      let (word, bit) = (Int(slot >> 6), UInt64(1) << UInt64(slot & 63))
      if word >= marks.count {
        marks += Array(repeating: 0, count: max(word + 1 - marks.count, marks.count))
      }
      guard marks[word] & bit == 0 else { return }
      marks[word] |= bit
      slots.append(slot)
    }

    var isEmpty: Bool { slots.isEmpty && removed.isEmpty }

    mutating func add(_ other: Waiting) {
      for slot in other.slots { mark(slot) }
      removed = other.removed + removed
    }
  }

  private struct Group: Sendable {
    /// What it is to say; for a snapshot what the log would have had to say in its stead.
    var waiting: Waiting
    var isSnapshot: Bool
    /// Where it goes on: among the waiting slots, or among all.
    var cursor = 0
    var end: Int
    var hasBegun = false
    var commit: JournalBody.Commit
    var version: UInt64
  }

  private struct Outstanding: Sendable {
    var number: UInt64
    var bytes: Int
    var isSnapshot: Bool
    var commit: JournalBody.Commit?
    var version: UInt64
  }

  /// A journal that goes on where a file ends; without a file it begins with a snapshot.
  package init(header: JournalFormat.Header, file: File?, flushed: StoreClock) {
    self.header = header
    self.file = file
    self.flushed = flushed
  }

  package mutating func mark(_ slot: RegisterTable.Slot) { waiting.mark(slot) }

  /// Notes that a key is forgotten. What is said of it is said before anything newer.
  package mutating func remove(_ key: Key) { waiting.removed.append(key) }

  /// Whether what is known at `version` is on disk.
  package func isFlushed(_ version: UInt64) -> Bool {
    flushedVersion == version && waiting.isEmpty && group == nil && outstanding == nil
  }

  // MARK: - Out

  /// The next thing to write; none while something is under way, or when there is nothing.
  mutating func nextRecord(of store: inout Store) -> JournalRecord? {
    guard outstanding == nil else { return nil }
    if mustDistrust { return distrust() }
    guard !isPaused else { return nil }
    if group == nil { begin(store) }
    guard var group else { return nil }
    self.group = nil
    let body = Self.body(&group, &store)
    self.group = group
    return give(body)
  }

  private mutating func begin(_ store: borrowing Store) {
    let isSnapshot = file.map(isLong) ?? true
    guard isSnapshot || !waiting.isEmpty || flushedVersion != store.version else { return }
    let commit = JournalBody.Commit(
      boot: store.actor.boot, heardThrough: store.heardThrough, clock: store.known,
      forgotten: store.forgotten)
    var taken = Waiting()
    swap(&taken, &waiting)
    group = Group(
      waiting: taken, isSnapshot: isSnapshot,
      end: isSnapshot ? store.table.slots : taken.slots.count, commit: commit,
      version: store.version)
    if isSnapshot { next = File() }
  }

  private func isLong(_ file: File) -> Bool {
    file.bytes - file.snapshotBytes > max(smallestLog, file.snapshotBytes)
      && file.bytes >= snapshotNotBefore
  }

  private static func body(_ group: inout Group, _ store: inout Store) -> JournalBody {
    var body = JournalBody()
    if !group.hasBegun, !group.isSnapshot { body.removed = group.waiting.removed }
    var size = 0
    while group.cursor < group.end, size < recordSize {
      let slot =
        group.isSnapshot
        ? RegisterTable.Slot(group.cursor) : group.waiting.slots[group.cursor]
      group.cursor += 1
      guard let record = store.table[slot] else { continue }
      // Its dot has been seen now: no other value may be given under it.
      store.expose(slot)
      size += Delta.size(key: record.key.utf8.count, register: record.register)
      body.entries.append(Delta.Entry(key: record.key, register: record.register))
    }
    if group.cursor == group.end { body.commit = group.commit }
    return body
  }

  private mutating func give(_ body: JournalBody) -> JournalRecord? {
    guard let current = group else { return nil }
    var bytes: [UInt8] = []
    let place: JournalRecord.Place
    if current.isSnapshot {
      place = .snapshot(isFirst: !current.hasBegun, isLast: body.commit != nil)
      if !current.hasBegun { bytes = JournalFormat.encode(header) }
    } else {
      place = .log
    }
    let inFile = current.isSnapshot ? next.records : file?.records ?? 0
    bytes += JournalFormat.record(inFile, body: body.encoded())
    number += 1
    outstanding = Outstanding(
      number: number, bytes: bytes.count, isSnapshot: current.isSnapshot, commit: body.commit,
      version: current.version)
    group?.hasBegun = true
    return JournalRecord(number: number, place: place, bytes: bytes)
  }

  private mutating func distrust() -> JournalRecord? {
    mustDistrust = false
    group = nil
    guard let file else { return nil }
    var body = JournalBody()
    body.isDistrusted = true
    let bytes = JournalFormat.record(file.records, body: body.encoded())
    number += 1
    outstanding = Outstanding(
      number: number, bytes: bytes.count, isSnapshot: false, commit: nil, version: 0)
    return JournalRecord(number: number, place: .log, bytes: bytes)
  }

  // MARK: - Back

  /// What was given out is written; the last of a group is on the disk.
  mutating func appended(_ number: UInt64) {
    guard let written = outstanding, written.number == number else { return }
    outstanding = nil
    if written.isSnapshot {
      next.records += 1
      next.bytes += written.bytes - (next.records == 1 ? JournalFormat.headerSize : 0)
    } else {
      file?.records += 1
      file?.bytes += written.bytes
    }
    guard let commit = written.commit, !isPaused else { return }
    if written.isSnapshot {
      next.snapshotBytes = next.bytes
      file = next
      snapshotNotBefore = 0
    }
    flushed = commit.clock
    commits += 1
    flushedVersion = written.version
    group = nil
  }

  /// What was given out could not be written.
  ///
  /// - Parameter losesFile: The journal itself can't be gone on with: all keys are written anew.
  mutating func failed(_ number: UInt64, losesFile: Bool) {
    guard let written = outstanding, written.number == number else { return }
    outstanding = nil
    if losesFile { file = nil }
    guard let failed = group else { return }
    group = nil
    var taken = failed.waiting
    swap(&taken, &waiting)
    waiting.add(taken)
    if let file, written.isSnapshot {
      snapshotNotBefore = file.bytes + max(smallestLog, file.snapshotBytes / 2)
    }
  }

  // MARK: - Quarantine

  /// Says nothing more while what the file holds is looked through, but that it isn't to be trusted.
  mutating func suspend() {
    waiting = Waiting()
    group = nil
    flushedVersion = nil
    flushed = StoreClock(range: flushed.range)
    isPaused = true
    mustDistrust = file != nil
  }

  /// Begins anew with a snapshot. The file on disk stays until that is whole.
  mutating func resume() {
    isPaused = false
    file = nil
  }
}

extension Store {
  /// What is sure to come back after a crash; all that is known, where nothing is kept on a disk.
  package var durable: StoreClock { hasJournal ? journal?.flushed ?? known : known }

  /// How many commits are on the disk.
  var journalCommits: UInt64 { hasJournal ? journal?.commits ?? 0 : 0 }

  /// Whether all that is known would come back after a crash, or nothing is meant to.
  package var isFlushed: Bool { hasJournal ? journal?.isFlushed(version) ?? true : true }

  /// The next thing to write to the disk.
  package mutating func nextJournalRecord() -> JournalRecord? {
    guard hasJournal, var journal else { return nil }
    // It is taken out, so that its arrays have one owner while it reads the store.
    self.journal = nil
    defer { self.journal = journal }
    return journal.nextRecord(of: &self)
  }
}
