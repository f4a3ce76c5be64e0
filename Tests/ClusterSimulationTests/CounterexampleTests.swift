import ClusterCore
import Testing

@testable import ClusterSimulation

/// Runs that broke earlier designs of the store, each found by a model and written out here. Each
/// one must pass now, and shows what its rule is for.
@Suite struct `A known counterexample` {
  /// A writes v1, which is late on its way to R, then v2; B deletes; all forget; v1 arrives. When
  /// only the largest dot is asked for stability, v1 lives on R for ever.
  @Test func `a write that arrives after its delete was forgotten stays away`() throws {
    var nodes = HandDrivenNodes(3)
    nodes.holds = { from, to in from == 0 && to == 2 }
    try nodes.write("k", "v1", at: 0)
    nodes.holds = { _, _ in false }
    try nodes.write("k", "v2", at: 0)
    nodes.run(for: 50)
    try nodes.write("k", nil, at: 1)
    nodes.run(for: 5_000)
    nodes.release()
    nodes.run(for: 5_000)
    for index in 0..<3 {
      #expect(nodes.values("k", at: index) == [])
      #expect(nodes.nodes[index]?.tombstoneCount == 0)
    }
  }

  /// S overwrites what A wrote; R gets another write of S, but not that one; A has restarted and S
  /// dies. When deltas are chosen by surviving dots, the old value stays on D and nobody asks for
  /// it.
  @Test func `an overwrite that dies with its writer leaves no hole`() throws {
    let values = try overwriteThatDies()
    #expect(values[3] == ["old"] || values[3] == ["new"])
    #expect(values.allSatisfy { $0 == values[3] })
  }

  private func overwriteThatDies() throws -> [[String]] {
    var nodes = HandDrivenNodes(4)
    try nodes.write("k", "old", at: 0)
    nodes.run(for: 50)
    nodes.crash(0)
    nodes.start(0)
    // R = 2 has lost everything, too, and gets nothing but what S = 1 pushes.
    nodes.loses = { from, to in from == 0 || to == 0 || from == 2 || to == 2 }
    nodes.crash(2)
    nodes.start(2)
    nodes.run(for: 3_000)
    nodes.loses = { from, to in from == 1 && to != 2 || to == 1 || from == 0 || to == 0 }
    try nodes.write("k", "new", at: 1)
    nodes.loses = { from, to in from == 1 && to == 3 }
    nodes.crash(1)
    nodes.start(1)
    nodes.loses = { _, _ in false }
    nodes.run(for: 10_000)
    return (0..<4).map { nodes.values("k", at: $0) }
  }

  /// An overwrite whose wall clock is far behind still covers what it had seen, and no concurrent
  /// older write takes its place.
  @Test func `an overwrite stamped in the past wins over what it had seen`() throws {
    var nodes = HandDrivenNodes(3)
    nodes.loses = { from, to in from == 0 || to == 0 }
    nodes.skew(2, milliseconds: -600_000)
    try nodes.write("k", "w1", at: 0)
    try nodes.write("k", "w2", at: 1)
    nodes.run(for: 20)
    #expect(nodes.values("k", at: 2) == ["w2"])
    try nodes.write("k", "w3", at: 2)
    nodes.run(for: 20)
    #expect(nodes.values("k", at: 1) == ["w3"])
    nodes.loses = { _, _ in false }
    nodes.run(for: 8_000)
    for index in 0..<3 {
      let values = nodes.values("k", at: index)
      #expect(values == nodes.values("k", at: 0))
      #expect(values.sorted() == ["w1", "w3"])
      #expect(values.last == "w3")
    }
  }

  /// More than fits one datagram is diverged, and half of them are lost: what was cut off must not
  /// count as known.
  @Test func `a delta that doesn't fit claims no more than it carries`() throws {
    var nodes = HandDrivenNodes(3)
    nodes.loses = { from, to in from == 2 || to == 2 }
    for number in 0..<30 {
      try nodes.write("key\(number)", String(repeating: "x", count: 100), at: 0)
    }
    nodes.run(for: 100)
    var dropped = 0
    nodes.loses = { _, to in to == 2 }
    nodes.run(for: 4_000)
    nodes.holds = { _, to in to == 2 }
    nodes.loses = { _, _ in false }
    nodes.run(for: 1_500)
    nodes.held = nodes.held.filter { _ in
      dropped += 1
      return dropped % 2 == 0
    }
    nodes.release()
    nodes.holds = { _, _ in false }
    nodes.run(for: 15_000)
    for number in 0..<30 { #expect(nodes.values("key\(number)", at: 2).count == 1) }
    #expect(nodes.nodes[2]?.storeDigest == nodes.nodes[0]?.storeDigest)
  }

  /// A dot that was known and overwritten comes again, much later, by a duplicated datagram.
  @Test func `a duplicate of an overwritten value changes nothing`() throws {
    var nodes = HandDrivenNodes(3)
    nodes.holds = { from, to in from == 0 && to == 1 }
    try nodes.write("k", "v1", at: 0)
    nodes.holds = { _, _ in false }
    let copy = nodes.held
    nodes.release()
    nodes.run(for: 20)
    try nodes.write("k", nil, at: 1)
    nodes.run(for: 6_000)
    #expect(nodes.values("k", at: 0) == [])
    nodes.held = copy
    nodes.release()
    nodes.run(for: 3_000)
    for index in 0..<3 { #expect(nodes.values("k", at: index) == []) }
  }
}
