import Testing

@testable import ClusterCore

/// What goes over streams, and streams that end in the middle of it.
@Suite struct BulkTests {
  private func pair(_ fault: PlantedFault? = nil) -> World {
    var world = World(2, faults: Set([fault].compactMap { $0 }))
    world.startAll()
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    return world
  }

  /// Splits two members, lets one of them write, and brings them together again.
  private func apart(
    _ world: inout World, _ write: (inout World) throws -> Void
  ) throws {
    world.partition([0], [1])
    try write(&world)
    world.run(seconds: 0.5)
    world.heal()
  }

  private func bytes(_ world: World) -> Int { Int(world.nodes[0].store.counters.syncBytes) }

  @Test(arguments: [PlantedFault?.none, .transfersBeginAnew])
  func `a transfer that is broken off goes on where it was`(fault: PlantedFault?) throws {
    var world = pair(fault)
    try apart(&world) { world in
      for number in 0..<12_000 {
        // Not in the order of the slots: what has come is full of gaps by its dots.
        try world.put("k\((number * 7_919) % 12_000)", String(repeating: "v", count: 90), at: 0)
      }
      // What was seen is overwritten under dots of its own.
      for slot in 0..<RegisterTable.Slot(12_000) { world.nodes[0].store.expose(slot) }
      for number in 0..<12_000 where number % 2 == 0 {
        try world.put("k\(number)", String(repeating: "w", count: 90), at: 0)
      }
    }
    for turn in 1...5 {
      world.run(seconds: 20) { $0.nodes[1].registerCount > turn * 2_000 }
      world.endStreams()
    }
    #expect(world.run(seconds: 30) { $0.storesAreEqual })
    #expect(world.nodes[1].registerCount == 12_000)
    let once = 12_000 * Delta.size(key: 6, register: try #require(world.register("k1", at: 0)))
    #expect((bytes(world) < once * 3 / 2) == (fault == nil))
    #expect((world.nodes[0].store.counters.transfersResumed >= 5) == (fault == nil))
    #expect(world.brokenInvariant == nil)
  }

  /// It lasts longer than an answer may be old, and is whole all the same.
  @Test func `a transfer that goes on without a pause is not too old at its end`() throws {
    var world = pair()
    try apart(&world) { world in
      for number in 0..<4_000 {
        try world.put("k\(number)", String(repeating: "v", count: 200), at: 0)
      }
    }
    world.frameNanoseconds = 5_000_000_000
    #expect(world.run(seconds: 90) { $0.nodes[1].registerCount == 4_000 && $0.storesAreEqual })
    #expect(world.nodes[0].store.counters.transfers == 1)
  }

  @Test(arguments: [PlantedFault?.none, .transfersBeginAnew])
  func `a large value goes in pieces, and on where it was when the stream ended`(
    fault: PlantedFault?
  ) throws {
    var world = pair(fault)
    let value = String(repeating: "0123456789abcdef", count: Limits.value / 16)
    var largest = 0
    try apart(&world) { try $0.put("large", value, at: 0) }
    for turn in 1...3 {
      world.run(seconds: 20) { ($0.nodes[1].peers[0].parcel?.bytes.count ?? 0) > turn * 200_000 }
      largest = max(largest, world.largestFrame)
      world.endStreams()
    }
    #expect(world.run(seconds: 30) { $0.value("large", at: 1) == value })
    #expect(world.run(seconds: 10) { $0.storesAreEqual })
    let isOnce = bytes(world) < Limits.value * 3 / 2
    #expect(isOnce == (fault == nil), "what had come wasn't sent again")
    #expect(max(largest, world.largestFrame) < 2 * Limits.piece)
  }

  /// As datagrams they would be more than a socket holds while its member is busy.
  @Test func `many writes at once go over streams, few as datagrams`() throws {
    var world = World(3)
    world.startAll()
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    for (count, isStreamed) in [(200, false), (9_000, true)] {
      let before = world.datagrams
      world.largestFrame = 0
      let operations = try (0..<count).map {
        StoreOperation.put(try Key("k\($0)"), Array(repeating: 7, count: 100), expires: nil)
      }
      try world.write(operations, at: 1)
      world.run(seconds: 0.3) { $0.storesAreEqual }
      #expect(world.storesAreEqual, "nothing had to be asked for")
      #expect((world.largestFrame > Limits.bulkFrame / 2) == isStreamed)
      #expect(world.datagrams - before < 120)
    }
  }

  /// The stream takes two frames a second, which is less than is written.
  @Test func `a member that starts among writes that never cease is synced`() throws {
    var (world, written) = (pair(), 0)
    func write(_ count: Int, of keys: Int) throws {
      let operations = try (0..<count).map { _ in
        written += 1
        let key = try Key("k\((written * 7_919) % keys)")
        return StoreOperation.put(key, Array(repeating: 7, count: 200), expires: nil)
      }
      try world.write(operations, at: 0)
    }
    world.crash(1)
    try write(6_000, of: 6_000)
    world.frameNanoseconds = 500_000_000
    world.restart(1)
    for _ in 0..<60 where !world.nodes[1].isSynced {
      world.run(seconds: 0.5)
      try write(2_100, of: 3_000)
    }
    let isSynced = world.nodes[1].isSynced
    #expect(isSynced)
    #expect(world.run(seconds: 60) { $0.storesAreEqual })
  }

  @Test func `concurrent large values of one key are more than one frame may hold and travel`()
    throws
  {
    var world = World(2)
    world.startAll()
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    let versions = (0..<12).map { number in
      Version(
        dot: Dot(actor: Actor(ordinal: 1, boot: UInt64(number + 1)), sequence: 1),
        time: UInt64(number + 1), expires: 0, value: Array(repeating: 7, count: Limits.value))
    }
    try apart(&world) { world in
      let entry = Delta.Entry(
        key: try Key("wide"), register: Register(versions: versions, context: []))
      _ = world.nodes[0].store.merge(entry, wallMilliseconds: world.moment.wallMilliseconds)
    }
    #expect(world.run(seconds: 30) { $0.register("wide", at: 1)?.versions.count == 12 })
    #expect(world.run(seconds: 30) { $0.storesAreEqual })
  }

  @Test func `pieces that don't make what they announce change nothing`() throws {
    var world = pair()
    let stream = StreamID(rawValue: 78)
    world.give(.streamAccepted(stream), to: 0)
    func give(_ sections: [Section]) {
      let header = world.nodes[1].header(to: 0, boot: world.nodes[0].boot, at: world.moment)
      let frame = Packet(header: header, sections: sections).encoded()
      world.give(.frameReceived(stream, frame), to: 0)
    }
    var claim = StoreClock(range: 0..<2)
    let dot = Dot(actor: Actor(ordinal: 1, boot: world.nodes[1].boot), sequence: 1)
    claim.insert(dot)
    let last = Bulk.Transfer(
      mark: world.now, start: 0, end: 1, isLast: true,
      delta: Delta(mark: 0, claim: claim, entries: []))
    let (piece, beyond) = (
      Bulk.Piece(hash: 5, total: 10, offset: 0, bytes: [1, 2, 3]),
      Bulk.Piece(hash: 5, total: 10, offset: 6, bytes: [1, 2, 3, 4])
    )
    give([.bulk(.piece(piece))])
    give([.bulk(.piece(beyond))])
    #expect(world.nodes[0].peers[1].parcel?.bytes == [1, 2, 3])
    give([.bulk(.attached(hash: 5)), .bulk(.transfer(last))])
    #expect(!world.nodes[0].store.known.contains(dot), "the claim counts on what didn't come")
    give([.bulk(.piece(Bulk.Piece(hash: 6, total: 4, offset: 0, bytes: [1, 2, 3, 4])))])
    give([.bulk(.attached(hash: 6)), .bulk(.transfer(last))])
    #expect(!world.nodes[0].store.known.contains(dot), "the bytes are no register")
    give([.bulk(.transfer(last))])
    #expect(world.nodes[0].store.known.contains(dot))
  }
}
