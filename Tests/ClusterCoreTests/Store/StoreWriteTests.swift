import Testing

@testable import ClusterCore

@Suite struct StoreWriteTests {
  private let wall: UInt64 = 1_700_000_000_000

  private func store(budget: Int = 1 << 20) -> Store {
    Store(
      actor: Actor(ordinal: 0, boot: 5), size: 3, budget: budget, seed: 1, faults: FaultSet([]))
  }

  private func remote(
    _ key: String, _ value: [UInt8]?, time: UInt64, sequence: UInt64 = 1
  ) throws -> Delta.Entry {
    let dot = Dot(actor: Actor(ordinal: 1, boot: 9), sequence: sequence)
    return Delta.Entry(
      key: try Key(key),
      register: Register(Version(dot: dot, time: time, expires: 0, value: value)))
  }

  @Test func `stamps grow with every write though the wall clock stands or goes back`() throws {
    var store = store()
    var last: UInt64 = 0
    for (step, wall) in [wall, wall, wall - 10_000, 0, wall + 1, .max, wall].enumerated() {
      _ = store.write(.put(try Key("k\(step)"), [1], expires: nil), wallMilliseconds: wall)
      #expect(store.time > last)
      #expect(store.register(try Key("k\(step)"))?.time == store.time)
      last = store.time
    }
  }

  @Test func `a write's stamp is the clock or one more than the key's largest`() throws {
    var store = store()
    let far = (wall + 1_000_000) << 16
    _ = store.merge(try remote("k", [1], time: far), wallMilliseconds: wall)
    _ = store.write(.put(try Key("k"), [2], expires: nil), wallMilliseconds: wall)
    #expect(store.register(try Key("k"))?.time == far + 1)
    _ = store.write(.put(try Key("other"), [2], expires: nil), wallMilliseconds: wall)
    #expect(store.register(try Key("other"))?.time == store.time)
    #expect(store.time >> 16 == wall)
  }

  @Test(
    arguments: [
      (0, true), (499, true), (500, true), (501, false), (1 << 40, false),
    ] as [(UInt64, Bool)])
  func `a remote stamp is followed up to half a second ahead`(
    ahead: UInt64, isFollowed: Bool
  ) throws {
    var store = store()
    let time = (wall + ahead) << 16 | 7
    _ = store.merge(try remote("k", [1], time: time), wallMilliseconds: wall)
    #expect(store.time == (isFollowed ? time : 0))
    #expect(store.counters.futureStamps == (isFollowed ? 0 : 1))
    #expect(store.register(try Key("k")) != nil, "the write itself is taken all the same")
  }

  @Test func `a dot that nobody has seen carries the next value of its key`() throws {
    var store = store()
    let key = try Key("k")
    for value in 1...5 as ClosedRange<UInt8> {
      _ = store.write(.put(key, [value], expires: nil), wallMilliseconds: wall)
    }
    #expect(store.sequence == 1)
    #expect(store.register(key)?.versions.map(\.value) == [[5]])
    let slot = try #require(store.table.slot(key))
    store.expose(slot)
    _ = store.write(.put(key, [6], expires: nil), wallMilliseconds: wall)
    _ = store.write(.delete(key), wallMilliseconds: wall)
    #expect(store.sequence == 2)
    #expect(store.known.base(store.actor) == 2)
    #expect(store.known.rangesBeyondBase == 0)
    #expect(store.checkInvariants() == nil)
  }

  @Test func `a dot is not reused once another version lies beside it`() throws {
    var store = store()
    let key = try Key("k")
    _ = store.write(.put(key, [1], expires: nil), wallMilliseconds: wall)
    _ = store.merge(try remote("k", [2], time: 1), wallMilliseconds: wall)
    #expect(store.register(key)?.versions.count == 2)
    _ = store.write(.put(key, [3], expires: nil), wallMilliseconds: wall)
    #expect(store.sequence == 2)
    #expect(store.register(key)?.versions.map(\.value) == [[3]], "it covers all candidates")
    #expect(store.register(key)?.seen(Actor(ordinal: 1, boot: 9)) == 1)
  }

  @Test func `a delete is remembered and one of nothing is no write`() throws {
    var store = store()
    let key = try Key("k")
    let nothing = store.write(.delete(key), wallMilliseconds: wall)
    #expect(nothing == nil)
    #expect(store.sequence == 0)
    _ = store.write(.put(key, [1], expires: nil), wallMilliseconds: wall)
    let change = store.write(.delete(key), wallMilliseconds: wall)
    #expect(change?.candidates.map(\.value) == [nil])
    #expect(change?.cause == .local)
    let again = store.write(.delete(key), wallMilliseconds: wall)
    #expect(again == nil)
    #expect(store.tombstones == 1 && store.readableCount == 0 && store.table.count == 1)
  }

  @Test func `a batch beyond the budget is refused whole and says by how much`() throws {
    var store = store(budget: 10)
    let (a, b) = (try Key("a"), try Key("b"))
    #expect(throws: StoreError.full(bytes: 12, limit: 10)) {
      try store.admit([
        .put(a, [1, 2, 3, 4, 5], expires: nil), .put(b, [1, 2, 3, 4, 5], expires: nil),
      ])
    }
    #expect(throws: Never.self) { try store.admit([.put(a, [1, 2, 3, 4], expires: nil)]) }
    _ = store.write(.put(a, Array(repeating: 1, count: 9), expires: nil), wallMilliseconds: wall)
    #expect(store.bytes == 10)
    #expect(throws: Never.self) {
      try store.admit([.put(a, Array(repeating: 2, count: 9), expires: nil)])
    }
    #expect(throws: StoreError.full(bytes: 11, limit: 10)) {
      try store.admit([.put(a, Array(repeating: 2, count: 10), expires: nil)])
    }
    #expect(throws: Never.self) { try store.admit([.delete(a)]) }
  }

  @Test func `a value beyond a megabyte is refused`() throws {
    let store = store(budget: 1 << 30)
    let key = try Key("k")
    let most = Array(repeating: 1 as UInt8, count: Limits.value)
    #expect(throws: Never.self) { try store.admit([.put(key, most, expires: nil)]) }
    #expect(throws: StoreError.valueTooLarge(bytes: Limits.value + 1, limit: Limits.value)) {
      try store.admit([.put(key, most + [1], expires: nil)])
    }
  }

  @Test func `keys are one to 512 bytes of text`() throws {
    #expect(throws: StoreError.keyEmpty) { try Key("") }
    #expect(throws: StoreError.keyTooLong(bytes: 513, limit: 512)) {
      try Key(String(repeating: "x", count: 513))
    }
    #expect(try Key(String(repeating: "é", count: 256)).bytes.count == 512)
    #expect(try Key("a") < Key("b"))
    #expect(try Key("a") < Key("aa"))
  }

  @Test func `each key waits once in the queue whatever is written meanwhile`() throws {
    var store = store()
    let keys = Replicas.keys(5)
    for _ in 0..<3 {
      for key in keys { _ = store.write(.put(key, [1], expires: nil), wallMilliseconds: wall) }
    }
    var order: [Key?] = []
    while let slot = store.dequeue() { order.append(store.table[slot]?.key) }
    #expect(order == keys)
    #expect(!store.hasQueued)
    _ = store.write(.put(keys[2], [2], expires: nil), wallMilliseconds: wall)
    let waiting = store.peekQueued()
    #expect(waiting == store.table.slot(keys[2]))
  }
}
