import Testing

@testable import ClusterCore

/// A delete is remembered until every disk has it; files that are older than what their member told
/// are not believed.
@Suite struct FlushedClockTests {
  private func world(_ faults: PlantedFault...) throws -> World {
    var world = World(3, faults: Set(faults))
    try world.startAllWithDisks()
    world.run(seconds: 8) { $0.leader == 0 && $0.isGreen }
    return world
  }

  /// The third member's disk has v1. It hears of the delete, says so, and dies before that is on its
  /// disk. If the others have forgotten the delete by then, nobody can tell that v1 is deleted.
  /// (The third member would also be told that its files are old; that rule is taken out here.)
  @Test(arguments: [PlantedFault?.none, .unflushedIsStable])
  func `a delete that one disk doesn't have yet is not forgotten`(fault: PlantedFault?) throws {
    var world = try world(.oldFilesTrusted, fault ?? .oldFilesTrusted)
    try world.put("k", "v1", at: 0)
    world.run(seconds: 2)
    world.disks[2]?.isStuck = true
    try world.delete("k", at: 1)
    world.run(seconds: 5)
    #expect(world.value("k", at: 2) == nil)
    world.crashWithDisk(2)
    try world.startWithDisk(2)
    world.run(seconds: 5)
    let values = (0..<3).map { world.value("k", at: $0) }
    #expect((values == [nil, nil, nil]) == (fault == nil))
    guard fault == nil else { return }
    world.run(seconds: 3)
    #expect(world.nodes.map(\.tombstoneCount) == [0, 0, 0])
    #expect(world.storesAreEqual)
  }

  /// A volume is put back as it was before the delete, of which nobody knows any more.
  @Test(arguments: [PlantedFault?.none, .oldFilesTrusted])
  func `files that are older than what was told bring nothing back`(fault: PlantedFault?) throws {
    var world = World(3, faults: Set([fault].compactMap { $0 }))
    try world.startAllWithDisks()
    world.run(seconds: 8) { $0.leader == 0 && $0.isGreen }
    try world.put("k", "v1", at: 0)
    try world.put("other", "stays", at: 0)
    world.run(seconds: 2)
    let old = world.disks[2]?.journal
    try world.delete("k", at: 1)
    world.run(seconds: 5)
    #expect(world.nodes.map(\.tombstoneCount) == [0, 0, 0])
    world.crashWithDisk(2)
    world.disks[2]?.journal = try #require(old)
    try world.startWithDisk(2)
    world.run(seconds: 6)
    #expect((world.value("k", at: 2) == nil) == (fault == nil))
    guard fault == nil else { return }
    #expect(world.storesAreEqual)
    #expect(world.nodes[2].isSynced)
    #expect(world.value("other", at: 2) == "stays")
    // And the disk is whole again.
    world.crashWithDisk(2)
    try world.startWithDisk(2)
    #expect(world.nodes[2].restored.quarantine.isEmpty)
    #expect(world.value("k", at: 2) == nil)
    #expect(world.value("other", at: 2) == "stays")
  }

  /// While what it has is looked through, its disk still says what it said, but not that it is true.
  @Test func `a member that dies while it looks through old files does so again`() throws {
    var world = try world()
    try world.put("k", "v1", at: 0)
    world.run(seconds: 2)
    let old = world.disks[2]?.journal
    try world.delete("k", at: 1)
    world.run(seconds: 5)
    world.crashWithDisk(2)
    world.disks[2]?.journal = try #require(old)
    try world.startWithDisk(2)
    world.run(seconds: 3) { !$0.nodes[2].restored.quarantine.isEmpty }
    #expect(!world.nodes[2].restored.quarantine.isEmpty)
    world.run(seconds: 0.0015)
    world.crashWithDisk(2)
    let found = try #require(world.disks[2]).load(world.nodes[2].journalHeader).get()
    #expect(!found.isTrusted)
    #expect(found.count == 1)
    try world.startWithDisk(2)
    world.run(seconds: 6)
    #expect(world.value("k", at: 2) == nil)
    #expect(world.storesAreEqual)
  }

  @Test func `a restart of all loses nothing that was flushed`() throws {
    var world = try world()
    for number in 0..<50 { try world.put("k\(number)", "v\(number)", at: number % 3) }
    try world.delete("k7", at: 1)
    world.run(seconds: 2)
    for ordinal in 0..<3 { world.crashWithDisk(ordinal) }
    for ordinal in 0..<3 { try world.startWithDisk(ordinal) }
    #expect(world.value("k8", at: 0) == "v8")
    world.run(seconds: 8) { $0.isGreen && $0.storesAreEqual }
    for number in 0..<50 {
      for ordinal in 0..<3 {
        #expect(world.value("k\(number)", at: ordinal) == (number == 7 ? nil : "v\(number)"))
      }
    }
    #expect(Set(world.nodes.map { $0.store.actor }).count == 3)
    try world.put("new", "value", at: 0)
    world.run(seconds: 2)
    #expect(world.value("new", at: 2) == "value")
  }

  /// Nobody else is there who knows more: what its disk has is all there is.
  @Test func `a member alone with a damaged file keeps what is whole`() throws {
    var world = World(1)
    try world.startAllWithDisks()
    for number in 0..<20 {
      try world.put("k\(number)", "v\(number)", at: 0)
      world.run(seconds: 0.01)
    }
    world.crashWithDisk(0)
    let middle = (world.disks[0]?.journal.count ?? 0) / 2
    world.disks[0]?.journal[middle] ^= 1
    try world.startWithDisk(0)
    world.run(seconds: 3)
    let kept = (0..<20).count { world.value("k\($0)", at: 0) == "v\($0)" }
    #expect(kept == 19)
    #expect(world.nodes[0].isSynced)
    world.crashWithDisk(0)
    try world.startWithDisk(0)
    #expect((0..<20).count { world.value("k\($0)", at: 0) != nil } == 19)
    #expect(world.nodes[0].restored.quarantine.isEmpty)
  }

  @Test func `a member leaves once all that it knows is on its disk`() throws {
    var world = World(1)
    try world.startAllWithDisks()
    try world.put("a", "1", at: 0)
    world.run(seconds: 1)
    world.disks[0]?.isStuck = true
    try world.put("b", "2", at: 0)
    world.run(seconds: 0.1)
    world.give(.commanded(.leave), to: 0)
    world.run(seconds: 1)
    #expect(world.endings[0] == nil)
    world.disks[0]?.isStuck = false
    let waiting = world.disks[0]?.waiting ?? []
    for record in waiting { world.append(record, of: 0) }
    world.run(seconds: 1)
    #expect(world.endings[0] == .left)
    let found = try #require(world.disks[0]).load(world.nodes[0].journalHeader).get()
    #expect(found.count == 2)
  }

  @Test func `a disk that stands still doesn't hold a leave up for ever`() throws {
    var world = World(1)
    try world.startAllWithDisks()
    world.run(seconds: 1)
    world.disks[0]?.isStuck = true
    try world.put("b", "2", at: 0)
    world.give(.commanded(.leave), to: 0)
    world.run(seconds: 5)
    #expect(world.endings[0] == .left)
  }

  @Test func `a member whose clock was set back takes a larger boot all the same`() throws {
    var world = World(1)
    try world.startAllWithDisks()
    try world.put("a", "1", at: 0)
    world.run(seconds: 1)
    let before = world.nodes[0].boot
    world.crashWithDisk(0)
    world.wall -= 3_600_000
    try world.startWithDisk(0)
    #expect(world.nodes[0].boot > before)
  }

  /// Ends a process, and starts it anew with another disk, which is empty unless one is given.
  private func restart(
    _ ordinal: Int, with disk: MemoryDisk = MemoryDisk(), in world: inout World
  ) throws {
    world.crashWithDisk(ordinal)
    world.disks[ordinal] = disk
    try world.startWithDisk(ordinal)
  }

  /// The second member has lost its disk, and its clock was set back: it writes alone, under a number
  /// below one that the first has sealed, and dies before the two meet.
  @Test(arguments: [PlantedFault?.none, .unheardIsKnown])
  func `a life that nobody heard of comes back, whatever was sealed past it`(
    fault: PlantedFault?
  ) throws {
    var world = World(2, faults: Set([fault].compactMap { $0 }))
    try world.startAllWithDisks()
    world.run(seconds: 8) { $0.isGreen }
    try world.put("k", "before", at: 1)
    world.run(seconds: 2)
    let sealed = world.nodes[1].boot
    try restart(1, in: &world)
    world.run(seconds: 8) { $0.nodes[0].store.known[1].sealedThrough >= sealed }
    #expect(world.nodes[0].store.known[1].sealedThrough >= sealed)
    world.cuts = [[0, 1], [1, 0]]
    world.wall -= 60_000
    try restart(1, in: &world)
    world.run(seconds: 5)
    #expect(world.nodes[1].boot < sealed)
    try world.put("other", "alone", at: 1)
    world.run(seconds: 1)
    world.cuts = []
    try restart(1, with: #require(world.disks[1]), in: &world)
    world.run(seconds: 10)
    let values = (0..<2).map { world.value("other", at: $0) }
    #expect((values == ["alone", "alone"]) == (fault == nil))
    #expect(world.nodes[1].isSynced)
  }

  /// The same, but somebody had heard of that life, and has deleted since what it wrote.
  @Test func `what was heard of stays deleted, though its life is sealed by now`() throws {
    var world = try world()
    try world.put("k", "v1", at: 2)
    try world.put("other", "stays", at: 2)
    world.run(seconds: 3)
    let (old, life) = (try #require(world.disks[2]), world.nodes[2].boot)
    try restart(2, in: &world)
    world.run(seconds: 3)
    try world.delete("k", at: 1)
    world.run(seconds: 8) { world in world.nodes.allSatisfy { $0.tombstoneCount == 0 } }
    #expect(world.nodes.allSatisfy { $0.store.known[2].sealedThrough >= life })
    #expect(world.nodes.map(\.tombstoneCount) == [0, 0, 0])
    try restart(2, with: old, in: &world)
    world.run(seconds: 8)
    for ordinal in 0..<3 {
      #expect(world.value("k", at: ordinal) == nil)
      #expect(world.value("other", at: ordinal) == "stays")
    }
    #expect(world.storesAreEqual)
  }

  @Test func `how many of its boots a member keeps has a bound`() throws {
    var world = World(2)
    try world.startAllWithDisks()
    world.run(seconds: 8) { $0.isGreen }
    try world.put("k", "v", at: 1)
    world.run(seconds: 2)
    try restart(1, with: #require(world.disks[1]), in: &world)
    for _ in 0..<200 {
      world.nodes[1].take(boot: world.nodes[1].boot + 1)
      world.nodes[0].take(boot: world.nodes[0].boot + 1)
    }
    #expect(world.nodes[1].restored.boots.count == Node.Restored.mostBoots)
    #expect(world.nodes[1].restored.boots.last == world.nodes[1].boot)
    // One that found nothing on its disk is never asked for them.
    #expect(world.nodes[0].restored.boots.isEmpty)
  }
}
