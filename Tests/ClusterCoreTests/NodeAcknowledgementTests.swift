import Testing

@testable import ClusterCore

/// Writes whose callers wait for other members.
@Suite struct NodeAcknowledgementTests {
  private func write(
    _ key: String, size: Int = 3, _ concern: WriteConcern, seconds: UInt64 = 5, token: UInt64,
    _ world: inout World, at node: Int = 0
  ) throws {
    var effects: [Effect] = []
    let operation = StoreOperation.put(
      try Key(key), Array(repeating: 7, count: size), expires: nil)
    try world.nodes[node].write(
      [operation], concern: concern, within: .seconds(seconds), token: token, at: world.moment,
      into: &effects)
    world.perform(effects, of: node)
  }

  private func answer(_ token: UInt64, _ world: World, at node: Int = 0) -> WriteReceipt? {
    for case .written(token, let receipt) in world.answers[node] { return receipt }
    return nil
  }

  @Test func `a majority answers within a round trip or two, not with the next probe`() throws {
    var world = World.settled(5)
    try write("k", .majority, token: 1, &world)
    #expect(answer(1, world) == nil)
    #expect(world.run(seconds: 0.1) { answer(1, $0) != nil })
    let receipt = try #require(answer(1, world))
    #expect(receipt.isReached && receipt.required == 3 && receipt.holders.count >= 3)
    let holders = receipt.holders.map(\.ordinal)
    for node in holders { #expect(world.value("k", at: node) != nil, "\(node) says it has it") }
  }

  @Test func `a push that was lost is repaired by the question`() throws {
    var world = World.settled(3)
    world.heldBack = { $0.from == 0 && LetterKind.isPush($0.bytes) }
    try write("k", .all, token: 1, &world)
    world.run(seconds: 0.02)
    world.heldBack = { _ in false }
    #expect(world.run(seconds: 0.3) { answer(1, $0) != nil })
    #expect(world.value("k", at: 1) != nil && world.value("k", at: 2) != nil)
  }

  @Test func `a value that goes over a stream is waited for, too`() throws {
    var world = World.settled(3)
    try write("k", size: 200_000, .all, token: 1, &world)
    #expect(world.run(seconds: 2) { answer(1, $0)?.isReached == true })
  }

  @Test func `the others' silence ends the wait with who has it, and the write stays`() throws {
    var world = World.settled(3)
    world.partition([0, 1], [2])
    try write("k", .all, seconds: 2, token: 1, &world)
    #expect(!world.run(seconds: 1.5) { answer(1, $0) != nil })
    #expect(world.run(seconds: 1) { answer(1, $0) != nil })
    let receipt = try #require(answer(1, world))
    #expect(!receipt.isReached && receipt.holders.map(\.ordinal) == [0, 1])
    #expect(receipt.missing.map(\.ordinal) == [2])
    world.heal()
    #expect(world.run(seconds: 10) { $0.value("k", at: 2) != nil })
  }

  @Test func `many callers share one question at a time`() throws {
    var world = World.settled(3)
    world.run(seconds: 2)
    let before = world.datagrams
    for number in 0..<500 as Range<UInt64> {
      try write("k\(number)", .all, token: number, &world)
    }
    #expect(world.run(seconds: 1) { $0.answers[0].count == 500 })
    #expect(world.datagrams - before < 400, "\(world.datagrams - before) datagrams")
    #expect(world.nodes[0].awaited.isEmpty)
  }

  @Test func `what can't be is refused before anything is written`() throws {
    var world = World.settled(3)
    for concern in [WriteConcern.count(0), .count(-1), .count(4)] {
      #expect(throws: StoreError.self) { try write("k", concern, token: 1, &world) }
    }
    #expect(world.value("k", at: 0) == nil)
    try write("k", .local, token: 2, &world)
    #expect(answer(2, world)?.isReached == true)
  }

  private enum LetterKind {
    static func isPush(_ bytes: [UInt8]) -> Bool {
      guard let packet = try? Packet(decoding: bytes) else { return false }
      return packet.sections.contains {
        if case .delta(let delta) = $0 { delta.claim == nil } else { false }
      }
    }
  }
}
