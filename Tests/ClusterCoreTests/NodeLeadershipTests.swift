import Testing

@testable import ClusterCore

@Suite struct NodeLeadershipTests {
  @Test func `the term after a heal is higher than those of both sides`() throws {
    var world = World.settled(5)
    let before = try #require(world.term(at: 0))
    world.partition([0, 1], [2, 3, 4])
    world.run(seconds: 15) { $0.leader(at: 0) == 0 && $0.leader(at: 4) == 2 }
    world.run(seconds: 2)
    let (left, right) = (try #require(world.term(at: 0)), try #require(world.term(at: 4)))
    #expect(left == before, "the leader that stays keeps its term")
    #expect(right > before && right & 0xFFFF == 2)
    world.heal()
    #expect(
      world.run(seconds: 8) { $0.isGreen && $0.leader == 0 && $0.term(at: 4) == $0.term(at: 0) })
    #expect(try #require(world.term(at: 0)) > max(left, right))
    #expect(Set(world.nodes.indices.compactMap { world.term(at: $0) }).count == 1)
  }

  @Test func `terms grow over restarts of everybody`() throws {
    var world = World.settled(3)
    let before = try #require(world.term(at: 0))
    for ordinal in 0..<3 { world.crash(ordinal) }
    world.run(seconds: 1)
    for ordinal in 0..<3 { world.restart(ordinal) }
    #expect(world.run(seconds: 8) { $0.isGreen && $0.leader == 0 })
    #expect(try #require(world.term(at: 2)) > before)
  }

  @Test func `by majority only the larger side confirms a leader`() {
    var world = World.settled(5) { $0.leadershipPolicy = .majority }
    world.partition([0, 1], [2, 3, 4])
    #expect(world.run(seconds: 15) { $0.leader(at: 2) == 2 && $0.leader(at: 4) == 2 })
    world.run(seconds: 10)
    for ordinal in [0, 1] {
      #expect(world.leader(at: ordinal) == nil)
      #expect(world.nodes[ordinal].leadership.member?.ordinal == 0, "it is provisional")
    }
    world.heal()
    #expect(world.run(seconds: 8) { $0.isGreen && $0.leader == 0 })
  }

  @Test func `by majority neither half of an even cluster leads`() {
    var world = World.settled(4) { $0.leadershipPolicy = .majority }
    world.partition([0, 1], [2, 3])
    world.run(seconds: 15)
    #expect(world.nodes.indices.allSatisfy { world.leader(at: $0) == nil })
    world.heal()
    #expect(world.run(seconds: 8) { $0.isGreen && $0.leader == 0 })
  }

  @Test func `two members split into two and become one again`() {
    var world = World.settled(2)
    world.partition([0], [1])
    #expect(world.run(seconds: 10) { $0.leader(at: 0) == 0 && $0.leader(at: 1) == 1 })
    #expect(world.nodes.allSatisfy { $0.status == .red })
    // What is healed before it was told is never told as suspected.
    world.run(seconds: 1)
    world.heal()
    #expect(world.run(seconds: 5) { $0.isGreen && $0.leader == 0 })
    world.run(seconds: 1)
    for ordinal in 0..<2 {
      #expect(
        world.count(at: ordinal) { if case .partitionSuspected = $0 { true } else { false } } == 1)
      #expect(
        world.count(at: ordinal) { if case .partitionHealed = $0 { true } else { false } } == 1)
    }
  }

  @Test func `a lossy member doesn't take the leader away`() {
    var world = World.settled(5)
    let elections = world.nodes.map(\.counters.elections)
    for cut in [[4, 0], [4, 1], [4, 2], [4, 3]] { world.cuts.insert(cut) }
    world.run(seconds: 20)
    for ordinal in 0..<4 {
      #expect(world.leader(at: ordinal) == 0)
      #expect(world.nodes[ordinal].counters.elections == elections[ordinal])
    }
  }

  @Test func `a rolling restart changes the leader exactly twice in each other one's view`() {
    var world = World.settled(5)
    for ordinal in 0..<5 { world.events[ordinal] = [] }
    for ordinal in (0..<5).reversed() {
      world.give(.commanded(.leave), to: ordinal)
      #expect(world.run(seconds: 6) { $0.endings[ordinal] == .left })
      world.run(seconds: 1)
      world.endings[ordinal] = nil
      world.events[ordinal] = []
      world.wall += 1_000
      world.restart(ordinal)
      #expect(world.run(seconds: 10) { $0.isGreen && $0.leader != nil })
      world.run(seconds: 2)
    }
    for ordinal in 1..<5 {
      var ordinals: [Int] = []
      for case .leaderChanged(.confirmed(let member, _)) in world.events[ordinal]
      where ordinals.last != member.ordinal {
        ordinals.append(member.ordinal)
      }
      #expect(ordinals == [0, 1, 0], "0 from the start of this one, then two changes")
    }
    #expect(world.leader == 0)
  }
}
