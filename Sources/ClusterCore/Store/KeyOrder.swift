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
    let (chunk, position) = find(key.bytes) { keyOf($0)?.bytes ?? [] }
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
    let (chunk, position) = find(key.bytes) { keyOf($0)?.bytes ?? [] }
    guard position < chunks[chunk].count, chunks[chunk][position] == slot else { return }
    chunks[chunk].remove(at: position)
    if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
  }

  /// The slots from the first key not before `start`.
  package func slots(
    from start: [UInt8], keyOf: (RegisterTable.Slot) -> [UInt8]
  ) -> Slots {
    guard !chunks.isEmpty else { return Slots(chunks: [], chunk: 0, position: 0) }
    let (chunk, position) = find(start, keyOf: keyOf)
    return Slots(chunks: chunks, chunk: chunk, position: position)
  }

  /// The first place whose key is not before `key`: in the last chunk that begins before it.
  private func find(
    _ key: [UInt8], keyOf: (RegisterTable.Slot) -> [UInt8]
  ) -> (chunk: Int, position: Int) {
    let after = chunks.partitioningIndex { chunk in
      !keyOf(chunk[0]).lexicographicallyPrecedes(key)
    }
    var chunk = max(after - 1, 0)
    var position = chunks[chunk].partitioningIndex { !keyOf($0).lexicographicallyPrecedes(key) }
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
