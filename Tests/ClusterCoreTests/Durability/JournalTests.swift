import Testing

@testable import ClusterCore

/// What a store writes, and what is read of it, whatever became of the file.
@Suite struct JournalTests {
  private let header = JournalFormat.Header(ordinal: 0, members: 3, clusterID: 7)

  private func store(_ header: JournalFormat.Header) -> Store {
    var store = Store(
      actor: Actor(ordinal: 0, boot: 5), size: 3, budget: 1 << 30, seed: 1, faults: FaultSet([]))
    store.restore(Restoration(seed: 1), header: header)
    return store
  }

  /// Writes all that waits; the ends of the records in the journal.
  private func drain(_ store: inout Store, _ disk: inout MemoryDisk) -> [Int] {
    var ends: [Int] = []
    while let record = store.nextJournalRecord() {
      disk.write(record)
      store.journal?.appended(record.number)
      if record.place == .log { ends.append(disk.journal.count) }
    }
    return ends
  }

  private func put(_ key: String, _ size: Int, _ store: inout Store) throws {
    _ = store.write(
      .put(try Key(key), Array(repeating: 7, count: size), expires: nil), wallMilliseconds: 1_000)
  }

  private func read(_ bytes: [UInt8]) throws -> Restoration {
    var disk = MemoryDisk()
    disk.journal = bytes
    return try disk.load(header).get()
  }

  /// A file of a snapshot and twelve records, and the state after each of them.
  private func history() throws -> (bytes: [UInt8], ends: [Int], states: [[Key: Register]]) {
    var store = store(header)
    var disk = MemoryDisk()
    for number in 0..<3 { try put("old\(number)", 10, &store) }
    _ = drain(&store, &disk)
    var (ends, states) = ([disk.journal.count], [state(store)])
    for number in 0..<12 {
      if number % 4 == 3 {
        _ = store.write(.delete(try Key("k\(number - 1)")), wallMilliseconds: 2_000)
      } else {
        try put("k\(number)", number, &store)
      }
      ends += drain(&store, &disk)
      states.append(state(store))
    }
    return (disk.journal, ends, states)
  }

  private func state(_ store: Store) -> [Key: Register] {
    var state: [Key: Register] = [:]
    for slot in 0..<RegisterTable.Slot(store.table.slots) {
      if let record = store.table[slot] { state[record.key] = record.register }
    }
    return state
  }

  private func state(_ restoration: Restoration) -> [Key: Register] {
    var state: [Key: Register] = [:]
    for slot in 0..<RegisterTable.Slot(restoration.table.slots) {
      if let record = restoration.table[slot] { state[record.key] = record.register }
    }
    return state
  }

  @Test func `a file cut off anywhere gives the state after its last whole record`() throws {
    let (bytes, ends, states) = try history()
    #expect(ends.count == 13 && ends.last == bytes.count)
    for size in 0...bytes.count {
      let found = try read(Array(bytes.prefix(size)))
      guard let last = ends.lastIndex(where: { $0 <= size }) else {
        // Without a snapshot's end it isn't what a crash alone can leave; but nothing at all is.
        #expect(found.count == 0 && found.isTrusted == (size == 0) || !found.isTrusted)
        continue
      }
      #expect(found.isTrusted)
      #expect(state(found) == states[last])
      #expect(found.tornBytes == size - ends[last])
      #expect(found.file?.bytes == ends[last])
    }
  }

  @Test func `a flipped bit anywhere costs one record at most, and is told`() throws {
    let (bytes, ends, _) = try history()
    let whole = state(try read(bytes))
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 1 << UInt8(place % 8)
      let found = try read(damaged)
      let isInLast = place >= ends[ends.count - 2]
      // Of the last record nobody can say whether it was ever whole.
      #expect(found.isTrusted == isInLast, "byte \(place)")
      let record = ends.firstIndex { place < $0 } ?? 0
      guard record > 0 else { continue }
      #expect(state(found).count >= whole.count - 1, "byte \(place)")
    }
  }

  @Test func `random damage never makes a register that nobody wrote`() throws {
    let (bytes, _, states) = try history()
    var written: Set<Register> = []
    for state in states { written.formUnion(state.values) }
    var generator = Generator(seed: 11)
    for _ in 0..<3_000 {
      var damaged = bytes
      generator.mutate(&damaged)
      guard
        case .success(let found) = Restoration.read(
          size: damaged.count, header: header, seed: 1,
          bytes: { Array(damaged[$0.clamped(to: 0..<damaged.count)]) })
      else { continue }
      #expect(state(found).values.allSatisfy(written.contains))
    }
  }

  @Test func `what is forgotten goes from the file too`() throws {
    var store = store(header)
    var disk = MemoryDisk()
    try put("a", 10, &store)
    _ = store.write(.delete(try Key("a")), wallMilliseconds: 2_000)
    _ = drain(&store, &disk)
    #expect(try read(disk.journal).count == 1)
    for other in 1..<3 { store.report(other, boot: 9, clock: store.known, viewDigest: 1) }
    store.sweep(boots: [5, 9, 9], live: [true, true, true], viewDigest: 1)
    #expect(store.table.count == 0)
    _ = drain(&store, &disk)
    let found = try read(disk.journal)
    #expect(found.count == 0)
    #expect(found.clock == store.known)
    #expect(found.forgotten == store.forgotten)
  }

  @Test func `its own disk must have a delete, too, before it is forgotten`() throws {
    var store = store(header)
    var disk = MemoryDisk()
    try put("a", 10, &store)
    _ = drain(&store, &disk)
    _ = store.write(.delete(try Key("a")), wallMilliseconds: 2_000)
    for other in 1..<3 { store.report(other, boot: 9, clock: store.known, viewDigest: 1) }
    store.sweep(boots: [5, 9, 9], live: [true, true, true], viewDigest: 1)
    #expect(store.tombstones == 1)
    _ = drain(&store, &disk)
    store.sweep(boots: [5, 9, 9], live: [true, true, true], viewDigest: 1)
    #expect(store.tombstones == 0)
  }

  @Test func `a log as long as its snapshot is written anew`() throws {
    var store = store(header)
    var disk = MemoryDisk()
    store.journal?.smallestLog = 80_000
    for round in 0..<40 {
      for key in 0..<4 { try put("k\(key)", 1_000 + round, &store) }
      _ = drain(&store, &disk)
      #expect(disk.journal.count < 80_000 + 3 * 4_000)
      #expect(store.journal?.file?.bytes == disk.journal.count)
    }
    let found = try read(disk.journal)
    #expect(found.isTrusted)
    #expect(state(found) == state(store))
    #expect(found.clock == store.known)
  }

  @Test func `what changes while a long snapshot is written comes after it`() throws {
    var store = store(header)
    var disk = MemoryDisk()
    for key in 0..<60 { try put("k\(key)", 100_000, &store) }
    var number = 0
    while let record = store.nextJournalRecord() {
      disk.write(record)
      // The first keys are in the file already, the last ones aren't.
      if number < 6 {
        try put("k\(number)", 50 + number, &store)
        try put("k\(59 - number)", 50 + number, &store)
        try put("new\(number)", 50 + number, &store)
      }
      number += 1
      store.journal?.appended(record.number)
    }
    #expect(number > 6)
    let found = try read(disk.journal)
    #expect(found.isTrusted)
    #expect(state(found) == state(store))
  }

  @Test func `a snapshot that fails leaves the log to be gone on with`() throws {
    var store = store(header)
    var disk = MemoryDisk()
    store.journal?.smallestLog = 80_000
    for key in 0..<90 { try put("k\(key)", 1_000, &store) }
    _ = drain(&store, &disk)
    for key in 0..<90 { try put("k\(key)", 1_001, &store) }
    var failures = 0
    while let record = store.nextJournalRecord() {
      if case .snapshot = record.place, failures == 0 {
        failures += 1
        try put("k1", 77, &store)
        store.journal?.failed(record.number, losesFile: false)
        continue
      }
      disk.write(record)
      store.journal?.appended(record.number)
      if record.place == .log, failures == 0, (store.journal?.file?.bytes ?? 0) > 180_000 {
        try put("k0", 5, &store)
      }
    }
    #expect(failures == 1)
    #expect(store.isFlushed)
    let found = try read(disk.journal)
    #expect(state(found) == state(store))
  }

  @Test func `a file that is lost is written anew`() throws {
    var store = store(header)
    var disk = MemoryDisk()
    try put("a", 10, &store)
    _ = drain(&store, &disk)
    try put("b", 10, &store)
    let lost = store.nextJournalRecord()
    let record = try #require(lost)
    store.journal?.failed(record.number, losesFile: true)
    #expect(!store.isFlushed)
    let anew = store.nextJournalRecord()
    let next = try #require(anew)
    #expect(next.place == .snapshot(isFirst: true, isLast: true))
    disk.write(next)
    store.journal?.appended(next.number)
    #expect(store.isFlushed)
    #expect(state(try read(disk.journal)) == state(store))
  }

  @Test func `random histories come back as they were at the last commit`() throws {
    for seed in 0..<40 as Range<UInt64> {
      var replicas = Replicas(3, seed: seed)
      let keys = Replicas.keys(12)
      replicas.stores[0].restore(Restoration(seed: seed), header: header)
      var disk = MemoryDisk()
      for _ in 0..<300 {
        replicas.step(keys: keys)
        if replicas.generator.chance(1, in: 20) { replicas.sweepAll() }
        if replicas.generator.chance(1, in: 4), let record = replicas.stores[0].nextJournalRecord()
        {
          disk.write(record)
          replicas.stores[0].journal?.appended(record.number)
        }
      }
      _ = drain(&replicas.stores[0], &disk)
      let found = try read(disk.journal)
      #expect(found.isTrusted)
      #expect(state(found) == state(replicas.stores[0]))
      #expect(found.clock == replicas.stores[0].known)
      var back = Store(
        actor: Actor(ordinal: 0, boot: 99), size: 3, budget: 1 << 30, seed: 3, faults: FaultSet([]))
      back.restore(found, header: header)
      #expect(back.checkInvariants() == nil)
      #expect(back.digest == replicas.stores[0].digest)
      #expect(back.bytes == replicas.stores[0].bytes)
    }
  }

  @Test func `a delete that another key's context names is forgotten after a restart`() throws {
    let (deleter, writer) = (Actor(ordinal: 1, boot: 9), Actor(ordinal: 2, boot: 9))
    func version(_ actor: Actor, _ value: [UInt8]?) -> Version {
      Version(dot: Dot(actor: actor, sequence: 1), time: 1, expires: 0, value: value)
    }
    var restoration = Restoration(seed: 1)
    let deleted = Register(version(deleter, nil))
    // Its writer had forgotten the delete when it wrote a key for the first time.
    let later = Register(
      versions: [version(writer, [1])], context: [Dot(actor: deleter, sequence: 1)])
    _ = restoration.table.insert(try Key("deleted"), deleted)
    _ = restoration.table.insert(try Key("later"), later)
    var clock = StoreClock(range: 0..<3)
    for actor in [deleter, writer] { clock.insert(Dot(actor: actor, sequence: 1)) }
    restoration.clock = clock
    var store = Store(
      actor: Actor(ordinal: 0, boot: 5), size: 3, budget: 1 << 30, seed: 1, faults: FaultSet([]))
    store.restore(restoration, header: header)
    #expect(store.tombstones == 1)
    for ordinal in [1, 2] { store.reportEqual(ordinal, boot: 9, viewDigest: 1) }
    store.sweep(boots: [5, 9, 9], live: [true, true, true], viewDigest: 1)
    #expect(store.tombstones == 0)
    #expect(store.register(try Key("later"))?.context.isEmpty == true)
  }

  @Test func `another member's file, or a later version's, is left alone`() throws {
    let (bytes, _, _) = try history()
    var disk = MemoryDisk()
    disk.journal = bytes
    func refusal(_ header: JournalFormat.Header) -> Restoration.Refusal? {
      guard case .failure(let refusal) = disk.load(header) else { return nil }
      return refusal
    }
    #expect(
      refusal(JournalFormat.Header(ordinal: 1, members: 3, clusterID: 7))
        == .ordinal(0, expected: 1))
    #expect(refusal(JournalFormat.Header(ordinal: 0, members: 3, clusterID: 8)) == .cluster)
    var later = header
    later.version = 2
    disk.journal = JournalFormat.encode(later) + bytes.dropFirst(JournalFormat.headerSize)
    #expect(refusal(header) == .version(2))
    // A cluster may grow, and shrink.
    disk.journal = bytes
    let grown = try disk.load(JournalFormat.Header(ordinal: 0, members: 5, clusterID: 7)).get()
    #expect(grown.isTrusted)
    let shrunk = try disk.load(JournalFormat.Header(ordinal: 0, members: 2, clusterID: 7)).get()
    #expect(shrunk.isTrusted)
  }
}
