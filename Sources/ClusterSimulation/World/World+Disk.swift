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
    guard let node = machines[index].node else { return }
    machines[index].remains = node.store
    machines[index].disk.crash(&random.disks)
  }

  /// Gives a process that is about to start what its disk holds.
  mutating func restore(_ index: Int, keeping isKept: Bool) {
    let remains = machines[index].remains
    machines[index].remains = nil
    guard let header = machines[index].node?.journalHeader else { return }
    let moment = machines[index].moment(at: now)
    if !isKept { machines[index].disk = SimulatedDisk() }
    if scenario.disk != nil {
      let restoration = machines[index].disk.load(header, seed: seed)
      if isKept, let told = remains?.durable, restoration.clock?.covers(told) != true,
        told.newestBoot > 0
      {
        fail("durability", "what was flushed isn't there any more", node: index)
      }
      machines[index].node?.restore(restoration, at: moment)
    } else if isKept, let remains {
      // As if each write had been flushed at once.
      machines[index].node?.restore(Restoration(of: remains), keepsJournal: false, at: moment)
    }
    machines[index].node?.forEachRegister { key, register in
      noteRestored(key, register, at: index)
      return failure == nil
    }
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
    guard machines[index].life == life, machines[index].node != nil,
      machines[index].disk.complete(number)
    else { return }
    deliver(.appended(number: number), to: index, life: life)
  }

  private mutating func noteRestored(_ key: Key, _ register: Register, at index: Int) {
    guard let node = machines[index].node else { return }
    let candidates = node.store.candidates(register, wallMilliseconds: 0)
    if let problem = oracle.changed(key, to: candidates, at: index) {
      fail("store", problem, node: index)
    }
  }
}
