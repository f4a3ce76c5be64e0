import Testing

@testable import ClusterCore

/// Which of a member's own lives others have heard of, and what becomes of those that nobody has.
@Suite struct LivesTests {
  private static let earlier = Actor(ordinal: 0, boot: 20)
  private static let own = Actor(ordinal: 0, boot: 40)
  private static let wall: UInt64 = 1_700_000_000_000

  /// A store whose member has written in an earlier life and in this one.
  private func store(_ faults: PlantedFault...) throws -> Store {
    var store = Store(
      actor: Self.own, size: 2, budget: 1 << 20, seed: 1, faults: FaultSet(Set(faults)))
    _ = store.merge(try entry("k", Self.earlier), wallMilliseconds: Self.wall)
    _ = store.write(.put(try Key("own"), [2], expires: nil), wallMilliseconds: Self.wall)
    return store
  }

  private func entry(_ key: String, _ actor: Actor) throws -> Delta.Entry {
    let version = Version(
      dot: Dot(actor: actor, sequence: 1), time: 1, expires: 0, value: [UInt8(actor.boot)])
    return Delta.Entry(key: try Key(key), register: Register(version))
  }

  private func clock(_ actors: Actor..., sealed: UInt64 = 0) -> StoreClock {
    var clock = StoreClock(range: 0..<2)
    clock.seal(0, through: sealed)
    for actor in actors { clock.insert(Dot(actor: actor, sequence: 1)) }
    return clock
  }

  @Test func `a life is heard of once another member names it`() throws {
    var store = try store()
    let before = store.version
    store.noteHeard(in: clock())
    store.noteHeard(in: clock(Self.own))  // Of the earlier one nobody has heard yet.
    #expect(store.heardThrough == 0 && store.version == before)
    store.noteHeard(in: clock(Self.earlier))
    #expect(store.heardThrough == 20 && store.version > before)
    store.noteHeard(in: clock(Self.earlier, Self.own))
    #expect(store.heardThrough == 40)
  }

  @Test func `a seal names the life that it ends with, and none below`() throws {
    var store = try store()
    store.noteHeard(in: clock(sealed: 30))
    #expect(store.heardThrough == 0)
    #expect(store.hasUnheard(in: clock(sealed: 30), besides: [40]))
    #expect(!store.hasUnheard(in: clock(sealed: 10), besides: [40]))
    store.noteHeard(in: clock(sealed: 20))
    #expect(store.heardThrough == 20)
    #expect(!store.hasUnheard(in: clock(sealed: 30), besides: [40]))
  }

  @Test func `who knows just the same has heard of all`() throws {
    var store = try store()
    store.noteAllHeard()
    #expect(store.heardThrough == 40)
    store.rename(boot: 50)  // And what is written once more is to be heard of anew.
    #expect(store.isUnheard(Dot(actor: store.actor, sequence: 1), in: clock(sealed: 60)))
  }

  @Test(arguments: [PlantedFault?.none, .unheardIsKnown])
  func `a full exchange drops nothing that nobody can have deleted`(
    fault: PlantedFault?
  ) throws {
    var store = try store(fault ?? .everybodyAsked)
    let slot = try #require(store.table.slot(try Key("k")))
    _ = store.drop(slot, knownTo: clock(sealed: 30), but: nil, wallMilliseconds: Self.wall)
    #expect((store.register(try Key("k")) != nil) == (fault == nil))
    guard fault == nil else { return }
    _ = store.drop(slot, knownTo: clock(Self.earlier), but: nil, wallMilliseconds: Self.wall)
    #expect(store.register(try Key("k")) == nil)
  }

  /// What is set aside is taken back: the others have sealed what they never heard.
  @Test(arguments: [PlantedFault?.none, .unheardIsKnown])
  func `what an unheard life wrote is written once more`(fault: PlantedFault?) throws {
    var store = Store(
      actor: Self.own, size: 2, budget: 1 << 20, seed: 1,
      faults: FaultSet(Set([fault].compactMap { $0 })))
    store.known.seal(0, through: 30)
    _ = store.readmit(try entry("k", Self.earlier), wallMilliseconds: Self.wall)
    #expect((store.register(try Key("k"))?.onlyDot?.actor == Self.own) == (fault == nil))
  }

  @Test func `what has seen an unheard write stays in its place`() throws {
    var store = Store(
      actor: Self.own, size: 2, budget: 1 << 20, seed: 1, faults: FaultSet([]))
    let other = Actor(ordinal: 1, boot: 7)
    let deleted = Version(
      dot: Dot(actor: other, sequence: 1), time: 9, expires: 0, value: nil)
    let register = Register(versions: [deleted], context: [Dot(actor: Self.earlier, sequence: 1)])
    _ = store.merge(
      Delta.Entry(key: try Key("k"), register: register), wallMilliseconds: Self.wall)
    store.known.seal(0, through: 30)
    _ = store.readmit(try entry("k", Self.earlier), wallMilliseconds: Self.wall)
    #expect(store.register(try Key("k")) == register)
  }

  @Test func `a life that was heard of counts as known where it is sealed`() throws {
    var store = Store(
      actor: Self.own, size: 2, budget: 1 << 20, seed: 1, faults: FaultSet([]))
    store.heardThrough = 20
    store.known.seal(0, through: 30)
    _ = store.readmit(try entry("k", Self.earlier), wallMilliseconds: Self.wall)
    #expect(store.register(try Key("k")) == nil)
  }
}
