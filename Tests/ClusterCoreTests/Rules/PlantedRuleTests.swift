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

  /// "Plain scuttlebutt" claims the dot of an overwritten version although its overwrite, which lives
  /// under another actor, was cut off. When that actor dies, nobody asks for the old version again.
  @Test(arguments: [PlantedFault?.none, .deltaBySurvivingDots])
  func `an overwrite that was cut off and dies leaves the old version to be asked for`(
    fault: PlantedFault?
  ) throws {
    let faults = Set([fault].compactMap { $0 })
    var (author, overwriter, asker, keeper) = (
      store(0, faults), store(1, faults), store(2, faults), store(3, faults)
    )
    try put("k", 10, into: &author)
    let old = Delta.Entry(key: try Key("k"), register: try #require(author.register(try Key("k"))))
    try put("z", 400, into: &overwriter)
    for merge in [0, 1] {
      if merge == 0 { _ = overwriter.merge(old, wallMilliseconds: 1_000) }
      _ = keeper.merge(old, wallMilliseconds: 1_000)
    }
    try put("k", 400, into: &overwriter)
    guard case .slots(let slots) = overwriter.missing(asker.known) else {
      Issue.record("few keys are no scan")
      return
    }
    let clock = asker.known
    let packed = overwriter.pack(slots, for: clock, mark: 1, budget: 1_000, most: 2)
    let deltas = try #require(packed)
    #expect(deltas.count == 2)
    // Only the first part arrives; then the overwriter is gone.
    for entry in deltas[0].entries { _ = asker.merge(entry, wallMilliseconds: 1_000) }
    asker.accept(claim: try #require(deltas[0].claim), forgotten: deltas[0].forgotten)
    let isAskedFor = keeper.missing(asker.known) == .slots([0])
    #expect(isAskedFor == (fault == nil))
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
    #expect((writer.missing(reader.known) == .slots([0])) == (fault == nil))
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
