import Testing

@testable import ClusterCore

/// Letters that come after everything they speak of was overwritten, deleted and forgotten. Each rule
/// holds, and doesn't with it taken out.
@Suite struct LateLetterTests {
  /// Three members; the push of the first of two writes of a key is held back on its way to the last.
  private func lateFirstWrite(_ fault: PlantedFault?) throws -> World {
    var world = World(3, faults: Set([fault].compactMap { $0 }))
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 && $0.storesAreEqual }
    world.heldBack = { $0.from == 0 && $0.to == 2 && Self.pushes($0.bytes) }
    try world.put("k", "v1", at: 0)
    world.run(seconds: 0.01)
    world.heldBack = { _ in false }
    try world.put("k", "v2", at: 0)
    world.run(seconds: 0.01)
    try world.delete("k", at: 1)
    return world
  }

  private func deliverHeld(_ world: inout World) {
    for letter in world.held {
      world.give(
        .datagramReceived(letter.bytes, source: World.address(letter.from)), to: letter.to)
    }
  }

  @Test(arguments: [PlantedFault?.none, .knownDotsReturn])
  func `a write that comes after its delete was forgotten does not return`(
    fault: PlantedFault?
  ) throws {
    var world = try lateFirstWrite(fault)
    #expect(world.run(seconds: 20) { $0.nodes.allSatisfy { $0.registerCount == 0 } })
    #expect(world.held.count == 1)
    deliverHeld(&world)
    #expect((world.value("k", at: 2) == nil) == (fault == nil))
  }

  /// The largest dot is known everywhere, but not the one before it: the late write may still come to
  /// the member that never had it, and the delete must be there to meet it.
  @Test(arguments: [PlantedFault?.none, .stableByLargestDot])
  func `a delete is remembered as long as a member has a gap before it`(
    fault: PlantedFault?
  ) throws {
    var world = try lateFirstWrite(fault)
    let first = world.held
    world.heldBack = { $0.to == 2 && Self.claims($0.bytes) }
    world.run(seconds: 20)
    #expect((world.nodes[0].tombstoneCount == 1) == (fault == nil))
    world.held = first
    deliverHeld(&world)
    world.heldBack = { _ in false }
    world.run(seconds: 20)
    #expect(world.value("k", at: 2) == nil)
    #expect(world.nodes.allSatisfy { $0.registerCount == 0 })
  }

  @Test(arguments: [PlantedFault?.none, .bootsUnchecked])
  func `a letter of a process that is over is not read`(fault: PlantedFault?) throws {
    var world = World(3, faults: Set([fault].compactMap { $0 }))
    world.startAll()
    world.run(seconds: 5) { $0.leader == 0 }
    world.heldBack = { $0.from == 2 }
    try world.put("k", "died with its writer", at: 2)
    world.run(seconds: 0.01)
    world.crash(2)
    world.heldBack = { _ in false }
    world.restart(2)
    #expect(world.run(seconds: 5) { $0.isGreen })
    deliverHeld(&world)
    #expect((world.value("k", at: 0) == nil) == (fault == nil))
  }

  private static func pushes(_ bytes: [UInt8]) -> Bool {
    deltas(bytes).contains { $0.claim == nil && !$0.entries.isEmpty }
  }

  private static func claims(_ bytes: [UInt8]) -> Bool {
    deltas(bytes).contains { $0.claim != nil }
  }

  private static func deltas(_ bytes: [UInt8]) -> [Delta] {
    guard let packet = try? Packet(decoding: bytes) else { return [] }
    return packet.sections.compactMap { if case .delta(let delta) = $0 { delta } else { nil } }
  }
}
