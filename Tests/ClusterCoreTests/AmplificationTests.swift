import Testing

@testable import ClusterCore

/// What a datagram under a made-up address makes a member without a key send there.
@Suite struct AmplificationTests {
  private static let victim = Address(family: .v4, high: 0, low: 0x0A09_0807, port: 53)

  /// How a forged header may differ from the present ones.
  enum Pretence: CaseIterable {
    case present, newerBoot, olderBoot, noDestination, earlierDestination, joining, otherView,
      namesake
  }

  /// Of every kind that is answered, the shortest that draws an answer.
  private static func questions(_ world: World) -> [[Section]] {
    let clock = StoreClock(range: 0..<3)
    let accusation = MemberUpdate(
      ordinal: 0, claim: .accused, boot: world.nodes[0].boot, incarnation: 1, address: nil)
    var rising = accusation
    let accusations = (1...20).map { step in
      rising.incarnation = UInt64(step)
      return rising
    }
    return [
      [], [.ping(nonce: 1)], [.ping(nonce: 1), .ping(nonce: 2)], [.ack(nonce: 0)], [.ack(nonce: 9)],
      [.leave], [.leave, .ping(nonce: 1)], [.admit], [.hello], [.inquire], [.outdated],
      [.digest(mark: 1, clock)], [.ping(nonce: 1), .digest(mark: 1, clock)],
      [.members([accusation])], [.members(accusations)],
      [.survey(Survey.Request(mark: 1, cursor: 0, wantsClock: true, clock: clock))],
      [
        .probeRequest(
          nonce: 1, target: 2, boot: world.nodes[2].boot, address: victim)
      ],
      [.handover(nonce: 1, Delta(mark: 0, claim: nil, entries: []))],
    ]
  }

  private func forged(_ sections: [Section], _ pretence: Pretence, _ world: World) -> [UInt8] {
    world.packet(from: 1, to: 0, sections) { header in
      switch pretence {
      case .present: break
      case .newerBoot: header.sourceBoot += 1
      case .olderBoot: header.sourceBoot -= 1
      case .noDestination: header.destinationBoot = 0
      case .earlierDestination: header.destinationBoot -= 1
      case .joining: header.flags.insert(.joining)
      case .otherView: header.viewDigest ^= 1
      case .namesake:
        header.source = 0
        header.sourceBoot = world.nodes[0].boot + 1
      }
    }
  }

  /// A cluster with much to tell: members, keys, news.
  private func talkative() throws -> World {
    var world = World.settled(9)
    for key in 0..<50 { try world.put("key \(key)", "some value that is not short", at: 0) }
    world.run(seconds: 2)
    return world
  }

  @Test(arguments: Pretence.allCases)
  func `what comes from an address in doubt is answered by no more bytes than it has`(
    pretence: Pretence
  ) throws {
    let world = try talkative()
    for sections in Self.questions(world) {
      var node = world.nodes[0]
      let bytes = forged(sections, pretence, world)
      var effects: [Effect] = []
      node.handle(
        .datagramReceived(bytes, source: Self.victim), at: world.moment, into: &effects)
      let answered = sent(effects)
      #expect(answered <= bytes.count, "\(answered) bytes for \(bytes.count): \(sections)")
    }
  }

  @Test func `a flood under a made-up address comes to no more bytes than it has`() throws {
    var world = try talkative()
    var (received, answered) = (0, 0)
    for second in 0..<10 {
      for pretence in Pretence.allCases {
        for sections in Self.questions(world) {
          let bytes = forged(sections, pretence, world)
          received += bytes.count
          var effects: [Effect] = []
          world.nodes[0].handle(
            .datagramReceived(bytes, source: Self.victim), at: world.moment, into: &effects)
          answered += sent(effects)
          world.perform(effects, of: 0)
        }
      }
      world.transcript = []
      try world.put("second \(second)", "news for everyone", at: 3)
      world.run(seconds: 1)
      let told = world.transcript?.filter { !(0..<9).contains($0.to) } ?? []
      answered += told.reduce(0) { $0 + $1.bytes.count }
    }
    #expect(answered <= received, "\(answered) bytes for \(received)")
  }

  @Test func `one datagram under a made-up address draws a few probes and nothing else`() throws {
    var world = try talkative()
    let bytes = forged([.ping(nonce: 1)], .newerBoot, world)
    world.transcript = []
    world.give(.datagramReceived(bytes, source: Self.victim), to: 0)
    for second in 0..<10 {
      try world.put("second \(second)", "news for everyone", at: 0)
      world.run(seconds: 1)
    }
    let told = world.transcript?.filter { !(0..<9).contains($0.to) && $0.from == 0 } ?? []
    #expect(told.allSatisfy { $0.bytes.count <= 126 })
    #expect(told.count < 12, "\(told.count) datagrams")
  }

  @Test func `a process that lives on under a boot that is over learns of it wherever it is`() {
    var world = World.settled(3)
    let old = world.nodes[2]
    world.crash(2)
    world.run(seconds: 8)
    world.wall += 1_000
    world.restart(2)
    world.run(seconds: 8) { $0.isGreen }
    // The old process speaks from an address whose mention takes more room than what it sends.
    let header = Header(
      clusterID: 7, source: 2, destination: 0, sourceBoot: old.boot,
      destinationBoot: world.nodes[0].boot, incarnation: 0, groupDigest: 0, recovery: 0,
      viewDigest: 0, clockDigest: 0, term: 0, resolver: 0,
      wallMilliseconds: world.moment.wallMilliseconds)
    func answer(to sections: [Section]) -> Packet? {
      let bytes = Packet(header: header, sections: sections).encoded()
      var effects: [Effect] = []
      world.nodes[0].handle(
        .datagramReceived(bytes, source: Self.victim), at: world.moment, into: &effects)
      guard case .send(let reply, Self.victim)? = effects.first else { return nil }
      return try? Packet(decoding: reply)
    }
    #expect(answer(to: []) == nil, "there is no room to ask anything")
    guard case .ping(let nonce)? = answer(to: [.ping(nonce: 5)])?.sections.first else {
      Issue.record("it isn't asked to prove where it is")
      return
    }
    #expect(answer(to: [.ack(nonce: nonce ^ 1)])?.sections == [.ping(nonce: nonce)])
    guard case .members(let told)? = answer(to: [.ack(nonce: nonce)])?.sections.first else {
      Issue.record("it isn't told")
      return
    }
    #expect(told.map(\.boot) == [world.nodes[2].boot])
  }

  @Test func `an answer to nothing moves no member`() {
    var world = World.settled(3)
    world.deliverForged([.ack(nonce: 0)], from: Self.victim)
    #expect(world.nodes[0].member(1).address == World.address(1))
  }

  private func sent(_ effects: [Effect]) -> Int {
    effects.reduce(0) { sum, effect in
      guard case .send(let bytes, to: Self.victim) = effect else { return sum }
      return sum + bytes.count
    }
  }
}

extension World {
  /// Gives member 0 a datagram in member 1's name that came from elsewhere.
  fileprivate mutating func deliverForged(_ sections: [Section], from address: Address) {
    give(.datagramReceived(packet(from: 1, to: 0, sections), source: address), to: 0)
  }
}
