import ClusterCore

/// The disk of one member: a journal, the snapshot beside it, and the piece that is being written.
struct SimulatedDisk {
  /// What a crash leaves, but for a piece under way.
  private(set) var journal: [UInt8] = []
  /// A snapshot that hasn't the journal's place yet; a crash leaves nothing of it that counts.
  private var next: [UInt8] = []
  private var pending: JournalRecord?

  /// Begins to write a piece.
  mutating func begin(_ record: JournalRecord) { pending = record }

  /// The piece under way is on the disk; its number, if it is this one.
  mutating func complete(_ number: UInt64) -> Bool {
    guard let record = pending, record.number == number else { return false }
    pending = nil
    write(record)
    return true
  }

  /// The process dies: of the piece under way there is nothing, a part or all.
  mutating func crash(_ random: inout Randomness) {
    guard let record = pending else { return }
    pending = nil
    switch random.below(3) {
    case 0: break
    case 1:
      guard record.place == .log else { break }
      journal += record.bytes.prefix(Int(random.below(UInt64(record.bytes.count))))
    default: write(record)
    }
    next = []
  }

  /// What a process that starts here finds.
  mutating func load(_ header: JournalFormat.Header, seed: UInt64) -> Restoration {
    let journal = self.journal
    let found = Restoration.read(size: journal.count, header: header, seed: seed) { range in
      Array(journal[range.clamped(to: 0..<journal.count)])
    }
    guard case .success(let restoration) = found else { return Restoration(seed: seed) }
    if let file = restoration.file { self.journal.removeLast(journal.count - file.bytes) }
    return restoration
  }

  private mutating func write(_ record: JournalRecord) {
    switch record.place {
    case .log: journal += record.bytes
    case .snapshot(let isFirst, let isLast):
      if isFirst { next = [] }
      next += record.bytes
      guard isLast else { return }
      journal = next
      next = []
    }
  }
}
