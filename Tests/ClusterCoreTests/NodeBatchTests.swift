import Testing

@testable import ClusterCore

@Suite struct NodeBatchTests {
  private func put(_ key: String, _ size: Int) throws -> StoreOperation {
    .put(try Key(key), Array(repeating: 7, count: size), expires: nil)
  }

  /// The pushes that member 0 sent to member 1, each as the keys in it.
  private func pushes(_ world: World) -> [[String]] {
    (world.transcript ?? []).filter { $0.from == 0 && $0.to == 1 }.compactMap { letter in
      guard let packet = try? Packet(decoding: letter.bytes) else { return nil }
      for case .delta(let delta) in packet.sections where delta.claim == nil {
        return delta.entries.map(\.key.text)
      }
      return nil
    }
  }

  @Test func `a batch that fits into one packet leaves in one, whatever was written before`() throws
  {
    var world = World.settled(3)
    world.transcript = []
    var effects: [Effect] = []
    func write(_ operations: [StoreOperation]) throws {
      try world.nodes[0].write(operations, at: world.moment, into: &effects)
    }
    try write([put("before", 500)])
    try write([put("a", 200), put("b", 200), put("c", 200)])
    try write([put("after", 20)])
    world.perform(effects, of: 0)
    world.run(seconds: 0.05)
    #expect(pushes(world) == [["before"], ["a", "b", "c", "after"]])
    #expect(world.nodes[0].store.batches.isEmpty || !world.nodes[0].store.hasQueued)
  }

  @Test func `a batch that fits into none is cut, and its keys are sent once`() throws {
    var world = World.settled(3)
    world.transcript = []
    var effects: [Effect] = []
    let operations = try (0..<20).map { try put("k\($0)", 200) }
    for _ in 0..<3 { try world.nodes[0].write(operations, at: world.moment, into: &effects) }
    world.perform(effects, of: 0)
    world.run(seconds: 0.05)
    #expect(pushes(world).joined().sorted() == (0..<20).map { "k\($0)" }.sorted())
    try world.write([put("later", 10), put("last", 10)], at: 0)
    world.run(seconds: 0.05)
    #expect(pushes(world).last == ["later", "last"])
    #expect(world.nodes[0].store.batches.count <= 1)
  }
}
