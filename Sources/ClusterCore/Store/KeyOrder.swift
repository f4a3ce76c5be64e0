/// The slots of all keys in the byte order of the keys, for scans by prefix: a sequence of chunks of
/// bounded size, searched by halves. Complexity: O(log n + chunk) for a change.
package struct KeyOrder: Sendable {
  private static let chunkSize = 512
  private var chunks: [[RegisterTable.Slot]] = []

  package init() {}

  package mutating func insert(
    _ slot: RegisterTable.Slot, _ key: Key, keyOf: (RegisterTable.Slot) -> Key?
  ) {
    guard !chunks.isEmpty else {
      chunks = [[slot]]
      return
    }
    let (chunk, position) = find(key.utf8, keyOf: keyOf)
    chunks[chunk].insert(slot, at: position)
    if chunks[chunk].count > Self.chunkSize {
      let upper = Array(chunks[chunk][(Self.chunkSize / 2)...])
      chunks[chunk].removeLast(upper.count)
      chunks.insert(upper, at: chunk + 1)
    }
  }

  package mutating func remove(
    _ slot: RegisterTable.Slot, _ key: Key, keyOf: (RegisterTable.Slot) -> Key?
  ) {
    guard !chunks.isEmpty else { return }
    let (chunk, position) = find(key.utf8, keyOf: keyOf)
    guard position < chunks[chunk].count, chunks[chunk][position] == slot else { return }
    chunks[chunk].remove(at: position)
    if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
  }

  /// The slots from the first key not before `start`.
  package func slots(
    from start: [UInt8], keyOf: (RegisterTable.Slot) -> Key?
  ) -> Slots {
    guard !chunks.isEmpty else { return Slots(chunks: [], chunk: 0, position: 0) }
    let (chunk, position) = find(start, keyOf: keyOf)
    return Slots(chunks: chunks, chunk: chunk, position: position)
  }

  /// The first place whose key is not before `key`: in the last chunk that begins before it.
  private func find(
    _ key: some Collection<UInt8>, keyOf: (RegisterTable.Slot) -> Key?
  ) -> (chunk: Int, position: Int) {
    func isBefore(_ slot: RegisterTable.Slot) -> Bool {
      keyOf(slot)?.utf8.lexicographicallyPrecedes(key) ?? true
    }
    let after = chunks.partitioningIndex { !isBefore($0[0]) }
    var chunk = max(after - 1, 0)
    var position = chunks[chunk].partitioningIndex { !isBefore($0) }
    if position == chunks[chunk].count, chunk + 1 < chunks.count {
      chunk += 1
      position = 0
    }
    return (chunk, position)
  }

  /// Slots in the order of their keys.
  package struct Slots: Sequence, IteratorProtocol {
    fileprivate let chunks: [[RegisterTable.Slot]]
    fileprivate var chunk: Int
    fileprivate var position: Int

    package mutating func next() -> RegisterTable.Slot? {
      while chunk < chunks.count {
        if position < chunks[chunk].count {
          defer { position += 1 }
          return chunks[chunk][position]
        }
        chunk += 1
        position = 0
      }
      return nil
    }
  }
}
