/// All registers by key: a hash table by open addressing over slots that keep their number as long as
/// their key is held, so that queues and logs can name a key by four bytes. Its order of iteration is
/// the order of slots, which is the same in every run.
package struct RegisterTable: Sendable {
  /// One key and its register.
  package struct Record: Sendable {
    package var register: Register
    /// Whether any packet has carried the newest local dot: until then it may be reused.
    package var isExposed = false
    /// Whether the slot waits in the queue of pushes.
    package var isQueued = false
    /// Whether it is left out of the count of readable keys.
    package var isHidden = false
    package var key: Key

    fileprivate mutating func exchange(_ other: inout Register) { swap(&register, &other) }

    /// The key's hash.
    package var hash: UInt64 { RegisterTable.hash(key.utf8) }
  }

  package typealias Slot = UInt32

  /// Slot 0 is nobody's: it stands for all that there are not.
  private var records: [Record?] = [nil]
  private var free: [Slot] = []
  /// One more than a slot's number in the lower bits, as many of them as a place in the index has; zero
  /// for empty. Above these stand bits of the key's hash: what differs in them is another key, which
  /// need not be looked at, wherever in memory it lies.
  private var index: [UInt32] = Array(repeating: 0, count: 16)
  let seed: UInt64
  private var order = KeyOrder()

  /// The number of keys, deleted ones that are remembered among them.
  package var count: Int { records.count - 1 - free.count }
  /// One more than the largest slot in use.
  package var slots: Int { records.count }

  package init(seed: UInt64) { self.seed = seed }

  /// A key's hash, equal on every member.
  package static func hash(_ text: String.UTF8View) -> UInt64 {
    let bytes = text.span
    let count = bytes.count
    var hash = 0xCBF2_9CE4_8422_2325 ^ UInt64(truncatingIfNeeded: count)
    var index = 0
    while index &+ 8 <= count {
      hash = fold(hash, bytes.word(at: index))
      index &+= 8
    }
    if index < count {
      var rest: UInt64 = 0
      if count >= 8 {
        rest = bytes.word(at: count &- 8)
      } else {
        for last in index..<count { rest = rest << 8 | UInt64(bytes[last]) }
      }
      hash = fold(hash, rest)
    }
    return mix(hash)
  }

  @inline(__always)
  private static func fold(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return (product.high ^ product.low) &+ word
  }

  /// The slot of a key. Complexity: O(length of the key).
  package func slot(_ key: Key) -> Slot? { slot(key, hash: Self.hash(key.utf8)) }

  /// The slot of a key whose hash is known.
  package func slot(_ key: Key, hash: UInt64) -> Slot? { slot(utf8: key.utf8, hash: hash) }

  /// The slot of the key that has these UTF-8 bytes.
  package func slot(utf8 text: String.UTF8View) -> Slot? {
    slot(utf8: text, hash: Self.hash(text))
  }

  private func slot(utf8 text: String.UTF8View, hash: UInt64) -> Slot? {
    let mask = index.count - 1
    let slots = UInt32(truncatingIfNeeded: mask)
    let tag = UInt32(truncatingIfNeeded: hash) & ~slots
    var position = Int(truncatingIfNeeded: mix(hash ^ seed)) & mask
    while true {
      let entry = index[position]
      if entry == 0 { return nil }
      // Field by field: a copy of the record would count references to its value, which lies
      // elsewhere in memory.
      if entry & ~slots == tag {
        let slot = (entry & slots) &- 1
        if records[Int(slot)]?.key.utf8.span.hasSameBytes(as: text.span) == true { return slot }
      }
      position = (position &+ 1) & mask
    }
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
    guard let slot = slot(utf8: text) else { return .nothing }
    guard records[Int(slot)]?.register.isPlain == true else { return .register(slot) }
    return records[Int(slot)]?.register.plainValue.map { .value($0) } ?? .nothing
  }

  /// What a slot holds; none when it is free.
  package subscript(slot: Slot) -> Record? {
    // Lent, not copied: who asks for one field counts no reference to the others.
    @inline(__always) _read { yield records[place(of: slot)] }
    _modify {
      precondition(Int(slot) < records.count, "slot \(slot) of \(records.count)")
      yield &records[Int(slot)]
    }
  }

  @inline(__always)
  private func place(of slot: Slot) -> Int { Int(slot) < records.count ? Int(slot) : 0 }

  // Field by field: where a store that is being changed asks by the subscript, the compiler takes
  // memory for the call and copies the record.

  /// A slot's key; none when it is free.
  package func key(_ slot: Slot) -> Key? { records[place(of: slot)]?.key }

  /// A slot's register; none when it is free.
  package func register(_ slot: Slot) -> Register? { records[place(of: slot)]?.register }

  /// The hash of a slot's key; none when it is free.
  func hash(_ slot: Slot) -> UInt64? { records[place(of: slot)]?.hash }

  /// The time of a slot's newest version; none when it is free.
  func time(_ slot: Slot) -> UInt64? { records[place(of: slot)]?.register.time }

  /// Whether a slot's register is one value and nothing else.
  func isSettled(_ slot: Slot) -> Bool { records[place(of: slot)]?.register.isSettled == true }

  /// Whether a slot's register is nothing but deletes; none when it is free.
  func isTombstone(_ slot: Slot) -> Bool? { records[place(of: slot)]?.register.isTombstone }

  /// Whether a slot waits in the queue of pushes; none when it is free.
  func isQueued(_ slot: Slot) -> Bool? { records[place(of: slot)]?.isQueued }

  /// Whether a packet has carried a slot's newest local dot; none when it is free.
  func isExposed(_ slot: Slot) -> Bool? { records[place(of: slot)]?.isExposed }

  /// Whether a slot is left out of the count of readable keys; none when it is free.
  func isHidden(_ slot: Slot) -> Bool? { records[place(of: slot)]?.isHidden }

  /// Whether a dot is the newest of its actor's that a slot's register has seen.
  func isNewest(_ dot: Dot, in slot: Slot) -> Bool {
    records[place(of: slot)]?.register.seen(dot.actor) == dot.sequence
  }

  /// Puts a register into a slot in use, and what was there in its place.
  mutating func exchange(_ register: inout Register, in slot: Slot) {
    precondition(Int(slot) < records.count, "slot \(slot) of \(records.count)")
    records[Int(slot)]?.exchange(&register)
  }

  /// Adds a key that isn't held.
  package mutating func insert(_ key: Key, _ register: Register) -> Slot {
    insert(key, register, hash: Self.hash(key.utf8))
  }

  /// Adds a key that isn't held and whose hash is known.
  package mutating func insert(_ key: Key, _ register: Register, hash: UInt64) -> Slot {
    if (count + 1) * 2 > index.count { grow() }
    let record = Record(register: register, key: key.compacted)
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
    let slots = UInt32(truncatingIfNeeded: mask)
    while index[hole] & slots != slot + 1 { hole = (hole + 1) & mask }
    // Close the gap, so that no search stops too early (Knuth, volume 3, 6.4, algorithm R).
    var next = (hole + 1) & mask
    while index[next] != 0 {
      let hash = records[Int((index[next] & slots) - 1)]?.hash ?? 0
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
    // At most half of the index is in use, so that a slot's number has room in as many bits.
    let slots = UInt32(truncatingIfNeeded: mask)
    index[position] = UInt32(truncatingIfNeeded: hash) & ~slots | (slot + 1)
  }

  private mutating func grow() {
    index = Array(repeating: 0, count: index.count * 2)
    for (slot, record) in records.enumerated() {
      if let record { place(Slot(slot), record.hash) }
    }
  }
}
