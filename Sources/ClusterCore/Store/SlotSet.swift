/// A set of slots, handed out in order: a bit for each. Complexity: O(1) for a change, O(slots / 64) to
/// go through it.
package struct SlotSet: Sequence, Hashable, Sendable {
  private var words: [UInt64] = []
  /// How many slots are in it.
  package private(set) var count = 0

  package init() {}

  package var isEmpty: Bool { count == 0 }

  package func contains(_ slot: RegisterTable.Slot) -> Bool {
    let word = Int(slot / 64)
    return word < words.count && words[word] & (UInt64(1) << UInt64(slot % 64)) != 0
  }

  /// Adds a slot or takes it out.
  package mutating func set(_ slot: RegisterTable.Slot, _ isMember: Bool) {
    let (word, bit) = (Int(slot / 64), UInt64(1) << UInt64(slot % 64))
    if word >= words.count {
      guard isMember else { return }
      words += Array(repeating: 0, count: word + 1 - words.count)
    }
    guard (words[word] & bit != 0) != isMember else { return }
    words[word] ^= bit
    count += isMember ? 1 : -1
  }

  /// The slots, in order.
  package struct Iterator: IteratorProtocol {
    fileprivate let words: [UInt64]
    fileprivate var index = 0
    fileprivate var rest: UInt64

    package mutating func next() -> RegisterTable.Slot? {
      while rest == 0 {
        index += 1
        guard index < words.count else { return nil }
        rest = words[index]
      }
      defer { rest &= rest - 1 }
      return RegisterTable.Slot(index * 64 + rest.trailingZeroBitCount)
    }
  }

  package func makeIterator() -> Iterator {
    Iterator(words: count > 0 ? words : [], rest: count > 0 ? words[0] : 0)
  }
}
