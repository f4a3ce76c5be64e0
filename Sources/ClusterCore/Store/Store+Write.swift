/// Local writes.
extension Store {
  /// Whether a batch can be written: nothing is changed by asking. Deletes and values that don't
  /// grow can be, however full the store is here or elsewhere: else nobody could make room.
  package func admit(
    _ operations: some Collection<StoreOperation>, isPeerFull: Bool = false
  ) throws(StoreError) {
    var growth = 0
    for operation in operations {
      guard case .put(let key, let value, _) = operation else { continue }
      guard value.count <= Limits.value else {
        throw .valueTooLarge(bytes: value.count, limit: Limits.value)
      }
      growth += key.utf8.count + value.count
    }
    // What the keys have now need not be looked up where there is room for all of it once more.
    if bytes + growth <= budget, !isPeerFull { return }
    for operation in operations {
      guard case .put(let key, _, _) = operation, let old = register(key) else { continue }
      growth -= key.utf8.count + old.valueBytes
    }
    guard growth <= 0 || (bytes + growth <= budget && !isPeerFull) else {
      throw .full(bytes: bytes + growth, limit: budget)
    }
  }

  /// Writes one step, and answers what changed: nothing for the delete of a key that isn't there.
  package mutating func write(
    _ operation: StoreOperation, wallMilliseconds: UInt64
  ) -> KeyChange? {
    switch operation {
    case .put(let key, let value, let expires):
      return write(
        key, value: value, expires: expires.map { max($0, 1) } ?? 0,
        wallMilliseconds: wallMilliseconds)
    case .delete(let key):
      guard let slot = table.slot(key), table.isTombstone(slot) == false else {
        return nil
      }
      return write(key, value: nil, expires: 0, wallMilliseconds: wallMilliseconds)
    }
  }

  private mutating func write(
    _ key: Key, value: [UInt8]?, expires: UInt64, wallMilliseconds: UInt64
  ) -> KeyChange {
    tick(wallMilliseconds)
    let hash = RegisterTable.hash(key.utf8)
    let slot = table.slot(key, hash: hash)
    var stamp = time
    if let slot, let held = table.time(slot), !faults.has(.stampsNotMonotone) {
      stamp = max(stamp, held == .max ? .max : held + 1)
      // The clock follows its own stamp, or a later write of another key could bear the same.
      follow(stamp, wallMilliseconds: wallMilliseconds)
    }
    let dot = slot.flatMap { reusableDot($0) } ?? nextDot()
    let version = Version(dot: dot, time: stamp, expires: expires, value: value)
    let place: RegisterTable.Slot
    if let slot {
      place = slot
      overwrite(slot, with: version, hash: hash)
    } else {
      place = add(
        key, Register(versions: [version], context: forgotten.context(of: dot.actor)), hash: hash)
    }
    table[place]?.isExposed = false
    learn(dot)
    unstable.insert(dot, place, isSettled: table.isSettled(place))
    enqueue(place)
    let origin = Origin(ordinal: actor.ordinal, boot: actor.boot)
    guard faults.has(.writeCoversNewestOnly) else {
      return KeyChange(
        key: key, only: version.candidate(wallMilliseconds: wallMilliseconds), origin: origin,
        cause: .local)
    }
    return change(place, origin: dot.actor, cause: .local, wallMilliseconds: wallMilliseconds)
      ?? KeyChange(key: key, candidates: [], origin: origin, cause: .local)
  }

  /// Replaces what a key has by a version that has seen all of it.
  private mutating func overwrite(
    _ slot: RegisterTable.Slot, with version: Version, hash: UInt64
  ) {
    guard var register = table.register(slot) else { return }
    if register.holds(version.dot) {
      register.replace(with: version)
    } else if faults.has(.writeCoversNewestOnly), let newest = register.versions.last {
      register.add(version, covering: newest.dot)
    } else {
      register.overwrite(with: version)
    }
    store(register, in: slot, hash: hash)
  }

  /// A dot that nobody else has seen may carry the next value of its key: writes that are coalesced
  /// before they leave then leave no gap behind.
  private func reusableDot(_ slot: RegisterTable.Slot) -> Dot? {
    guard table.isExposed(slot) == false || faults.has(.exposedDotsReused),
      let only = table.register(slot)?.onlyDot, only.actor == actor
    else { return nil }
    return only
  }

  private mutating func nextDot() -> Dot {
    sequence += 1
    return Dot(actor: actor, sequence: sequence)
  }

  /// Advances the hybrid logical clock for a local event.
  mutating func tick(_ wallMilliseconds: UInt64) {
    let wall = wallMilliseconds >= 1 << 47 ? 0 : wallMilliseconds << 16
    time = max(wall, time == .max ? .max : time + 1)
  }

  mutating func learn(_ dot: Dot) {
    known.insert(dot)
    if faults.has(.noExceptions) { known.dropExtras() }
    version &+= 1
  }

  /// What an observer is told of a slot.
  func change(
    _ slot: RegisterTable.Slot, origin: Actor, cause: KeyChange.Cause, wallMilliseconds: UInt64
  ) -> KeyChange? {
    guard let key = table.key(slot), let register = table.register(slot) else { return nil }
    let origin = Origin(ordinal: origin.ordinal, boot: origin.boot)
    if let only = register.onlyVersion {
      return KeyChange(
        key: key, only: only.candidate(wallMilliseconds: wallMilliseconds), origin: origin,
        cause: cause)
    }
    let all = candidates(register, wallMilliseconds: wallMilliseconds)
    return KeyChange(key: key, candidates: all, origin: origin, cause: cause)
  }

  /// Queues a key to be pushed. Each key waits once, whatever is written to it meanwhile: it is
  /// encoded from its state at the time of sending.
  mutating func enqueue(_ slot: RegisterTable.Slot) {
    guard table.isQueued(slot) == false else { return }
    table[slot]?.isQueued = true
    queue.append(slot)
  }

  package var hasQueued: Bool { queueHead < queue.count }

  /// The place in the queue that the next key takes.
  var queueEnd: Int { queueBase + queue.count }

  /// Notes that what was queued from a place on is one batch.
  mutating func noteBatch(from start: Int) {
    dropSentBatches()
    if queueEnd - start > 1 { batches.append(start..<queueEnd) }
  }

  /// How many bytes the batch takes that begins with the key that waits longest; none where none does.
  mutating func batchSizeAtHead() -> Int? {
    dropSentBatches()
    guard let batch = batches.first, batch.lowerBound == queueBase + queueHead else { return nil }
    return batch.reduce(0) { sum, place in
      guard let record = table[queue[place - queueBase]], record.isQueued else { return sum }
      return sum + Delta.size(key: record.key.utf8.count, register: record.register)
    }
  }

  private mutating func dropSentBatches() {
    while let batch = batches.first, batch.upperBound <= queueBase + queueHead {
      batches.removeFirst()
    }
  }

  /// The key that waits longest.
  package mutating func peekQueued() -> RegisterTable.Slot? {
    while queueHead < queue.count {
      let slot = queue[queueHead]
      if table.isQueued(slot) == true { return slot }
      queueHead += 1
    }
    queueBase += queue.count
    queue.removeAll(keepingCapacity: true)
    queueHead = 0
    return nil
  }

  /// Takes the key that waits longest.
  package mutating func dequeue() -> RegisterTable.Slot? {
    while queueHead < queue.count {
      let slot = queue[queueHead]
      queueHead += 1
      if queueHead == queue.count || queueHead > 4_096, queueHead * 2 >= queue.count {
        queue.removeFirst(queueHead)
        queueBase += queueHead
        queueHead = 0
      }
      if table.isQueued(slot) == true {
        table[slot]?.isQueued = false
        return slot
      }
    }
    return nil
  }

  /// Takes all keys that wait out of the queue: there is nobody to push them to, and whoever comes
  /// later asks for what it lacks.
  mutating func dropQueued() {
    while let slot = dequeue() { expose(slot) }
    dropSentBatches()
  }

  /// Marks a key's newest local dot as seen by others.
  package mutating func expose(_ slot: RegisterTable.Slot) { table[slot]?.isExposed = true }
}
