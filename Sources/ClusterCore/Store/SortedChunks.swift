/// Elements in ascending order, in chunks of bounded size: what comes or goes moves a part of one
/// chunk, not half of all elements. A store that fills itself from another's learns everything in an
/// order that is sorted by nothing, a hundred thousand times in a row.
///
/// Complexity: O(log n + chunk) for a search or a change; rarely, O(chunks) beside it.
package struct SortedChunks<Element> {
  package static var chunkSize: Int { 256 }
  /// None of them is empty.
  private var chunks: [[Element]] = []
  package private(set) var count = 0

  /// Where an element is. Changes move what stands behind them.
  package struct Place: Hashable, Comparable, Sendable {
    fileprivate var chunk: Int
    fileprivate var index: Int

    package static func < (left: Place, right: Place) -> Bool {
      (left.chunk, left.index) < (right.chunk, right.index)
    }
  }

  package init() {}

  package var isEmpty: Bool { chunks.isEmpty }
  package var first: Element? { chunks.first?.first }
  package var last: Element? { chunks.last?.last }

  package var startPlace: Place { Place(chunk: 0, index: 0) }
  package var endPlace: Place { Place(chunk: chunks.count, index: 0) }

  package subscript(place: Place) -> Element {
    get { chunks[place.chunk][place.index] }
    set { chunks[place.chunk][place.index] = newValue }
  }

  /// The first place whose element satisfies a predicate that is false, then true, along all
  /// elements; the end where it never is true.
  package func firstPlace(where belongsToSecond: (Element) -> Bool) -> Place {
    let chunk = chunks.partitioningIndex { belongsToSecond($0[$0.count - 1]) }
    guard chunk < chunks.count else { return endPlace }
    return Place(chunk: chunk, index: chunks[chunk].partitioningIndex(where: belongsToSecond))
  }

  /// The place so many elements after another, or the limit where that comes before; how many
  /// elements are between. Complexity: O(chunks between).
  package func place(
    _ distance: Int, after start: Place, limitedBy limit: Place
  ) -> (place: Place, distance: Int) {
    var (place, left) = (start, distance)
    while place < limit {
      let isLast = place.chunk == limit.chunk
      let rest = (isLast ? limit.index : chunks[place.chunk].count) - place.index
      if left < rest {
        place.index += left
        return (place, distance)
      }
      left -= rest
      place = isLast ? limit : Place(chunk: place.chunk + 1, index: 0)
    }
    return (limit, distance - left)
  }

  /// Adds an element that belongs behind all others.
  package mutating func append(_ element: Element) { insert(element, at: endPlace) }

  /// Adds an element before the one at a place.
  package mutating func insert(_ element: Element, at place: Place) {
    count += 1
    var (chunk, index) = (place.chunk, place.index)
    if chunk == chunks.count {
      guard chunk > 0, chunks[chunk - 1].count < Self.chunkSize else {
        chunks.append([element])
        return
      }
      chunk -= 1
      index = chunks[chunk].count
    }
    if chunks[chunk].count == Self.chunkSize {
      // Two new ones: an array keeps the room that it had when it was full.
      let half = Self.chunkSize / 2
      let (lower, upper) = (Array(chunks[chunk][..<half]), Array(chunks[chunk][half...]))
      chunks[chunk] = lower
      chunks.insert(upper, at: chunk + 1)
      if index > half { (chunk, index) = (chunk + 1, index - half) }
    }
    chunks[chunk].insert(element, at: index)
  }

  @discardableResult
  package mutating func remove(at place: Place) -> Element {
    count -= 1
    let chunk = place.chunk
    let element = chunks[chunk].remove(at: place.index)
    if chunks[chunk].isEmpty {
      chunks.remove(at: chunk)
    } else if chunks[chunk].count < Self.chunkSize / 4, chunk + 1 < chunks.count,
      chunks[chunk].count + chunks[chunk + 1].count <= Self.chunkSize / 2
    {
      // Else many small ones would stay behind, each with the room of a full one.
      chunks[chunk] += chunks.remove(at: chunk + 1)
    }
    return element
  }

  /// Drops those elements between two places that `keep` answers false for; how many these were.
  /// Complexity: O(elements between + chunk).
  @discardableResult
  package mutating func drop(
    from start: Place, to end: Place, unless keep: (Element) -> Bool
  ) -> Int {
    guard start < end else { return 0 }
    let touched = start.chunk..<(end.index == 0 ? end.chunk : end.chunk + 1)
    var kept = Array(chunks[start.chunk][..<start.index])
    var dropped = 0
    for chunk in touched {
      let first = chunk == start.chunk ? start.index : 0
      let last = chunk == end.chunk ? end.index : chunks[chunk].count
      for element in chunks[chunk][first..<last] {
        if keep(element) { kept.append(element) } else { dropped += 1 }
      }
      if last < chunks[chunk].count { kept += chunks[chunk][last...] }
    }
    guard dropped > 0 else { return 0 }
    count -= dropped
    let pieces = stride(from: 0, to: kept.count, by: Self.chunkSize).map {
      Array(kept[$0..<Swift.min($0 + Self.chunkSize, kept.count)])
    }
    chunks.replaceSubrange(touched, with: pieces)
    return dropped
  }

  /// The elements from a place on.
  package func elements(from place: Place) -> Elements { Elements(chunks: chunks, place: place) }

  package struct Elements: Sequence, IteratorProtocol {
    fileprivate let chunks: [[Element]]
    fileprivate var place: Place

    package mutating func next() -> Element? {
      guard place.chunk < chunks.count else { return nil }
      let element = chunks[place.chunk][place.index]
      place.index += 1
      if place.index == chunks[place.chunk].count {
        place = Place(chunk: place.chunk + 1, index: 0)
      }
      return element
    }
  }
}

extension SortedChunks: Sendable where Element: Sendable {}
extension SortedChunks.Elements: Sendable where Element: Sendable {}

extension SortedChunks: Sequence {
  package func makeIterator() -> Elements { elements(from: startPlace) }
}

extension Array {
  /// The first index whose element satisfies a predicate that is false, then true, along the array.
  /// Complexity: O(log n).
  package func partitioningIndex(where belongsToSecond: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if belongsToSecond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
