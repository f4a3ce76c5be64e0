import Testing

@testable import ClusterCore

/// Groups that are apart in manual recovery: what is pending, and what a decision makes of it.
@Suite struct NodeDecisionTests {
  /// Two sides that wrote apart and can reach each other again.
  private func apart(_ sides: [Int]..., size: Int = 4) throws -> World {
    var world = World.settled(size) { $0.recovery = .manual }
    for key in ["both", "gone-left", "gone-right", "same"] { try world.put(key, "old", at: 0) }
    world.run(seconds: 3) { $0.storesAreEqual && $0.value("same", at: size - 1) == "old" }
    for (index, side) in sides.enumerated() {
      for other in sides[(index + 1)...] { world.partition(side, other) }
    }
    world.run(seconds: 20) { world in
      sides.allSatisfy { side in side.allSatisfy { world.leader(at: $0) == side[0] } }
    }
    for (index, side) in sides.enumerated() {
      try world.put("both", "side \(index)", at: side[0])
      try world.put("only-\(index)", "new", at: side[side.count - 1])
    }
    try world.delete("gone-left", at: 0)
    try world.delete("gone-right", at: sides[sides.count - 1][0])
    world.run(seconds: 3)
    world.heal()
    world.run(seconds: 15)
    return world
  }

  @Test func `what is pending is named by side, and nothing of it is read`() throws {
    var world = try apart([0, 1], [2, 3])
    let here = world.nodes[1].pending(at: world.moment.instant)
    #expect(here.groups.map { $0.members.map(\.ordinal) } == [[2, 3]])
    #expect(here.onlyHere == ["gone-left", "only-0"])
    #expect(here.onlyThere == ["gone-right", "only-1"])
    #expect(here.inConflict == ["both"])
    #expect(here.groups.allSatisfy { $0.isComplete })
    let there = world.nodes[3].pending(at: world.moment.instant)
    #expect(there.onlyHere == here.onlyThere && there.onlyThere == here.onlyHere)
    #expect(world.value("only-1", at: 0) == nil && world.value("gone-right", at: 0) == "old")
    // What is written later is named later.
    try world.put("late", "x", at: 3)
    world.run(seconds: 15)
    #expect(world.nodes[0].pending(at: world.moment.instant).onlyThere.contains("late"))
    #expect(world.nodes[3].pending(at: world.moment.instant).onlyHere.contains("late"))
  }

  private func values(_ world: World, at node: Int) -> [String: String] {
    var values: [String: String] = [:]
    for key in ["both", "gone-left", "gone-right", "same", "only-0", "only-1", "only-2"] {
      values[key] = world.value(key, at: node)
    }
    return values
  }

  @Test func `a side that is kept stands everywhere, and its members read nothing else`() throws {
    var world = try apart([0, 1], [2, 3])
    let before = values(world, at: 0)
    let seen = world.changes[0].count + world.changes[1].count
    world.give(.commanded(.recover(.keepLocal, token: 9)), to: 1)
    #expect(world.run(seconds: 10) { $0.isGreen && $0.storesAreEqual })
    for node in 0..<4 { #expect(values(world, at: node) == before) }
    for node in 0..<2 {
      for change in world.changes[node].suffix(seen) where change.cause != .recovery {
        #expect(change.candidates.count == 1, "no conflict was seen on the side that stands")
      }
    }
    guard case .recovered(9, .success(let outcome))? = world.answers[1].last else {
      Issue.record("no answer: \(world.answers[1])")
      return
    }
    #expect(outcome.members.map(\.ordinal) == [2, 3] && outcome.keys == 3)
    world.run(seconds: 10)
    #expect(world.nodes.allSatisfy { $0.tombstoneCount == 0 })
    #expect(world.brokenInvariant == nil)
    #expect(world.nodes[0].recovery == .manual)
    #expect(world.nodes[0].pending(at: world.moment.instant).isEmpty)
  }

  @Test func `the other side is adopted`() throws {
    var world = try apart([0, 1], [2, 3])
    let theirs = values(world, at: 3)
    world.give(.commanded(.recover(.adoptRemote, token: 4)), to: 0)
    #expect(world.run(seconds: 10) { $0.isGreen && $0.storesAreEqual })
    world.run(seconds: 1)
    for node in 0..<4 { #expect(values(world, at: node) == theirs) }
    guard case .recovered(4, .success)? = world.answers[0].last else {
      Issue.record("no answer: \(world.answers[0])")
      return
    }
  }

  @Test(arguments: [RecoveryDecision.merge, .keepLocal])
  func `three groups become one at once`(decision: RecoveryDecision) throws {
    var world = try apart([0, 1], [2, 3], [4, 5], size: 6)
    let before = values(world, at: 4)
    #expect(world.nodes[4].pending(at: world.moment.instant).groups.count == 2)
    world.give(.commanded(.recover(decision, token: 1)), to: 4)
    #expect(world.run(seconds: 10) { $0.isGreen && $0.leader == 0 && $0.storesAreEqual })
    guard decision == .keepLocal else {
      let key = try Key("both")
      #expect(world.nodes[1].candidates(key, wallMilliseconds: 0).count == 3)
      #expect(world.value("only-0", at: 5) == "new" && world.value("only-2", at: 0) == "new")
      return
    }
    for node in 0..<6 { #expect(values(world, at: node) == before) }
  }

  @Test func `a decision that nobody answers changes nothing and says who is silent`() throws {
    var world = try apart([0, 1], [2, 3])
    world.partition([0, 1], [2, 3])
    let before = world.nodes[0].store.sequence
    world.give(.commanded(.recover(.keepLocal, token: 1)), to: 0)
    world.give(.commanded(.recover(.merge, token: 2)), to: 0)
    world.run(seconds: 10)
    guard case .recovered(2, .failure(.busy))? = world.answers[0].first,
      case .recovered(1, .failure(.unanswered(let member)))? = world.answers[0].last
    else {
      Issue.record("answers: \(world.answers[0])")
      return
    }
    #expect(member.ordinal == 2 && world.nodes[0].store.sequence == before)
    #expect(world.leader(at: 0) == 0 && world.leader(at: 2) == 2)
    world.run(seconds: 30)
    world.give(.commanded(.recover(.merge, token: 3)), to: 0)
    guard case .recovered(3, .failure(.nobodyApart))? = world.answers[0].last else {
      Issue.record("answers: \(world.answers[0])")
      return
    }
  }

  @Test func `many keys of difference cross page by page`() throws {
    var world = World.settled(3) { $0.recovery = .manual }
    world.partition([0], [1, 2])
    world.run(seconds: 20) { $0.leader(at: 0) == 0 && $0.leader(at: 2) == 1 }
    for number in 0..<2_000 { try world.put("there/\(number)", "x", at: 1) }
    for number in 0..<10 { try world.put("here/\(number)", "x", at: 0) }
    world.run(seconds: 2)
    world.heal()
    world.run(seconds: 20)
    let pending = world.nodes[0].pending(at: world.moment.instant)
    #expect(pending.onlyThere.count == 2_000 && pending.onlyHere.count == 10)
    world.give(.commanded(.recover(.keepLocal, token: 1)), to: 0)
    #expect(world.run(seconds: 20) { $0.isGreen && $0.storesAreEqual })
    #expect(world.nodes.allSatisfy { $0.store.readableCount == 10 })
    world.run(seconds: 10)
    #expect(world.nodes.allSatisfy { $0.tombstoneCount == 0 })
  }

  @Test func `a forged page is refused`() throws {
    var world = try apart([0, 1], [2, 3])
    world.give(.commanded(.recover(.keepLocal, token: 1)), to: 0)
    let survey = try #require(world.nodes[0].survey)
    let dot = Dot(actor: Actor(ordinal: 3, boot: .max), sequence: 1)
    let finding = Survey.Finding(key: try Key("k"), time: 1, dots: [dot])
    let page = Survey.Page(mark: survey.page.mark, next: nil, clock: nil, findings: [finding])
    let header = world.nodes[2].header(to: 0, boot: world.nodes[0].boot, at: world.moment)
    let packet = Packet(header: header, sections: [.surveyed(page)])
    let before = world.nodes[0].counters.packetsRejected[Node.Rejection.forged.index]
    world.give(.datagramReceived(packet.encoded(), source: World.address(2)), to: 0)
    #expect(world.nodes[0].counters.packetsRejected[Node.Rejection.forged.index] == before + 1)
    #expect(world.run(seconds: 10) { $0.isGreen && $0.storesAreEqual })
  }
}
