import Testing

@testable import ClusterCore

/// Whom a member asks for what it lacks.
@Suite struct QuestionTests {
  /// The third of three members missed a write, and hears the first two at the same moment.
  private func behind(_ fault: PlantedFault?) throws -> World {
    var world = World.settled(3) { $0.plantedFaults = Set([fault].compactMap { $0 }) }
    world.heldBack = { $0.to == 2 }
    try world.put("k", "v", at: 0)
    world.run(seconds: 0.1) { $0.value("k", at: 1) == "v" }
    world.run(seconds: 0.05)
    world.letters.removeAll { $0.to == 2 }
    world.transcript = []
    return world
  }

  private func asked(_ world: World) -> [Int] {
    (world.transcript ?? []).filter { $0.from == 2 && Self.isDigest($0.bytes) }.map(\.to)
  }

  private static func isDigest(_ bytes: [UInt8]) -> Bool {
    guard let packet = try? Packet(decoding: bytes) else { return false }
    return packet.sections.contains {
      if case .digest = $0 { true } else { false }
    }
  }

  @Test(arguments: [PlantedFault?.none, .everybodyAsked])
  func `of two that know the same one is asked`(fault: PlantedFault?) throws {
    var world = try behind(fault)
    for source in [0, 1] {
      world.deliver(world.packet(from: source, to: 2, [.ping(nonce: 9)]), from: source, to: 2)
    }
    #expect(asked(world) == (fault == nil ? [0] : [0, 1]))
  }

  /// The question, or the answer to it, may be lost.
  @Test func `one that was spared a question is asked when it is heard again`() throws {
    var world = try behind(nil)
    for source in [0, 1, 1] {
      world.deliver(world.packet(from: source, to: 2, [.ping(nonce: 9)]), from: source, to: 2)
    }
    #expect(asked(world) == [0, 1])
  }

  @Test func `one that knows something else is asked all the same`() throws {
    var world = try behind(nil)
    try world.put("other", "v", at: 1)
    for source in [0, 1] {
      world.deliver(world.packet(from: source, to: 2, [.ping(nonce: 9)]), from: source, to: 2)
    }
    #expect(asked(world) == [0, 1])
  }
}
