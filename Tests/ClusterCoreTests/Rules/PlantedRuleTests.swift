import Testing

@testable import ClusterCore

/// Rules whose absence random runs rarely notice, each written out: it holds, and doesn't with the rule
/// taken out.
@Suite struct PlantedRuleTests {
  private func store(_ ordinal: Int, _ faults: Set<PlantedFault>, size: Int = 4) -> Store {
    Store(
      actor: Actor(ordinal: ordinal, boot: 1), size: size, budget: 1 << 30, seed: 1,
      faults: FaultSet(faults))
  }

  private func put(_ key: String, _ size: Int, into store: inout Store) throws {
    _ = store.write(
      .put(try Key(key), Array(repeating: 7, count: size), expires: nil), wallMilliseconds: 1_000)
    for slot in 0..<RegisterTable.Slot(store.table.slots) { store.expose(slot) }
  }

  /// An answer to a digest of some ordinals claims the dot of an overwritten version although its
  /// overwrite, which lives under an actor that wasn't asked for, was not sent. When that actor dies,
  /// nobody asks for the old version again.
  @Test(arguments: [PlantedFault?.none, .deltaBySurvivingDots])
  func `an overwrite that isn't sent leaves the old version to be asked for`(
    fault: PlantedFault?
  ) throws {
    let faults = Set([fault].compactMap { $0 })
    var (author, overwriter, asker, keeper) = (
      store(0, faults), store(1, faults), store(2, faults), store(3, faults)
    )
    try put("k", 10, into: &author)
    let key = try Key("k")
    let old = Delta.Entry(key: key, register: try #require(author.register(key)))
    _ = overwriter.merge(old, wallMilliseconds: 1_000)
    _ = keeper.merge(old, wallMilliseconds: 1_000)
    try put("k", 400, into: &overwriter)
    // Only the author's writes are asked about; the answer arrives, and the overwriter is gone.
    let clock = asker.known.restricted(to: 0..<1)
    guard case .slots(let slots) = overwriter.missing(clock) else {
      Issue.record("few keys are no scan")
      return
    }
    let packed = overwriter.pack(slots, for: clock, mark: 1, budget: 1_100, most: 2)
    let answer = try #require(packed?.first)
    for entry in answer.entries { _ = asker.merge(entry, wallMilliseconds: 1_000) }
    asker.accept(claim: try #require(answer.claim), forgotten: answer.forgotten)
    let hasSuccessor = asker.register(key) != nil
    let isAskedFor = keeper.missing(asker.known) == .slots([1])
    #expect((hasSuccessor || isAskedFor) == (fault == nil))
  }

  /// Below a dot that stays behind there may be dots that its write replaced: a part of an answer that
  /// claimed them would hide the replaced version, wherever else it is, from those who ask.
  @Test(arguments: [PlantedFault?.none, .truncatedDeltaClaimsAll])
  func `a part of an answer claims nothing, its last part all`(fault: PlantedFault?) throws {
    var world = World(2, faults: Set([fault].compactMap { $0 }))
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 }
    world.partition([0], [1])
    for number in 0..<12 { try world.put("k\(number)", String(repeating: "x", count: 200), at: 0) }
    world.run(seconds: 1)
    for number in 0..<12 { try world.put("k\(number)", String(repeating: "y", count: 200), at: 0) }
    world.run(seconds: 1)
    world.heal()
    world.heldBack = { $0.from == 0 && $0.to == 1 && Self.isLaterPart($0.bytes) }
    world.run(seconds: 4) { !$0.held.isEmpty }
    world.run(seconds: 0.1)
    let knows = world.nodes[1].store.known.base(world.nodes[0].store.actor)
    #expect((knows == 0) == (fault == nil))
    world.heldBack = { _ in false }
    for letter in world.held {
      world.give(.datagramReceived(letter.bytes, source: World.address(0)), to: 1)
    }
    #expect(world.nodes[1].store.known.base(world.nodes[0].store.actor) == 24)
  }

  private static func isLaterPart(_ bytes: [UInt8]) -> Bool {
    guard let packet = try? Packet(decoding: bytes) else { return false }
    return packet.sections.contains {
      if case .delta(let delta) = $0 { delta.part > 0 } else { false }
    }
  }

  /// A base alone can't say that a later write arrived before an earlier one.
  @Test(arguments: [PlantedFault?.none, .noExceptions])
  func `a write that overtook another is known all the same`(fault: PlantedFault?) throws {
    let faults = Set([fault].compactMap { $0 })
    var (writer, reader) = (store(0, faults), store(1, faults))
    try put("a", 10, into: &writer)
    try put("b", 10, into: &writer)
    let key = try Key("b")
    let second = Delta.Entry(key: key, register: try #require(writer.register(key)))
    _ = reader.merge(second, wallMilliseconds: 1_000)
    #expect((reader.checkInvariants() == nil) == (fault == nil))
    // What is known isn't sent again.
    #expect((writer.missing(reader.known) == .slots([1])) == (fault == nil))
  }

  /// An answer that was under way for longer than any packet may live proves nothing any more.
  @Test(arguments: [PlantedFault?.none, .marksUnchecked])
  func `an answer to a digest of long ago is not taken`(fault: PlantedFault?) throws {
    var world = World(2, faults: Set([fault].compactMap { $0 }))
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 }
    world.partition([0], [1])
    try world.put("k", "v", at: 0)
    world.run(seconds: 1)
    world.heal()
    world.heldBack = { $0.from == 0 && $0.to == 1 && Self.answersDigest($0.bytes) }
    world.run(seconds: 3) { !$0.held.isEmpty }
    let late = try #require(world.held.first)
    world.run(seconds: 31)
    let rejected = Node.Rejection.mark.index
    let before = world.nodes[1].counters.packetsRejected[rejected]
    world.give(.datagramReceived(late.bytes, source: World.address(0)), to: 1)
    let isRefused = world.nodes[1].counters.packetsRejected[rejected] > before
    #expect(isRefused == (fault == nil))
    #expect((world.value("k", at: 1) == nil) == (fault == nil))
  }

  private static func answersDigest(_ bytes: [UInt8]) -> Bool {
    guard let packet = try? Packet(decoding: bytes) else { return false }
    return packet.sections.contains {
      if case .delta(let delta) = $0 { delta.claim != nil } else { false }
    }
  }
}
