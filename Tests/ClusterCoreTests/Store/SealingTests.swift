import Testing

@testable import ClusterCore

/// When a life that is over may count as wholly known. Three stores: the last one heard nothing of the
/// first member's second life, in which that wrote what only the other one has.
@Suite struct SealingTests {
  private static let (second, third, present): (UInt64, UInt64, UInt64) = (20, 30, 40)
  private static let wall: UInt64 = 1_700_000_000_000

  private var boots: [UInt64] { [Self.present, 1, 1] }

  private func store(_ ordinal: Int, _ faults: Set<PlantedFault> = []) -> Store {
    Store(
      actor: Actor(ordinal: ordinal, boot: boots[ordinal]), size: 3, budget: 1 << 20, seed: 1,
      faults: FaultSet(faults))
  }

  private func written(_ text: String, in life: UInt64) throws -> Delta.Entry {
    let dot = Dot(actor: Actor(ordinal: 0, boot: life), sequence: 1)
    return Delta.Entry(
      key: try Key(text),
      register: Register(Version(dot: dot, time: 5, expires: 0, value: [1])))
  }

  /// The last store and the one that knows both lives.
  private func pair(_ faults: Set<PlantedFault> = []) throws -> (deaf: Store, knowing: Store) {
    var (deaf, knowing) = (store(2, faults), store(1, faults))
    for life in [Self.second, Self.third] {
      _ = knowing.merge(try written("k\(life)", in: life), wallMilliseconds: Self.wall)
    }
    _ = deaf.merge(try written("k\(Self.third)", in: Self.third), wallMilliseconds: Self.wall)
    return (deaf, knowing)
  }

  private func sweep(_ store: inout Store, view: UInt64 = 1) {
    store.sweep(boots: boots, live: [true, true, true], viewDigest: view)
  }

  @Test(arguments: [PlantedFault?.none, .sealedOutOfOrder])
  func `a life is not sealed before the one before it`(fault: PlantedFault?) throws {
    var (deaf, knowing) = try pair(Set([fault].compactMap { $0 }))
    deaf.report(0, boot: Self.present, clock: deaf.known, viewDigest: 1)
    deaf.report(1, boot: 1, clock: knowing.known, viewDigest: 1)
    sweep(&deaf)
    let unheard = try written("k\(Self.second)", in: Self.second)
    _ = deaf.merge(unheard, wallMilliseconds: Self.wall)
    #expect((deaf.register(unheard.key) != nil) == (fault == nil))
    guard fault == nil else { return }
    deaf.report(0, boot: Self.present, clock: deaf.known, viewDigest: 1)
    sweep(&deaf)
    #expect(deaf.known[0].sealedThrough == Self.third)
  }

  @Test func `what a datagram had no room for is not taken for unknown`() throws {
    var (deaf, knowing) = try pair()
    for life in Self.third - 5..<Self.third {
      _ = knowing.merge(try written("k\(life)", in: life), wallMilliseconds: Self.wall)
    }
    var told = knowing.known
    told.keepNewestActors(of: 0, bytes: told.encodedSize(0) - 1)
    #expect(told.encodedSize(0) < knowing.known.encodedSize(0))
    #expect(!told[0].actors.contains { $0.boot == Self.second && $0.base > 0 })
    deaf.report(0, boot: Self.present, clock: deaf.known, viewDigest: 1)
    deaf.report(1, boot: 1, clock: told, viewDigest: 1)
    sweep(&deaf)
    #expect(deaf.known[0].sealedThrough == 0)
  }

  @Test func `what ranges a datagram had no room for is not taken for unknown`() throws {
    var (deaf, knowing) = (store(2), store(1))
    let actor = Actor(ordinal: 0, boot: Self.second)
    for number in 1...UInt64(StoreClock.rangesOnWire + 1) {
      knowing.known.insert(Dot(actor: actor, sequence: number * 2))
    }
    var bytes = ByteWriter()
    knowing.known.encode(into: &bytes)
    var reader = ByteReader(bytes.bytes)
    let told = try StoreClock.decode(from: &reader)
    deaf.accept(claim: told, forgotten: ForgottenDots())
    deaf.report(0, boot: Self.present, clock: told, viewDigest: 1)
    deaf.report(1, boot: 1, clock: told, viewDigest: 1)
    sweep(&deaf)
    #expect(deaf.known[0].sealedThrough == 0)
    // Who knows just the same says so by a digest of all that it knows.
    deaf.accept(claim: knowing.known, forgotten: ForgottenDots())
    for other in 0..<2 { deaf.reportEqual(other, boot: boots[other], viewDigest: 1) }
    sweep(&deaf)
    #expect(deaf.known[0].sealedThrough == Self.second)
  }

  /// A large cluster's clock takes several datagrams: one of an earlier view may have been before the
  /// last packets of the life that is over.
  @Test func `what was told in an earlier view counts for that view`() throws {
    var (deaf, _) = try pair()
    let known = deaf.known
    deaf.report(0, boot: Self.present, clock: known, viewDigest: 2)
    deaf.report(1, boot: 1, clock: known, viewDigest: 1)
    deaf.report(1, boot: 1, clock: known.restricted(to: 1..<3), viewDigest: 2)
    sweep(&deaf, view: 2)
    #expect(deaf.known[0].sealedThrough == 0)
    deaf.report(1, boot: 1, clock: known.restricted(to: 0..<1), viewDigest: 2)
    sweep(&deaf, view: 2)
    #expect(deaf.known[0].sealedThrough == Self.third)
  }

  @Test func `what a member knows and hasn't on its disk yet is not taken for unknown`() throws {
    var (deaf, knowing) = try pair()
    deaf.accept(claim: knowing.known, forgotten: ForgottenDots())
    let flushed = knowing.known
    let actor = Actor(ordinal: 0, boot: Self.second)
    knowing.known.insert(Dot(actor: actor, sequence: 2))
    deaf.report(0, boot: Self.present, clock: deaf.known, viewDigest: 1)
    deaf.report(1, boot: 1, clock: knowing.known, viewDigest: 1, isFlushed: false)
    deaf.reportFlushed(1, boot: 1, clock: flushed)
    sweep(&deaf)
    #expect(!deaf.known.contains(Dot(actor: actor, sequence: 2)))
    deaf.accept(claim: knowing.known, forgotten: ForgottenDots())
    #expect(deaf.known[0].sealedThrough == 0)
  }
}
