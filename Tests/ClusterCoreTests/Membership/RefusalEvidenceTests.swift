import Testing

@testable import ClusterCore

/// A process that dies on a living host is known at once, and nobody else is taken for dead for it.
@Suite struct RefusalEvidenceTests {
  /// Members that have watched each other for a while.
  private static func watching(
    _ size: Int, faults: Set<PlantedFault> = [],
    configure: (inout NodeConfiguration) -> Void = { _ in }
  ) -> World {
    var world = World.settled(size) {
      $0.plantedFaults = faults
      configure(&$0)
    }
    world.run(seconds: 3)
    world.events = Array(repeating: [], count: size)
    return world
  }

  private func isDeath(_ event: ClusterEvent) -> Bool {
    if case .memberChanged(let member, _) = event { member.state == .dead } else { false }
  }

  private func isPartition(_ event: ClusterEvent) -> Bool {
    switch event {
    case .partitionSuspected, .partitionHealed: true
    default: false
    }
  }

  @Test(arguments: [2, 3, 5, 20])
  func `a process that dies on a living host is known to all within a tenth of a second`(
    size: Int
  ) {
    var world = Self.watching(size)
    world.crash(1)
    #expect(
      world.run(seconds: 0.1) { world in
        world.running.allSatisfy { world.state(of: 1, at: $0) == .dead }
      })
    world.run(seconds: 5)
    for ordinal in world.running {
      #expect(world.count(at: ordinal, isPartition) == 0, "a crash is no partition")
      #expect(world.nodes[ordinal].counters.partitions == 0)
    }
  }

  @Test func `a large cluster watches each member by a few`() {
    var world = Self.watching(34)
    #expect(world.pipes.count <= 34 * Node.watchedAtMost)
    world.crash(1)
    world.run(seconds: 0.1)
    let knowing = world.running.count { world.state(of: 1, at: $0) == .dead }
    #expect(knowing >= Node.watchedAtMost && knowing < 33)
    #expect(
      world.run(seconds: 6) { world in
        world.running.allSatisfy { world.state(of: 1, at: $0) == .dead }
      })
  }

  @Test(arguments: [PlantedFault?.none, .endedStreamIsDeath])
  func `streams that end kill nobody`(fault: PlantedFault?) {
    var world = Self.watching(3, faults: Set([fault].compactMap { $0 }))
    world.endStreams()
    world.run(seconds: 10)
    let deaths = (0..<3).map { world.count(at: $0, isDeath) }.reduce(0, +)
    #expect((deaths == 0) == (fault == nil))
    if fault == nil { #expect(world.isGreen && !world.pipes.isEmpty, "they are opened again") }
  }

  @Test func `a port that refuses while its process answers pings kills nobody`() {
    var world = Self.watching(3)
    world.refuses = [0, 1, 2]
    world.endStreams()
    world.run(seconds: 60)
    for ordinal in 0..<3 { #expect(world.count(at: ordinal, isDeath) == 0) }
    #expect(world.isGreen)
  }

  @Test func `a host that vanishes is found by suspicion, not by refusal`() {
    var world = Self.watching(3)
    world.partition([2], [0, 1])
    world.run(seconds: 1)
    #expect(world.state(of: 2, at: 0) != .dead && world.state(of: 2, at: 1) != .dead)
    #expect(world.run(seconds: 6) { $0.state(of: 2, at: 0) == .dead })
    #expect(world.nodes[0].counters.refusalDeaths == 0)
  }

  @Test(arguments: [PlantedFault?.none, .refusalRelayed])
  func `what another found refused is a reason to look and no fact`(fault: PlantedFault?) {
    var world = Self.watching(3, faults: Set([fault].compactMap { $0 }))
    let refusal = Refusal(ordinal: 2, boot: world.nodes[2].boot)
    for _ in 0..<5 {
      world.deliver(world.packet(from: 1, to: 0, [.refused([refusal])]), from: 1, to: 0)
      world.run(seconds: 0.5)
    }
    #expect((world.count(at: 0, isDeath) == 0) == (fault == nil))
  }

  @Test func `a connection that is taken while a process ends is no witness for its life`() {
    var world = Self.watching(3)
    // Its streams end before its listener does, which takes connections until then.
    world.standing = [1]
    world.crash(1)
    world.run(seconds: 0.01)
    world.standing = []
    world.crash(1)
    #expect(
      world.run(seconds: 0.2) { world in
        [0, 2].allSatisfy { world.state(of: 1, at: $0) == .dead }
      })
    #expect(world.nodes[0].counters.refusalDeaths == 1)
  }

  @Test func `the setting turns it off`() {
    var world = Self.watching(3) { $0.refusalIsDeath = false }
    world.crash(1)
    world.run(seconds: 1)
    #expect(world.state(of: 1, at: 0) != .dead)
    #expect(world.run(seconds: 5) { $0.state(of: 1, at: 0) == .dead })
    #expect(world.nodes[0].counters.refusalDeaths == 0)
  }

  @Test func `one that comes back with the same boot never died and was cut off`() {
    var world = Self.watching(3)
    // Something on the way rejects connections and swallows datagrams.
    world.refuses = [2]
    world.heldBack = { $0.from == 2 || $0.to == 2 }
    world.endStreams()
    #expect(world.run(seconds: 0.2) { $0.state(of: 2, at: 0) == .dead })
    #expect(world.count(at: 0, isPartition) == 0)
    world.run(seconds: 5)
    world.refuses = []
    world.heldBack = { _ in false }
    #expect(world.run(seconds: 4) { $0.isGreen && $0.leader == 0 })
    world.run(seconds: 1)
    #expect(world.nodes[0].counters.falseDeaths == 1)
    #expect(world.nodes[0].counters.partitions == 1)
    #expect(world.count(at: 0, isPartition) == 1)
  }

  @Test func `a restart at the same port is a restart`() {
    var world = Self.watching(3)
    world.crash(2)
    world.run(seconds: 0.05)
    world.wall += 1_000
    world.restart(2)
    #expect(world.run(seconds: 3) { $0.isGreen && $0.leader == 0 })
    world.run(seconds: 3)
    for ordinal in 0..<2 { #expect(world.count(at: ordinal, isPartition) == 0) }
  }
}
