import Testing

@testable import ClusterCore

/// What comes back of a store that was set aside, once its member knows what the others know.
@Suite struct ReadmissionTests {
  private static let wall: UInt64 = 1_700_000_000_000
  private static let earlier = Actor(ordinal: 0, boot: 20)
  private static let another = Actor(ordinal: 1, boot: 10)
  private static let third = Actor(ordinal: 2, boot: 30)
  private static let own = Actor(ordinal: 0, boot: 40)

  private func version(_ actor: Actor, _ value: UInt8, _ sequence: UInt64 = 1) -> Version {
    Version(
      dot: Dot(actor: actor, sequence: sequence), time: UInt64(value), expires: 0, value: [value])
  }

  private func entry(_ versions: Version..., seen: [Dot] = []) throws -> Delta.Entry {
    Delta.Entry(key: try Key("k"), register: Register(versions: versions, context: seen))
  }

  /// What is read in a store that knows `others`, and in one that gets its register.
  private func read(
    _ entry: Delta.Entry, others: Delta.Entry?, over: [Dot] = [], _ fault: PlantedFault? = nil
  ) throws -> [[UInt8]] {
    let faults = FaultSet(Set([fault].compactMap { $0 }))
    var stores = [Self.own, Self.another].map {
      Store(actor: $0, size: 3, budget: 1 << 20, seed: 1, faults: faults)
    }
    stores[0].sequence = 5
    stores[1].sequence = 5
    for index in stores.indices {
      // Something else of that life: others may seal it without what was set aside.
      stores[index].known.insert(Dot(actor: Self.earlier, sequence: 9))
      if let others { _ = stores[index].merge(others, wallMilliseconds: Self.wall) }
      for dot in over { stores[index].known.insert(dot) }
    }
    _ = stores[0].readmit(entry, wallMilliseconds: Self.wall)
    #expect(stores[0].checkInvariants() == nil)
    if let register = stores[0].register(entry.key) {
      let sent = Delta.Entry(key: entry.key, register: register)
      _ = stores[1].merge(sent, wallMilliseconds: Self.wall)
    }
    let values = stores.map {
      $0.register(entry.key)?.versions.map { $0.value?.first ?? 0 } ?? []
    }
    #expect(values[0] == values[1] && stores[0].digest == stores[1].digest)
    return values
  }

  @Test(arguments: [PlantedFault?.none, .readmittedAsOne])
  func `a write that was concurrent with what others have stays beside it`(
    fault: PlantedFault?
  ) throws {
    let theirs = version(Self.another, 7)
    let kept = try entry(theirs, version(Self.earlier, 9))
    let values = try read(kept, others: entry(theirs), fault)
    #expect((values[0] == [7, 9]) == (fault == nil))
  }

  @Test(arguments: [PlantedFault?.none, .readmittedAsOne])
  func `two writes that nobody else has come back both`(fault: PlantedFault?) throws {
    let kept = try entry(version(Self.earlier, 9), version(Self.third, 8))
    let values = try read(kept, others: nil, fault)
    #expect((values[0] == [8, 9]) == (fault == nil))
  }

  @Test func `this start's own write comes back beside a newer one of another`() throws {
    let kept = try entry(version(Self.own, 8), version(Self.third, 9))
    #expect(try read(kept, others: nil)[0] == [8, 9])
  }

  @Test func `what others know to be over stays away`() throws {
    let kept = try entry(version(Self.earlier, 9), version(Self.third, 8))
    let over = [Dot(actor: Self.third, sequence: 1)]
    #expect(try read(kept, others: nil, over: over)[0] == [9])
    let all = over + [Dot(actor: Self.earlier, sequence: 1)]
    #expect(try read(kept, others: nil, over: all)[0] == [])
  }

  /// Somebody who is apart has overwritten it since, having seen it under the dot that it had.
  @Test(arguments: [third, earlier], [false, true])
  func `a write that nobody can have sealed keeps its dot`(life: Actor, isKnown: Bool) throws {
    var store = Store(
      actor: Self.own, size: 3, budget: 1 << 20, seed: 1, faults: FaultSet([]))
    if isKnown { store.known.insert(Dot(actor: life, sequence: 3)) }
    let kept = try entry(version(life, 8))
    let boots = [Self.own.boot, 10, Self.third.boot + 1]
    _ = store.readmit(kept, boots: boots, wallMilliseconds: Self.wall)
    let later = Register(
      versions: [version(Self.another, 9)], context: [Dot(actor: life, sequence: 1)])
    _ = store.merge(
      Delta.Entry(key: kept.key, register: later), wallMilliseconds: Self.wall)
    let values = store.register(kept.key)?.versions.map(\.value)
    #expect(values == (isKnown ? [[8], [9]] : [[9]]))
  }

  @Test func `what it had seen stays overwritten`() throws {
    let old = version(Self.another, 5)
    let kept = try entry(version(Self.earlier, 9), seen: [old.dot])
    #expect(try read(kept, others: entry(old))[0] == [9])
  }
}
