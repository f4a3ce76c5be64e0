import Testing

@testable import ClusterCore

/// What other replicated maps fall into, each written out: the rule that keeps this one out holds, and
/// doesn't with the rule taken out.
@Suite struct StoreTrapTests {
  private static let wall: UInt64 = 1_700_000_000_000

  private func key() throws -> Key { try Key("k") }

  private func faults(_ fault: PlantedFault?) -> Set<PlantedFault> {
    Set([fault].compactMap { $0 })
  }

  private func replicas(_ count: Int, _ fault: PlantedFault?) -> Replicas {
    Replicas(count, seed: 1, faults: FaultSet(faults(fault)))
  }

  /// Without causality each key that differs is a conflict, and a hundred writes one after the other
  /// leave a hundred siblings.
  @Test(arguments: [PlantedFault?.none, .contextNotSent])
  func `an overwrite of what was seen is no conflict`(fault: PlantedFault?) throws {
    var world = World(3, faults: faults(fault))
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 && $0.storesAreEqual }
    for turn in 0..<9 {
      try world.put("k", "\(turn)", at: turn % 3)
      world.run(seconds: 0.01)
    }
    let read = try world.nodes[2].candidates(key(), wallMilliseconds: Self.wall)
    let conflicts = world.nodes.reduce(0) { $0 + $1.store.counters.conflicts }
    #expect((read.map(\.string) == ["8"] && conflicts == 0) == (fault == nil))
  }

  /// An average of two and then of a third is not that of the three: a resolver that takes part in the
  /// merge makes of the order of arrival a difference for ever.
  @Test(arguments: [PlantedFault?.none, .resolverInMerge])
  func `the order in which conflicting writes arrive makes no difference`(
    fault: PlantedFault?
  ) throws {
    var replicas = replicas(5, fault)
    let key = try key()
    for (index, value) in [10, 50, 200].enumerated() {
      replicas.put(key, [UInt8(value)], at: index)
    }
    for source in [0, 1, 2] { replicas.send(key, from: source, to: 3) }
    for source in [2, 1, 0] { replicas.send(key, from: source, to: 4) }
    let read = [3, 4].map { replicas.stores[$0].register(key)?.versions }
    #expect((read[0] == read[1] && read[0]?.count == 3) == (fault == nil))
  }

  /// A writer whose clock is ten minutes slow overwrites what a right one wrote; where losers were
  /// dropped by stamps that may shrink, its write would be lost.
  @Test(arguments: [PlantedFault?.none, .stampsNotMonotone])
  func `a write by a slow clock is later than what it had seen`(fault: PlantedFault?) throws {
    var replicas = replicas(3, fault)
    let key = try key()
    replicas.put(key, [1], at: 0)
    replicas.send(key, from: 0, to: 1)
    let first = try #require(replicas.stores[1].register(key)?.time)
    replicas.wall -= 600_000
    replicas.stores[1].time = 0
    replicas.put(key, [2], at: 1)
    replicas.send(key, from: 1, to: 2)
    let second = try #require(replicas.stores[2].register(key))
    #expect(second.versions.map(\.value) == [[2]])
    #expect((second.time > first) == (fault == nil))
  }

  /// A clock one hour ahead stamps its writes an hour ahead; it must not take the others' clocks along.
  @Test(arguments: [PlantedFault?.none, .stampsDragClocks])
  func `a clock far ahead drags no other clock along`(fault: PlantedFault?) throws {
    var replicas = replicas(2, fault)
    replicas.wall += 3_600_000
    replicas.put(try key(), [1], at: 0)
    replicas.wall -= 3_600_000
    replicas.send(try key(), from: 0, to: 1)
    replicas.put(try Key("other"), [2], at: 1)
    let stamp = try #require(replicas.stores[1].register(try Key("other"))?.time)
    #expect((stamp >> 16 <= replicas.wall + 1) == (fault == nil))
    #expect((replicas.stores[1].counters.futureStamps == 1) == (fault == nil))
    // Its write can be overwritten by a right clock all the same.
    replicas.put(try key(), [3], at: 1)
    replicas.syncAll()
    #expect(replicas.stores.allSatisfy { (try? $0.register(key()))??.versions.count == 1 })
    #expect(try replicas.stores[0].register(key())?.versions.last?.value == [3])
  }

  /// A delete that is forgotten while somebody who can't be reached still holds the value: it is back
  /// when that member is.
  @Test(arguments: [PlantedFault?.none, .stableWhenReachableKnow, .deletesForgottenAtOnce])
  func `a delete is remembered until every expected member knows it`(
    fault: PlantedFault?
  ) throws {
    var world = World(3, faults: faults(fault))
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 && $0.storesAreEqual }
    try world.put("k", "old", at: 0)
    world.run(seconds: 2)
    world.partition([0, 1], [2])
    world.run(seconds: 20) { $0.state(of: 2, at: 0) == .dead && $0.state(of: 2, at: 1) == .dead }
    try world.delete("k", at: 0)
    world.run(seconds: 10)
    #expect((world.nodes[0].tombstoneCount == 1) == (fault == nil))
    world.heal()
    world.run(seconds: 30) { $0.isGreen && $0.storesAreEqual }
    let isGone = world.nodes.indices.allSatisfy { world.value("k", at: $0) == nil }
    #expect(isGone == (fault == nil))
  }

  /// Each start of a member is another writer: what is known of those before must shrink to nothing.
  @Test(arguments: [PlantedFault?.none, .neverSeal])
  func `starts without end leave nothing behind`(fault: PlantedFault?) throws {
    var world = World(3, faults: faults(fault))
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 && $0.storesAreEqual }
    for turn in 0..<10 {
      try world.put("k\(turn % 2)", "\(turn)", at: 2)
      world.run(seconds: 0.05)
      world.crash(2)
      world.run(seconds: 0.1)
      world.restart(2)
      world.run(seconds: 10) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    }
    world.run(seconds: 10)
    #expect((world.nodes[0].store.known[2].actors.count <= 1) == (fault == nil))
  }

  /// A member that forgot its memory gives numbers again that it gave before: its new writes are then
  /// taken for ones that are known.
  @Test(arguments: [PlantedFault?.none, .actorWithoutBoot])
  func `a write after a restart without memory is another one than before it`(
    fault: PlantedFault?
  ) throws {
    let key = try key()
    var replicas = replicas(2, fault)
    replicas.put(key, [1], at: 0)
    replicas.send(key, from: 0, to: 1)
    replicas.stores[0] = Store(
      actor: Actor(ordinal: 0, boot: 77), size: 2, budget: 1 << 20, seed: 9,
      faults: FaultSet(faults(fault)))
    let other = try Key("acknowledged")
    replicas.put(other, [2], at: 0)
    replicas.send(other, from: 0, to: 1)
    #expect((replicas.stores[1].register(other) != nil) == (fault == nil))
  }

  /// Members with different resolvers, as in a rolling upgrade, hold the same: what a resolver makes of
  /// it is its member's view, and goes with the upgrade.
  @Test func `members with different resolvers hold the same and say so`() throws {
    var world = World(3)
    for (ordinal, name) in ["cart", "cart", "cart-2"].enumerated() {
      world.configurations[ordinal].resolverName = name
      world.nodes[ordinal] = Node(configuration: world.configurations[ordinal], at: world.moment)
    }
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 && $0.storesAreEqual }
    world.partition([0], [1], [2])
    for ordinal in 0..<3 { try world.put("k", "\(ordinal)", at: ordinal) }
    world.run(seconds: 1)
    world.heal()
    #expect(world.run(seconds: 30) { $0.isGreen && $0.storesAreEqual })
    let read = try world.nodes.map {
      try $0.candidates(key(), wallMilliseconds: Self.wall).map(\.string)
    }
    #expect(Set(read).count == 1 && read[0].count == 3)
    #expect(world.count(at: 0) { if case .resolverDiffers = $0 { true } else { false } } > 0)
  }

  /// What isn't in an answer may merely not have fitted into it.
  @Test(arguments: [PlantedFault?.none, .absenceDeletes])
  func `what an answer doesn't name is not deleted by it`(fault: PlantedFault?) throws {
    var world = World(2, faults: faults(fault))
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 && $0.storesAreEqual }
    try world.put("kept", "v", at: 0)
    world.run(seconds: 2)
    world.partition([0], [1])
    try world.put("new", "v", at: 0)
    world.run(seconds: 1)
    world.heal()
    world.run(seconds: 10) { $0.value("new", at: 1) == "v" }
    #expect((world.value("kept", at: 1) == "v") == (fault == nil))
  }
}
