import Foundation
import Testing

@testable import ClusterCore

/// Bytes that nobody should have sent, given to a running member. A trap here would be a remote crash.
///
/// `FUZZ_INPUTS` says how many; the whole check takes many more than a quick run.
@Suite struct FuzzTests {
  static let inputs = ProcessInfo.processInfo.environment["FUZZ_INPUTS"].flatMap(Int.init) ?? 8_000

  /// Three members that agree, some keys, and valid packets of every kind that went to member 0.
  private static func prepared(seed: UInt64) throws -> (world: World, packets: [[UInt8]]) {
    var world = World(3, seed: seed) { $0.storeBytes = 20_000 }
    world.transcript = []
    world.startAll()
    world.run(seconds: 6) { $0.leader == 0 }
    for step in 0..<12 {
      try world.put("key-\(step % 5)", "value \(step)", at: step % 3)
      world.run(seconds: 0.2)
    }
    try world.delete("key-1", at: 2)
    world.partition([0], [1, 2])
    world.run(seconds: 8)
    try world.put("key-2", "here", at: 0)
    try world.put("key-2", "there", at: 1)
    world.heal()
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    world.run(seconds: 1)
    var packets = (world.transcript ?? []).filter { $0.to == 0 }.map(\.bytes)
    world.transcript = nil
    var generator = Self.generator(for: world, seed: seed)
    for kind in 0..<Generator.kinds {
      packets.append(world.packet(from: 1, to: 0, [generator.section(kind: kind)]))
    }
    return (world, packets)
  }

  private static func generator(for world: World, seed: UInt64) -> Generator {
    var generator = Generator(seed: mix(seed, 99))
    generator.size = 3
    generator.boots = world.nodes.map(\.boot)
    generator.extremes = true
    return generator
  }

  /// Changes a packet and repairs its checksum, as somebody could who knows how it is made.
  private static func forge(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
    var content = ByteWriter()
    var changed = Array(bytes.dropLast(Packet.checksumSize))
    generator.mutate(&changed)
    content.append(changed)
    return Packet.sealed(&content)
  }

  @Test(arguments: [1, 2] as [UInt64])
  func `damaged packets change nothing but the count of those refused`(seed: UInt64) throws {
    var (world, packets) = try Self.prepared(seed: seed)
    var generator = Self.generator(for: world, seed: seed)
    let before = NodeTrace(world.nodes[0])
    var (given, refused) = (UInt64(0), world.nodes[0].rejectedInAll)
    for index in 0..<Self.inputs / 2 {
      let original = generator.element(of: packets)
      var bytes = original
      generator.mutate(&bytes)
      guard bytes != original else { continue }
      given += 1
      var effects: [Effect] = []
      world.nodes[0].handle(
        .datagramReceived(bytes, source: World.address(1)), at: world.moment, into: &effects)
      refused += 1
      guard effects.isEmpty, world.nodes[0].rejectedInAll == refused else {
        Issue.record("input \(index) of seed \(seed) was taken: \(bytes)")
        return
      }
    }
    #expect(given > UInt64(Self.inputs / 4))
    #expect(NodeTrace(world.nodes[0]) == before)
  }

  /// What an operator, or the member itself, may order with a valid packet: not a matter of damage.
  private static func isOrder(_ section: Section) -> Bool {
    switch section {
    case .leave, .dismiss, .group, .admit: true
    default: false
    }
  }

  /// A packet that is well formed, and says anything about anybody.
  private static func invented(_ world: World, _ generator: inout Generator) -> [UInt8] {
    let sections = (0..<1 + generator.below(3)).map { _ in generator.section() }
    return world.packet(from: 1 + generator.below(2), to: 0, sections.filter { !isOrder($0) }) {
      header in
      switch generator.below(10) {
      case 0: header.incarnation = generator.number()
      case 1: header.sourceBoot = generator.boot()
      case 2: header.destinationBoot = generator.boot()
      case 3: header.term = generator.number()
      case 4: header.viewDigest = generator.number()
      case 5: header.clockDigest = generator.number()
      case 6: header.wallMilliseconds = generator.number()
      case 7: header.source = generator.below(5)
      case 8: header.resolver = UInt32(truncatingIfNeeded: generator.number())
      default: break
      }
    }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `forged packets neither trap nor grow a member nor keep the others out`(
    seed: UInt64
  ) throws {
    var (world, packets) = try Self.prepared(seed: seed)
    packets.removeAll { bytes in
      (try? Packet(decoding: bytes))?.sections.contains(where: Self.isOrder) ?? true
    }
    var generator = Self.generator(for: world, seed: seed)
    for index in 0..<Self.inputs / 8 {
      var bytes = Self.invented(world, &generator)
      if generator.chance(1, in: 2) {
        bytes = Self.forge(generator.element(of: packets), &generator)
      }
      if let packet = try? Packet(decoding: bytes) {
        guard !packet.sections.contains(where: Self.isOrder), packet.header.recovery <= 1 else {
          continue
        }
      }
      if generator.chance(1, in: 8) {
        let stream = StreamID(rawValue: 1_000_000)
        world.give(.frameReceived(stream, bytes), to: 0)
      } else {
        world.deliver(bytes, from: 1 + generator.below(2), to: 0)
      }
      if index % 16 == 0 {
        world.run(seconds: 0.02)
        if let broken = world.brokenInvariant {
          Issue.record("\(broken), after input \(index) of seed \(seed)")
          return
        }
      }
    }
    let store = world.nodes[0].store
    #expect(store.bytes <= store.budget * 2)
    #expect(store.known.actors.count <= 3 * StoreClock.actorsPerOrdinal)
    #expect(world.endings == [nil, nil, nil])
    #expect(
      world.run(seconds: 90) { $0.isGreen && $0.leader == 0 },
      "\(world.nodes.map { $0.members.map(\.state) }), seed \(seed)")
    #expect(world.brokenInvariant == nil)
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `forged orders trap nothing and break no invariant`(seed: UInt64) throws {
    var (world, packets) = try Self.prepared(seed: seed)
    var generator = Self.generator(for: world, seed: seed)
    let whole = world
    for index in 0..<Self.inputs / 16 {
      // A member that was ordered to leave is over: the next inputs go to a fresh copy.
      if world.endings[0] != nil || index % 256 == 0 { world = whole }
      let sections = (0..<1 + generator.below(3)).map { _ in generator.section() }
      let bytes =
        generator.chance(1, in: 2)
        ? Self.forge(generator.element(of: packets), &generator)
        : world.packet(from: 1 + generator.below(2), to: 0, sections) {
          $0.recovery = generator.number()
          $0.groupDigest = generator.number()
          for case .group(let group) in sections { $0.groupDigest = group.digest }
        }
      world.deliver(bytes, from: 1, to: 0)
      if index % 32 == 0 { world.run(seconds: 0.5) }
      guard let broken = world.brokenInvariant else { continue }
      Issue.record("\(broken), after input \(index) of seed \(seed)")
      return
    }
  }
}
