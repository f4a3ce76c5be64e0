import Testing

@testable import ClusterCore

@Suite struct StoreHazardTests {
  private let wall: UInt64 = 1_700_000_000_000

  private func store(ordinal: Int = 0, size: Int = 1) -> Store {
    Store(
      actor: Actor(ordinal: ordinal, boot: 1), size: size, budget: 1 << 30, seed: 1,
      faults: FaultSet([]))
  }

  private func key(_ text: String) -> Key {
    guard let key = Key(validating: Array(text.utf8)) else {
      preconditionFailure("no key: \(text)")
    }
    return key
  }

  @Test func `a dot that went over a stream is not given to another value`() throws {
    var world = World(2)
    world.startAll()
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    func value(_ byte: UInt8) -> [StoreOperation] {
      [.put(key("k"), Array(repeating: byte, count: 5_000), expires: nil)]
    }
    try world.write(value(1), at: 0)
    world.run(seconds: 0)  // The flush: the key waits for a stream.
    var effects: [Effect] = []
    try world.nodes[0].write(value(2), at: world.moment, into: &effects)
    // The stream opens before the second flush, and takes the second value along.
    let stream = StreamID(rawValue: 999)
    var frames: [Effect] = []
    world.nodes[0].handle(
      .streamConnected(stream, ordinal: 1), at: world.moment, into: &frames)
    try world.nodes[0].write(value(3), at: world.moment, into: &effects)
    let frame = try #require(
      frames.lazy.compactMap { if case .sendFrame(_, let bytes) = $0 { bytes } else { nil } }.first)
    let packet = try Packet(decoding: frame)
    guard case .delta(let delta) = packet.sections[0] else { return }
    let sent = try #require(delta.entries.first?.register.versions.first)
    let held = try #require(world.nodes[0].store.register(key("k"))?.versions.first)
    #expect(sent.value == held.value || sent.dot != held.dot)
  }

  @Test func `a value refreshed again and again takes the memory of one`() {
    var store = store()
    for step in UInt64(0)..<10_000 {
      _ = store.write(
        .put(key("session"), [1], expires: wall + step + 60_000), wallMilliseconds: wall + step)
      if let slot = store.dequeue() { store.expose(slot) }
    }
    #expect(store.expiring.count < 100)
    #expect(store.expire(wallMilliseconds: wall + 500_000).count == 1)
  }

  @Test func `a value ends once and is counted once`() {
    var store = store()
    for index in 0..<20 {
      _ = store.write(.put(key("\(index)"), [1], expires: wall + 10), wallMilliseconds: wall)
    }
    #expect(store.expire(wallMilliseconds: wall + 20).count == 20)
    #expect(store.readableCount == 0)
    for slot in RegisterTable.Slot(0)..<20 {
      guard let register = store.table[slot]?.register else { continue }
      store.store(register, in: slot)
    }
    #expect(store.expire(wallMilliseconds: wall + 30).isEmpty)
    #expect(store.readableCount == 0)
  }

  @Test func `a key written anew after its value ended is readable while a member is away`() {
    var store = store(size: 2)
    _ = store.write(.put(key("k"), [1], expires: wall + 10), wallMilliseconds: wall)
    _ = store.expire(wallMilliseconds: wall + 20)
    #expect(store.readableCount == 0)
    _ = store.write(.put(key("k"), [2], expires: nil), wallMilliseconds: wall + 30)
    #expect(store.readableCount == 1)
    _ = store.write(.delete(key("k")), wallMilliseconds: wall + 40)
    #expect(store.readableCount == 0)
  }

  /// Would take hours if each cost a walk through those that are left.
  @Test(.timeLimit(.minutes(10)))
  func `many values that end together are forgotten without a walk for each`() {
    var store = store()
    for index in 0..<50_000 {
      _ = store.write(.put(key("\(index)"), [1], expires: wall + 10), wallMilliseconds: wall)
    }
    _ = store.expire(wallMilliseconds: wall + 20)
    while !store.sweep(boots: [1], live: [true], viewDigest: 0) {}
    #expect(store.table.count == 0)
  }

  @Test func `a member that starts over many times still exchanges digests`() throws {
    var world = World(3)
    world.startAll()
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    world.crash(2)  // Nothing is sealed while one is away.
    var largest = 0
    world.heldBack = { letter in
      largest = max(largest, letter.bytes.count)
      return false
    }
    for boot in UInt64(148)...150 {
      let dot = Dot(actor: Actor(ordinal: 2, boot: boot << 40), sequence: 3)
      let version = Version(dot: dot, time: 5, expires: 0, value: [1])
      _ = world.nodes[0].store.merge(
        Delta.Entry(key: key("k\(boot)"), register: Register(version)), wallMilliseconds: wall)
    }
    world.nodes[0].store.accept(
      claim: {
        var clock = StoreClock(range: 0..<3)
        for boot in UInt64(1)...150 {
          clock.insert(1...1, of: Actor(ordinal: 2, boot: boot << 40))
        }
        return clock
      }(), forgotten: ForgottenDots())
    #expect(world.run(seconds: 15) { $0.storesAreEqual })
    #expect(largest <= Limits.datagram)
  }

  @Test func `a register handed over twice keeps what was written beside it`() {
    var heir = store(size: 3)
    let other = Actor(ordinal: 1, boot: 7)
    let beside = Version(
      dot: Dot(actor: other, sequence: 1), time: 5, expires: 0, value: [1])
    _ = heir.merge(
      Delta.Entry(key: key("k"), register: Register(beside)), wallMilliseconds: wall)
    let loser = Actor(ordinal: 2, boot: 3)
    let handed = Version(
      dot: Dot(actor: loser, sequence: 1), time: 9, expires: 0, value: [2])
    for _ in 0..<2 {
      _ = heir.adopt(
        Delta.Entry(key: key("k"), register: Register(handed)), of: loser, wallMilliseconds: wall)
    }
    #expect(heir.register(key("k"))?.versions.map(\.value) == [[1], [2]])
    #expect(heir.sequence == 1)
  }

  /// What is handed over of one key: two versions that nobody else has, whether or not the heir has
  /// written the key, too.
  @Test(arguments: [false, true])
  func `a conflict that is handed over stays one`(hasOwn: Bool) {
    var heir = store(size: 3)
    if hasOwn {
      _ = heir.write(.put(key("k"), [9], expires: nil), wallMilliseconds: wall)
    }
    let (loser, other) = (Actor(ordinal: 2, boot: 3), Actor(ordinal: 1, boot: 7))
    let versions = [(loser, UInt8(1)), (other, 2)].map { actor, value in
      Version(
        dot: Dot(actor: actor, sequence: 1), time: UInt64(value), expires: 0, value: [value])
    }
    for _ in 0..<2 {
      _ = heir.adopt(
        Delta.Entry(key: key("k"), register: Register(versions: versions, context: [])), of: loser,
        wallMilliseconds: wall)
      #expect(heir.checkInvariants() == nil)
    }
    let values = heir.register(key("k"))?.versions.map(\.value)
    #expect(values == [[1], [2]] + (hasOwn ? [[9]] : []))
    #expect(heir.sequence == 1)
  }

  @Test func `a transfer of which one frame was not taken claims nothing at its end`() throws {
    var world = World(2)
    world.startAll()
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    let actor = Actor(ordinal: 1, boot: world.nodes[1].boot)
    let version = Version(dot: Dot(actor: actor, sequence: 1), time: 1, expires: 0, value: [1])
    let entry = Delta.Entry(key: key("k"), register: Register(version))
    var claim = StoreClock(range: 0..<2)
    claim.insert(Dot(actor: actor, sequence: 1))
    let stream = StreamID(rawValue: 77)
    world.give(.streamAccepted(stream), to: 0)
    let header = world.nodes[1].header(
      to: 0, boot: world.nodes[0].boot, at: world.moment)
    var foreign = header
    foreign.groupDigest = 5  // For a moment the two don't agree on their group.
    var mark = world.now
    for agrees in [false, true] {
      for (index, entries) in [[], [entry], []].enumerated() {
        let delta = Delta(mark: 0, claim: index == 2 ? claim : nil, entries: entries)
        let part = Bulk.Transfer(
          mark: mark, start: UInt32(index), end: UInt32(index + 1), isLast: index == 2,
          delta: delta)
        let frame = Packet(
          header: index == 1 && !agrees ? foreign : header, sections: [.bulk(.transfer(part))])
        world.give(.frameReceived(stream, frame.encoded()), to: 0)
      }
      #expect(world.nodes[0].store.known.contains(Dot(actor: actor, sequence: 1)) == agrees)
      mark -= 1
    }
  }

  @Test func `parts of two answers to one digest prove nothing together`() {
    var world = World(2)
    world.startAll()
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    let actor = Actor(ordinal: 1, boot: world.nodes[1].boot)
    var claim = StoreClock(range: 0..<2)
    claim.insert(Dot(actor: actor, sequence: 1))
    for part in 0..<2 {
      var delta = Delta(mark: world.now, claim: part == 0 ? claim : nil, entries: [])
      (delta.answer, delta.part, delta.parts) = (UInt32(part + 1), part, 2)
      let header = world.nodes[1].header(to: 0, boot: world.nodes[0].boot, at: world.moment)
      let bytes = Packet(header: header, sections: [.delta(delta)]).encoded()
      world.give(.datagramReceived(bytes, source: World.address(1)), to: 0)
    }
    #expect(!world.nodes[0].store.known.contains(Dot(actor: actor, sequence: 1)))
  }
}
