import ClusterCore

/// The members' disks.
extension World {
  /// Whether a restart keeps the disk: as it says itself, or as drawn.
  mutating func keepsDisk(_ asked: Bool) -> Bool {
    guard !asked, let disk = scenario.disk else { return asked }
    return disk.kept.happens(&random.disks)
  }

  /// A process died: what of its store remains.
  mutating func crashDisk(_ index: Int) {
    guard let process = machines[index].process else { return }
    machines[index].remains = process.core.store
    machines[index].disk.crash(&random.disks)
  }

  /// Gives a process that is about to start what its disk holds.
  mutating func restore(_ index: Int, keeping isKept: Bool) {
    let remains = machines[index].remains
    machines[index].remains = nil
    guard let header = machines[index].process?.core.journalHeader else { return }
    let moment = machines[index].moment(at: now)
    if !isKept { machines[index].disk = SimulatedDisk() }
    if scenario.disk != nil {
      let restoration = machines[index].disk.load(header, seed: seed)
      if isKept, let told = remains?.durable, restoration.clock?.covers(told) != true,
        told.newestBoot > 0
      {
        fail("durability", "what was flushed isn't there any more", node: index)
      }
      machines[index].process?.core.restore(restoration, at: moment)
    } else if isKept, let remains {
      // As if each write had been flushed at once.
      machines[index].process?.core.restore(
        Restoration(of: remains), keepsJournal: false, at: moment)
    }
    noteRestored(index)
  }

  /// A member has something to write.
  mutating func append(_ record: JournalRecord, of index: Int) {
    machines[index].disk.begin(record)
    let delay = scenario.disk?.flush.draw(&random.disks) ?? 0
    queue.push(
      .flushed(index, life: machines[index].life, number: record.number), at: now + max(delay, 1))
  }

  /// A member's disk has flushed a piece.
  mutating func flushed(_ index: Int, life: Int, number: UInt64) {
    guard machines[index].life == life, machines[index].isUp,
      machines[index].disk.complete(number)
    else { return }
    deliver(.appended(number: number), to: index, life: life)
  }

  /// What a process begins with, it holds.
  private mutating func noteRestored(_ index: Int) {
    var keys: [Key] = []
    machines[index].process?.core.forEachRegister { key, _ in
      keys.append(key)
      return true
    }
    for key in keys {
      let candidates = machines[index].process?.core.candidates(key) ?? []
      if let broken = oracle.changed(key, to: candidates, at: index) {
        fail(broken, node: index)
      }
    }
  }
}
