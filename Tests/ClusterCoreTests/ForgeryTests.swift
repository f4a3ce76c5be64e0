import Testing

@testable import ClusterCore

/// Packets with a right checksum and the right cluster's name, whose numbers no correct member sends.
@Suite struct ForgeryTests {
  /// Gives a member a packet that seems to come from another one.
  private func forge(
    _ sections: [Section], from source: Int, to ordinal: Int, in world: inout World,
    change: (inout Header) -> Void = { _ in }
  ) {
    var header = world.nodes[source].header(
      to: ordinal, boot: world.nodes[ordinal].boot, at: world.moment)
    change(&header)
    let bytes = Packet(header: header, sections: sections).encoded()
    world.give(.datagramReceived(bytes, source: World.address(source)), to: ordinal)
  }

  private func green(_ size: Int) -> World {
    var world = World(size)
    world.startAll()
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    return world
  }

  @Test func `a group that names an ordinal beyond the cluster is refused`() {
    var world = green(3)
    let group = Group(epoch: 1, lost: [Group.Exclusion(ordinal: 4_000, boot: 1)])
    forge([.group(group)], from: 1, to: 0, in: &world) { $0.groupDigest = group.digest }
    #expect(world.nodes[0].group.epoch == 0)
  }

  @Test(arguments: [UInt64(1) << 62, .max - 1, .max])
  func `no accusation however large its incarnation locks a member out`(incarnation: UInt64) {
    var world = green(3)
    let accusation = MemberUpdate(
      ordinal: 2, claim: .accused, boot: world.nodes[2].boot, incarnation: incarnation,
      address: nil)
    forge([.members([accusation])], from: 1, to: 0, in: &world)
    world.run(seconds: 10)
    #expect(world.run(seconds: 10) { $0.isGreen && $0.leader == 0 })
    world.run(seconds: 10)
    #expect(world.isGreen)
  }

  @Test func `a forgotten dot of nobody does not make later writes unwelcome`() throws {
    var world = green(3)
    var delta = Delta(mark: 0, claim: StoreClock(range: 0..<3), entries: [])
    delta.forgotten.raise(to: Dot(actor: Actor(ordinal: 4_000, boot: 0), sequence: 9))
    delta.forgotten.raise(to: Dot(actor: Actor(ordinal: 1, boot: 0), sequence: 9))
    forge([.delta(delta)], from: 1, to: 0, in: &world)
    #expect(world.nodes[0].store.forgotten.dots.isEmpty)
    try world.put("k", "v", at: 0)
    #expect(world.run(seconds: 3) { $0.value("k", at: 2) == "v" && $0.storesAreEqual })
  }

  @Test func `a stream that brings what is no packet is closed and counted`() {
    var world = green(3)
    let stranger = StreamID(rawValue: 1 << 40)
    let foreign = world.packet(from: 1, to: 0) { $0.clusterID = 8 }
    for (frame, reason) in [
      ([], Node.Rejection.malformed), (Array(repeating: 7, count: 300), .malformed),
      (foreign, .cluster),
    ] {
      let before = world.nodes[0].rejected(reason)
      var effects: [Effect] = []
      world.nodes[0].handle(.streamAccepted(stranger), at: world.moment, into: &effects)
      world.nodes[0].handle(
        .frameReceived(stranger, frame), at: world.moment, into: &effects)
      #expect(effects.contains(.closeStream(stranger)))
      #expect(world.nodes[0].rejected(reason) == before + 1)
      #expect(!world.nodes[0].streams.contains { $0.stream == stranger })
    }
    world.run(seconds: 5)
    #expect(world.isGreen && world.nodes[0].counters.suspicionsRaised == 0)
  }

  @Test func `a packet of many pings is answered once at most`() {
    var world = green(3)
    let before = world.datagrams
    forge((1...70).map { .ping(nonce: $0) }, from: 1, to: 0, in: &world)
    #expect(world.datagrams - before <= 1)
  }

  @Test func `values full of empty bytes but long keys do not pass the budget`() throws {
    var world = World(2) { $0.storeBytes = 10_000 }
    world.startAll()
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual }
    let actor = Actor(ordinal: 1, boot: world.nodes[1].boot)
    for sequence in UInt64(1)...100 {
      let digits = "\(sequence)".utf8
      let key = try #require(
        Key(validating: Array(repeating: 0x61, count: 500 - digits.count) + digits))
      let version = Version(
        dot: Dot(actor: actor, sequence: sequence), time: 1, expires: 0, value: [])
      let entry = Delta.Entry(key: key, register: Register(version))
      forge(
        [.delta(Delta(mark: 0, claim: nil, entries: [entry]))], from: 1, to: 0, in: &world)
    }
    #expect(world.nodes[0].store.bytes <= 12_500)
  }

  @Test func `a packet for another start is answered by no more bytes than it has`() {
    var world = green(5)
    // It has much to tell: the other's view is another.
    world.nodes[0].peers[1].viewDigest ^= 1
    var header = world.nodes[1].header(to: 0, boot: world.nodes[0].boot - 1, at: world.moment)
    let victim = Address(family: .v4, high: 0, low: 0x0A09_0807, port: 53)
    for destinationBoot in [1, world.nodes[0].boot - 1] {
      header.destinationBoot = destinationBoot
      let bytes = Packet(header: header, sections: []).encoded()
      var effects: [Effect] = []
      world.nodes[0].handle(
        .datagramReceived(bytes, source: victim), at: world.moment, into: &effects)
      let answered = effects.reduce(0) { sum, effect in
        guard case .send(let answer, to: victim) = effect else { return sum }
        return sum + answer.count
      }
      #expect((1...bytes.count).contains(answered))
    }
  }
}
