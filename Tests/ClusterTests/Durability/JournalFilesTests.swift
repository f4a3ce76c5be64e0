@testable import Cluster
@testable import ClusterCore
import Testing

/// What was told to be flushed is there after a power failure, whatever failed before it.
@Suite struct JournalFilesTests {
  private static let header = JournalFormat.Header(ordinal: 0, members: 1, clusterID: 7)

  /// A member's store with its files, driven as `JournalThread` does it, without its waiting.
  private struct Member {
    var store: Store
    var files: JournalFiles<FaultyFolder>
    let folder: FaultyFolder
    /// How often a record was refused.
    var refusals = 0
    /// The record that was refused last.
    private var pending: JournalRecord?

    init(_ folder: FaultyFolder) throws {
      self.folder = folder
      store = Store(
        actor: Actor(ordinal: 0, boot: 5), size: 1, budget: 1 << 30, seed: 1, faults: FaultSet([]))
      let opened = try JournalFiles.open(folder, header: JournalFilesTests.header, seed: 1).get()
      files = opened.0
      store.restore(opened.1, header: JournalFilesTests.header)
      store.journal?.smallestLog = 8_000
    }

    mutating func put(_ key: String, _ size: Int) throws {
      _ = store.write(
        .put(try Key(key), Array(repeating: 7, count: size), expires: nil), wallMilliseconds: 1_000)
    }

    /// Writes what waits; comes back another time when it is refused again and again.
    mutating func write() {
      while let record = pending ?? store.nextJournalRecord() {
        pending = nil
        var outcome = files.write(record)
        for _ in 0..<3 {
          guard case .refused = outcome else { break }
          refusals += 1
          outcome = files.write(record)
        }
        switch outcome {
        case .written: store.journal?.appended(record.number)
        case .failed(_, let losesFile):
          store.journal?.failed(record.number, losesFile: losesFile)
        case .refused:
          pending = record
          return
        }
      }
    }
  }

  /// What a directory holds, as a start after a power failure finds it.
  private func found(_ folder: FaultyFolder) throws -> Restoration {
    let after = FaultyFolder(afterPowerFailureOf: folder)
    return try JournalFiles.open(after, header: Self.header, seed: 1).get().1
  }

  private func values(_ restoration: Restoration) -> [String: Int] {
    var values: [String: Int] = [:]
    for slot in 0..<RegisterTable.Slot(restoration.table.slots) {
      guard let record = restoration.table[slot] else { continue }
      values[record.key.text] = record.register.versions.last?.value?.count
    }
    return values
  }

  /// A history with snapshots in it; after each step, what was told to be flushed is compared with
  /// what would come back.
  private func history(_ folder: FaultyFolder) throws -> (steps: Int, isFlushed: Bool) {
    var member = try Member(folder)
    var told = member.store.durable
    for round in 0..<6 {
      for key in 0..<3 { try member.put("k\(key)", 1_000 + round) }
      try member.put("small\(round)", round)
      member.write()
      #expect(member.store.durable.covers(told))
      told = member.store.durable
      let restoration = try found(folder)
      #expect(restoration.isTrusted)
      #expect(restoration.clock.map { $0.covers(told) } ?? (told.newestBoot == 0))
      for (name, size) in values(restoration) {
        #expect(size >= 1_000 || name.hasPrefix("small"))
      }
    }
    return (folder.operations, member.store.isFlushed)
  }

  @Test func `nothing that was flushed is lost when any one operation fails`() throws {
    let healthy = FaultyFolder()
    let (steps, isFlushed) = try history(healthy)
    #expect(isFlushed)
    #expect(healthy.log.contains("rename journal.new journal"))
    #expect(steps > 15 && healthy.log.count { $0 == "rename journal.new journal" } > 1)
    for step in 0..<steps {
      let folder = FaultyFolder()
      folder.fault = .operation(step)
      // One failure is got over: what comes after it is written.
      #expect(try history(folder).isFlushed, "operation \(step): \(healthy.log[step])")
    }
  }

  @Test func `a log cut off at any byte by a full disk is written on from where it was whole`()
    throws
  {
    let folder = FaultyFolder()
    var member = try Member(folder)
    try member.put("a", 10)
    member.write()
    let before = try #require(folder.bytes("journal")).count
    try member.put("b", 20)
    member.write()
    let after = try #require(folder.bytes("journal")).count
    for limit in before..<after {
      let folder = FaultyFolder()
      var member = try Member(folder)
      try member.put("a", 10)
      member.write()
      folder.fault = .full(bytes: limit)
      try member.put("b", 20)
      let told = member.store.durable
      member.write()
      #expect(member.refusals > 0)
      #expect(member.store.durable == told)
      #expect(values(try found(folder)) == ["a": 10])
      #expect(member.store.register(try Key("b")) != nil)
    }
  }

  @Test func `a disk without room for a snapshot goes on with its log, and catches up`() throws {
    let folder = FaultyFolder()
    var member = try Member(folder)
    for key in 0..<3 { try member.put("k\(key)", 1_000) }
    member.write()
    folder.fault = .full(bytes: 14_500)
    for round in 1..<5 {
      for key in 0..<3 { try member.put("k\(key)", 1_000 + round) }
      member.write()
      let restoration = try found(folder)
      #expect(restoration.isTrusted)
      #expect(restoration.clock?.covers(member.store.durable) == true)
    }
    folder.fault = nil
    for round in 5..<12 {
      for key in 0..<3 { try member.put("k\(key)", 1_000 + round) }
      member.write()
    }
    #expect(member.store.isFlushed)
    #expect(values(try found(folder)) == ["k0": 1_011, "k1": 1_011, "k2": 1_011])
    #expect(try #require(folder.bytes("journal")).count < 16_000)
  }

  @Test func `what a crash tore off is cut, and written on after`() throws {
    let folder = FaultyFolder()
    var member = try Member(folder)
    try member.put("a", 10)
    member.write()
    let whole = try #require(folder.bytes("journal"))
    folder.replace("journal", with: whole + [1, 2, 3])
    var again = try Member(folder)
    #expect(folder.bytes("journal") == whole)
    try again.put("b", 20)
    again.write()
    #expect(values(try found(folder)) == ["a": 10, "b": 20])
  }

  @Test func `a damaged file is kept aside until and after a whole one takes its place`() throws {
    let folder = FaultyFolder()
    var member = try Member(folder)
    for key in 0..<5 {
      try member.put("k\(key)", 10)
      member.write()
    }
    var damaged = try #require(folder.bytes("journal"))
    damaged[damaged.count / 2] ^= 4
    folder.replace("journal", with: damaged)
    let (opened, restoration) = try JournalFiles.open(folder, header: Self.header, seed: 1).get()
    #expect(!restoration.isTrusted && restoration.count == 4)
    #expect(folder.bytes("journal") == damaged)
    var files = opened
    var store = Store(
      actor: Actor(ordinal: 0, boot: 9), size: 1, budget: 1 << 30, seed: 1, faults: FaultSet([]))
    store.restore(Restoration(seed: 1), header: Self.header)
    _ = store.write(.put(try Key("new"), [1], expires: nil), wallMilliseconds: 1)
    while let record = store.nextJournalRecord() {
      #expect(files.write(record) == .written)
      store.journal?.appended(record.number)
    }
    #expect(folder.bytes("journal.damaged") == damaged)
    #expect(values(try found(folder)) == ["new": 1])
  }
}
