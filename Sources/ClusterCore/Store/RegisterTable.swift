/// All registers by key: a hash table by open addressing over slots that keep their number as long as
/// their key is held, so that queues and logs can name a key by four bytes. Its order of iteration is
/// the order of slots, which is the same in every run.
package struct RegisterTable: Sendable {
  /// One key and its register.
  package struct Record: Sendable {
    package var register: Register
    /// The lower bits of the key's hash: what differs in them is another key.
    fileprivate var tag: UInt16
    /// Whether any packet has carried the newest local dot: until then it may be reused.
    package var isExposed = false
    /// Whether the slot waits in the queue of pushes.
    package var isQueued = false
    /// Whether it is left out of the count of readable keys.
    package var isHidden = false
    package var key: Key

    /// The key's hash.
    package var hash: UInt64 { RegisterTable.hash(key.utf8) }
  }

  package typealias Slot = UInt32

  private var records: [Record?] = []
  private var free: [Slot] = []
  /// One more than a slot's number; zero for empty.
  private var index: [UInt32] = Array(repeating: 0, count: 16)
  let seed: UInt64
  private var order = KeyOrder()

  /// The number of keys, deleted ones that are remembered among them.
  package var count: Int { records.count - free.count }
  /// One more than the largest slot in use.
  package var slots: Int { records.count }

  package init(seed: UInt64) { self.seed = seed }

  /// A key's hash, equal on every member.
  package static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return mix(hash)
  }

  /// The slot of a key. Complexity: O(length of the key).
  package func slot(_ key: Key) -> Slot? {
    slot(hash: Self.hash(key.utf8)) { $0 == key }
  }

  /// The slot of the key that has these UTF-8 bytes.
  package func slot(utf8 text: String.UTF8View) -> Slot? {
    slot(hash: Self.hash(text)) { $0.utf8.elementsEqual(text) }
  }

  private func slot(hash: UInt64, matches: (Key) -> Bool) -> Slot? {
    let mask = index.count - 1
    let tag = UInt16(truncatingIfNeeded: hash)
    var position = Int(truncatingIfNeeded: mix(hash ^ seed)) & mask
    while index[position] != 0 {
      let slot = index[position] - 1
      // Field by field: a copy of the record would count references to its value, which lies
      // elsewhere in memory.
      if records[Int(slot)]?.tag == tag, let key = records[Int(slot)]?.key, matches(key) {
        return slot
      }
      position = (position + 1) & mask
    }
    return nil
  }

  /// What is read of a key, without a copy of anything else.
  package enum Found: Sendable {
    case nothing
    case value([UInt8])
    /// More than a plain version: it has to be looked at.
    case register(Slot)
  }

  /// What is read of the key that has these UTF-8 bytes.
  package func find(utf8 text: String.UTF8View) -> Found {
    let hash = Self.hash(text)
    guard let slot = slot(hash: hash, matches: { $0.utf8.elementsEqual(text) }) else {
      return .nothing
    }
    guard records[Int(slot)]?.register.isPlain == true else { return .register(slot) }
    return records[Int(slot)]?.register.plainValue.map { .value($0) } ?? .nothing
  }

  /// What a slot holds; none when it is free.
  package subscript(slot: Slot) -> Record? {
    // Lent, not copied: who asks for one field counts no reference to the others.
    @inline(__always) _read {
      if Int(slot) < records.count { yield records[Int(slot)] } else { yield nil }
    }
    _modify {
      precondition(Int(slot) < records.count, "slot \(slot) of \(records.count)")
      yield &records[Int(slot)]
    }
  }

  /// Adds a key that isn't held.
  package mutating func insert(_ key: Key, _ register: Register) -> Slot {
    if (count + 1) * 2 > index.count { grow() }
    let hash = Self.hash(key.utf8)
    let record = Record(
      register: register, tag: UInt16(truncatingIfNeeded: hash), key: key.compacted)
    let slot: Slot
    if let reused = free.popLast() {
      slot = reused
      records[Int(slot)] = record
    } else {
      slot = Slot(records.count)
      // By an eighth at a time: an array that doubles keeps half of itself for nothing.
      if records.count == records.capacity {
        records.reserveCapacity(records.count + max(records.count / 8, 16))
      }
      records.append(record)
    }
    place(slot, hash)
    order.insert(slot, key) { [records] in records[Int($0)]?.key }
    return slot
  }

  /// Forgets a key. Its slot may be used for another one.
  package mutating func remove(_ slot: Slot) {
    guard let record = self[slot] else { return }
    order.remove(slot, record.key) { [records] in records[Int($0)]?.key }
    let mask = index.count - 1
    var hole = Int(truncatingIfNeeded: mix(record.hash ^ seed)) & mask
    while index[hole] != slot + 1 { hole = (hole + 1) & mask }
    // Close the gap, so that no search stops too early (Knuth, volume 3, 6.4, algorithm R).
    var next = (hole + 1) & mask
    while index[next] != 0 {
      let hash = records[Int(index[next] - 1)]?.hash ?? 0
      let home = Int(truncatingIfNeeded: mix(hash ^ seed)) & mask
      if (next &- home) & mask >= (next &- hole) & mask {
        index[hole] = index[next]
        hole = next
      }
      next = (next + 1) & mask
    }
    index[hole] = 0
    records[Int(slot)] = nil
    free.append(slot)
  }

  /// The slots of keys in byte order, from the first key not before `start`.
  package func slots(from start: [UInt8]) -> KeyOrder.Slots {
    order.slots(from: start) { self.records[Int($0)]?.key }
  }

  private mutating func place(_ slot: Slot, _ hash: UInt64) {
    let mask = index.count - 1
    var position = Int(truncatingIfNeeded: mix(hash ^ seed)) & mask
    while index[position] != 0 { position = (position + 1) & mask }
    index[position] = slot + 1
  }

  private mutating func grow() {
    index = Array(repeating: 0, count: index.count * 2)
    for (slot, record) in records.enumerated() {
      if let record { place(Slot(slot), record.hash) }
    }
  }
}
