import Testing

@testable import ClusterCore

/// A disk whose flushes a test may hold back.
struct MemoryDisk {
  var journal: [UInt8] = []
  var next: [UInt8] = []
  /// Whether nothing reaches the disk.
  var isStuck = false
  var waiting: [JournalRecord] = []

  /// Writes what a member gave.
  mutating func write(_ record: JournalRecord) {
    switch record.place {
    case .log: journal += record.bytes
    case .snapshot(let isFirst, let isLast):
      next = (isFirst ? [] : next) + record.bytes
      if isLast { journal = next }
    }
  }

  func load(
    _ header: JournalFormat.Header
  ) -> Result<Restoration, Restoration.Refusal> {
    Restoration.read(size: journal.count, header: header, seed: 1) { range in
      Array(journal[range.clamped(to: 0..<journal.count)])
    }
  }
}

extension World {
  /// Starts all members, each with an empty disk.
  mutating func startAllWithDisks() throws {
    for ordinal in nodes.indices {
      disks[ordinal] = MemoryDisk()
      try startWithDisk(ordinal)
    }
  }

  /// Starts a member that isn't running, as a new process, with what its disk holds.
  mutating func startWithDisk(_ ordinal: Int) throws {
    configurations[ordinal].seed = mix(configurations[ordinal].seed, now, 1)
    nodes[ordinal] = Node(configuration: configurations[ordinal], at: moment)
    letters.removeAll { $0.to == ordinal }
    let disk = try #require(disks[ordinal])
    let restoration = try disk.load(nodes[ordinal].journalHeader).get()
    if let file = restoration.file {
      disks[ordinal]?.journal.removeLast(disk.journal.count - file.bytes)
    }
    disks[ordinal]?.isStuck = false
    nodes[ordinal].restore(restoration, at: moment)
    start(ordinal)
  }

  /// Ends a process; what its disk hadn't flushed is lost.
  mutating func crashWithDisk(_ ordinal: Int) {
    crash(ordinal)
    inputs.removeAll { $0.node == ordinal }
    disks[ordinal]?.waiting = []
    disks[ordinal]?.next = []
  }

  mutating func append(_ record: JournalRecord, of ordinal: Int) {
    guard disks[ordinal] != nil else { return }
    if disks[ordinal]?.isStuck == true {
      disks[ordinal]?.waiting.append(record)
    } else {
      disks[ordinal]?.write(record)
      inputs.append((now + 1_000_000, ordinal, .appended(number: record.number)))
    }
  }
}
