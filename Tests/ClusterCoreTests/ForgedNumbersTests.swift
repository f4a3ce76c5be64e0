import Testing

@testable import ClusterCore

/// Packets with a right checksum and numbers that nobody honest says: without a key anybody on the
/// network can make them. They must not trap, wrap, or keep the real member out.
@Suite struct ForgedNumbersTests {
  static let extremes: [UInt64] = [.max, .max - 1, 1 << 63, (1 << 62) + 1, 1 << 62, (1 << 62) - 1]

  private func isWhole(_ world: World) -> Bool {
    world.isGreen && world.leader == 0 && world.brokenInvariant == nil
  }

  @Test(arguments: extremes)
  func `an incarnation forged in a member's name doesn't keep it out`(number: UInt64) {
    var world = World.settled(3)
    for _ in 0..<3 {
      world.deliver(world.packet(from: 1, to: 0) { $0.incarnation = number }, from: 1, to: 0)
      // The next suspicion of it has to be refuted all the same.
      let accusation = MemberUpdate(
        ordinal: 1, claim: .accused, boot: world.nodes[1].boot, incarnation: number, address: nil)
      world.deliver(world.packet(from: 2, to: 0, [.members([accusation])]), from: 2, to: 0)
      #expect(world.run(seconds: 20) { $0.isGreen && $0.state(of: 1, at: 0) == .alive })
      world.run(seconds: 4)
      #expect(isWhole(world), "\(world.nodes.map { $0.members.map(\.state) })")
    }
  }

  @Test(arguments: extremes)
  func `an incarnation forged by a third party doesn't keep a lost member out`(number: UInt64) {
    var world = World.settled(3)
    let boot = world.nodes[1].boot
    for claim in [MemberUpdate.Claim.alive, .accused] {
      let update = MemberUpdate(
        ordinal: 1, claim: claim, boot: boot, incarnation: number, address: nil)
      for target in [0, 2] {
        world.deliver(
          world.packet(from: 2 - target, to: target, [.members([update])]), from: 2 - target,
          to: target)
      }
    }
    world.partition([1], [0, 2])
    world.run(seconds: 10) { $0.state(of: 1, at: 0) == .dead }
    world.heal()
    #expect(world.run(seconds: 20) { isWhole($0) })
    #expect(world.nodes[1].boot == boot)
  }

  @Test(arguments: [.max, .max - 1, 1 << 63] as [UInt64])
  func `a boot that cannot be is refused whoever says it`(number: UInt64) {
    var world = World.settled(3)
    let before = world.nodes[0].members
    world.deliver(world.packet(from: 1, to: 0) { $0.sourceBoot = number }, from: 1, to: 0)
    #expect(world.nodes[0].rejected(.unknownMember) == 1)
    world.deliver(world.packet(from: 1, to: 0) { $0.destinationBoot = number }, from: 1, to: 0)
    for ordinal in [0, 1] {
      let update = MemberUpdate(
        ordinal: ordinal, claim: .alive, boot: number, incarnation: 0, address: nil)
      world.deliver(world.packet(from: 2, to: 0, [.members([update])]), from: 2, to: 0)
    }
    #expect(world.nodes[0].members == before)
    world.crash(1)
    world.run(seconds: 6)
    world.restart(1)
    #expect(world.run(seconds: 10) { isWhole($0) }, "later real boots are taken")
  }

  @Test func `a newer boot that nobody has is jumped past by the real member`() {
    var world = World.settled(3)
    let forged = world.nodes[1].boot + 1_000
    world.deliver(world.packet(from: 1, to: 0) { $0.sourceBoot = forged }, from: 1, to: 0)
    #expect(world.nodes[0].member(1).boot == forged)
    #expect(world.run(seconds: 20) { isWhole($0) && $0.nodes[1].boot > forged })
    world.crash(1)
    world.wall += 60_000
    world.restart(1)
    #expect(world.run(seconds: 10) { isWhole($0) })
  }

  @Test(arguments: extremes)
  func `a term that cannot be is not followed and the leader stays`(number: UInt64) throws {
    var world = World.settled(3)
    let term = try #require(world.term(at: 0))
    for target in 0..<3 {
      let source = target == 1 ? 2 : 1
      world.deliver(
        world.packet(from: source, to: target) { $0.term = number }, from: source, to: target)
    }
    world.run(seconds: 5)
    #expect(isWhole(world))
    #expect(world.term(at: 0) == term)
    world.crash(0)
    #expect(world.run(seconds: 8) { $0.leader == 1 })
    #expect(try #require(world.term(at: 1)) > term)
  }

  @Test func `a term far ahead is followed by a higher one`() throws {
    var world = World.settled(3)
    let far = (world.moment.wallMilliseconds + 1_000_000) << 16 | 2
    world.deliver(world.packet(from: 2, to: 1) { $0.term = far }, from: 2, to: 1)
    #expect(
      world.run(seconds: 8) {
        isWhole($0) && ($0.term(at: 0) ?? 0) > far && $0.term(at: 2) ?? 0 > far
      })
  }

  @Test(arguments: extremes)
  func `a stamp from the far future drags no clock along`(number: UInt64) throws {
    var world = World.settled(3)
    let dot = Dot(actor: Actor(ordinal: 1, boot: world.nodes[1].boot), sequence: 1)
    let entry = Delta.Entry(
      key: try Key("k"),
      register: Register(Version(dot: dot, time: number, expires: 0, value: [1])))
    world.deliver(
      world.packet(from: 1, to: 0, [.delta(Delta(mark: 0, claim: nil, entries: [entry]))]),
      from: 1, to: 0)
    #expect(world.value("k", at: 0) != nil)
    try world.put("k", "after", at: 0)
    #expect(world.value("k", at: 0) == "after")
    try world.put("other", "now", at: 0)
    let stamp = world.nodes[0].candidates(try Key("other"), wallMilliseconds: 0)[0].stamp
    #expect(stamp.milliseconds <= world.moment.wallMilliseconds + Store.toleratedSkew)
    #expect(world.brokenInvariant == nil)
  }

  @Test(arguments: extremes)
  func `a recovery setting from the far future is not taken`(number: UInt64) {
    var world = World.settled(3)
    world.deliver(world.packet(from: 1, to: 0) { $0.recovery = number }, from: 1, to: 0)
    #expect(world.nodes[0].recovery == .automatic)
    world.give(.commanded(.setRecovery(.manual)), to: 2)
    #expect(world.run(seconds: 2) { $0.nodes.allSatisfy { $0.recovery == .manual } })
    world.give(.commanded(.setRecovery(.automatic)), to: 0)
    #expect(world.run(seconds: 2) { $0.nodes.allSatisfy { $0.recovery == .automatic } })
  }

  @Test func `a group that names ordinals beyond the size is no trap`() {
    var world = World.settled(3)
    for ordinal in [3, 100, Limits.members - 1] {
      for hermit in [nil, Group.Exclusion(ordinal: ordinal, boot: 1)] {
        let group = Group(
          epoch: 0, lost: [Group.Exclusion(ordinal: ordinal, boot: 1)], hermit: hermit)
        world.deliver(
          world.packet(from: 1, to: 0, [.group(group)]) { $0.groupDigest = group.digest }, from: 1,
          to: 0)
      }
    }
    #expect(world.run(seconds: 10) { isWhole($0) })
  }

  @Test(arguments: [1 << 62, (1 << 62) - 1] as [UInt64])
  func `a group of the last epoch doesn't end all joins`(epoch: UInt64) {
    var world = World.settled(3) { $0.recovery = .manual }
    let group = Group(epoch: epoch)
    world.deliver(
      world.packet(from: 1, to: 0, [.group(group)]) { $0.groupDigest = group.digest }, from: 1,
      to: 0)
    world.run(seconds: 5)
    for _ in 0..<3 {
      world.give(.commanded(.dismiss(ordinal: 2, .disconnect)), to: 0)
      #expect(
        world.run(seconds: 5) { $0.nodes[2].status == .red && $0.nodes[0].status == .yellow })
      world.give(.commanded(.join(ordinal: 2)), to: 0)
      #expect(world.run(seconds: 10) { isWhole($0) })
    }
  }

  @Test func `a claim that seals all boots to come doesn't hide later writes`() throws {
    var world = World.settled(3)
    for number: UInt64 in [.max, .max - 1, 1 << 63] {
      var claim = StoreClock(range: 1..<2)
      claim.seal(1, through: number)
      let delta = Delta(mark: world.now, claim: claim, entries: [])
      world.deliver(world.packet(from: 1, to: 0, [.delta(delta)]), from: 1, to: 0)
    }
    try world.put("k", "real", at: 1)
    #expect(world.run(seconds: 5) { $0.value("k", at: 0) == "real" && $0.storesAreEqual })
  }

  @Test func `thousands of forged boots of one ordinal don't keep its next real one out`() throws {
    var world = World.settled(3)
    for batch in 0..<110 as Range<UInt64> {
      let dots = (0..<10).map { index in
        Dot(actor: Actor(ordinal: 1, boot: .max - batch * 10 - index), sequence: 1)
      }
      let entries = try dots.map {
        Delta.Entry(
          key: try Key("forged"),
          register: Register(Version(dot: $0, time: 1, expires: 0, value: nil)))
      }
      let delta = Delta(mark: 0, claim: nil, entries: entries)
      world.deliver(world.packet(from: 1, to: 0, [.delta(delta)]), from: 1, to: 0)
      #expect(world.brokenInvariant == nil)
    }
    world.crash(1)
    world.run(seconds: 1)
    world.restart(1)
    world.run(seconds: 5) { $0.isGreen }
    try world.put("k", "real", at: 1)
    #expect(world.run(seconds: 5) { $0.value("k", at: 0) == "real" })
    #expect(world.brokenInvariant == nil)
  }

  @Test func `accusations without end leave no list behind`() {
    var world = World.settled(3)
    for step in 0..<2_000 as Range<UInt64> {
      for claim in [MemberUpdate.Claim.accused, .alive] {
        let update = MemberUpdate(
          ordinal: 1, claim: claim, boot: world.nodes[1].boot,
          incarnation: step + (claim == .alive ? 1 : 0), address: nil)
        world.deliver(world.packet(from: 2, to: 0, [.members([update])]), from: 2, to: 0)
      }
    }
    #expect(world.nodes[0].probes.extras.count <= ProbeCycle.mostExtras)
    #expect(world.nodes[0].peers[1].suspicion?.accusers.count ?? 0 <= 4)
  }

  @Test func `deletes and empty values of unknown keys stay within the budget`() throws {
    var world = World.settled(3) { $0.storeBytes = 10_000 }
    for number in 0..<2_000 as Range<UInt64> {
      let dot = Dot(actor: Actor(ordinal: 1, boot: world.nodes[1].boot), sequence: number + 1)
      let entry = Delta.Entry(
        key: try Key("a key of some length \(number)"),
        register: Register(
          Version(dot: dot, time: 1, expires: 0, value: number % 2 == 0 ? [] : nil)))
      let delta = Delta(mark: 0, claim: nil, entries: [entry])
      world.deliver(world.packet(from: 1, to: 0, [.delta(delta)]), from: 1, to: 0)
    }
    #expect(world.nodes[0].store.bytes <= 12_500)
    #expect(world.brokenInvariant == nil)
  }

  @Test func `handed over entries stay within the budget`() throws {
    var world = World.settled(3) { $0.storeBytes = 10_000 }
    let loser = Actor(ordinal: 1, boot: world.nodes[1].boot - 1)
    for number in 0..<400 as Range<UInt64> {
      let version = Version(
        dot: Dot(actor: loser, sequence: number + 1), time: .max, expires: 0,
        value: Array(repeating: 1, count: 100))
      let delta = Delta(
        mark: 0, claim: nil,
        entries: [Delta.Entry(key: try Key("k\(number)"), register: Register(version))])
      let bytes = world.packet(from: 1, to: 0, [.handover(nonce: number, delta)]) {
        $0.sourceBoot = loser.boot
      }
      world.deliver(bytes, from: 1, to: 0)
    }
    #expect(world.nodes[0].store.bytes <= 12_500)
    #expect(world.value("k0", at: 0) != nil)
    #expect(world.brokenInvariant == nil)
  }
}
