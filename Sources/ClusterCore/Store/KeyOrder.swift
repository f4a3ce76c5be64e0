/// The slots of all keys in the byte order of the keys, for scans by prefix. Complexity: as
/// `SortedChunks`.
package struct KeyOrder: Sendable {
  private var slots = SortedChunks<RegisterTable.Slot>()

  package init() {}

  package typealias Slots = SortedChunks<RegisterTable.Slot>.Elements

  package mutating func insert(
    _ slot: RegisterTable.Slot, _ key: Key, keyOf: (RegisterTable.Slot) -> Key?
  ) {
    slots.insert(slot, at: place(of: key.utf8, keyOf: keyOf))
  }

  package mutating func remove(
    _ slot: RegisterTable.Slot, _ key: Key, keyOf: (RegisterTable.Slot) -> Key?
  ) {
    let place = place(of: key.utf8, keyOf: keyOf)
    guard place < slots.endPlace, slots[place] == slot else { return }
    slots.remove(at: place)
  }

  /// The slots from the first key not before `start`.
  package func slots(
    from start: [UInt8], keyOf: (RegisterTable.Slot) -> Key?
  ) -> Slots {
    slots.elements(from: place(of: start, keyOf: keyOf))
  }

  /// The first place whose key is not before `key`.
  private func place(
    of key: some Collection<UInt8>, keyOf: (RegisterTable.Slot) -> Key?
  ) -> SortedChunks<RegisterTable.Slot>.Place {
    slots.firstPlace { keyOf($0)?.utf8.lexicographicallyPrecedes(key) == false }
  }
}
