/// Dots of one actor that are known beyond its base: disjoint ascending ranges that do not touch, in
/// chunks of bounded size.
///
/// A member that has just started learns the writes of busy others in any order, before a claim fills
/// the gaps between: tens of thousands of ranges at times. In one array each of them would move the
/// half of all others, and each digest read them all. Complexity: O(log n + chunk) for a change,
/// O(log n) for a question, O(1) for the digest.
package struct DotRanges: Sendable {
  private static let chunkSize = 256
  /// None of them is empty.
  private var chunks: [[ClosedRange<UInt64>]] = []
  package private(set) var count = 0
  /// A hash of all ranges, equal wherever they are: the sum of theirs.
  package private(set) var digest: UInt64 = 0

  package init() {}

  package var isEmpty: Bool { chunks.isEmpty }

  package var last: ClosedRange<UInt64>? { chunks.last?.last }

  /// The first range that ends at this number or after it.
  package func first(endingFrom sequence: UInt64) -> ClosedRange<UInt64>? {
    let (chunk, index) = place(of: sequence)
    return chunk < chunks.count ? chunks[chunk][index] : nil
  }

  package func contains(_ sequence: UInt64) -> Bool {
    first(endingFrom: sequence).map { $0.lowerBound <= sequence } ?? false
  }

  /// Adds a range that overlaps or touches none.
  package mutating func insert(_ range: ClosedRange<UInt64>) {
    count += 1
    digest &+= Self.hash(range)
    var (chunk, index) = place(of: range.lowerBound)
    if chunk == chunks.count {
      guard chunk > 0 else {
        chunks = [[range]]
        return
      }
      chunk -= 1
      index = chunks[chunk].count
    }
    chunks[chunk].insert(range, at: index)
    guard chunks[chunk].count > Self.chunkSize else { return }
    // What grows at its end leaves full chunks behind, and what grows anywhere half full ones.
    let isGrowing = index == Self.chunkSize && chunk == chunks.count - 1
    let upper = Array(chunks[chunk][(isGrowing ? index : Self.chunkSize / 2)...])
    chunks[chunk].removeLast(upper.count)
    chunks.insert(upper, at: chunk + 1)
  }

  /// Takes out all ranges that the given one overlaps or touches.
  ///
  /// - Returns: The given range and all of them as one.
  package mutating func remove(touching range: ClosedRange<UInt64>) -> ClosedRange<UInt64> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while true {
      let (chunk, index) = place(of: low - 1)
      guard chunk < chunks.count, chunks[chunk][index].lowerBound - 1 <= high else { break }
      let touched = chunks[chunk].remove(at: index)
      if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
      count -= 1
      digest &-= Self.hash(touched)
      low = Swift.min(low, touched.lowerBound)
      high = Swift.max(high, touched.upperBound)
    }
    return low...high
  }

  /// Where the first range is that ends at this number or after it.
  private func place(of sequence: UInt64) -> (chunk: Int, index: Int) {
    let chunk = chunks.partitioningIndex { $0[$0.count - 1].upperBound >= sequence }
    guard chunk < chunks.count else { return (chunk, 0) }
    return (chunk, chunks[chunk].partitioningIndex { $0.upperBound >= sequence })
  }

  private static func hash(_ range: ClosedRange<UInt64>) -> UInt64 {
    // A third number, because two that are the same make zero.
    mix(1, range.lowerBound, range.upperBound)
  }
}

extension DotRanges: Sequence {
  /// The ranges in ascending order.
  package func makeIterator() -> FlattenSequence<[[ClosedRange<UInt64>]]>.Iterator {
    chunks.joined().makeIterator()
  }
}

/// By the ranges alone: how they are cut into chunks depends on the way that led there.
extension DotRanges: Hashable {
  package static func == (left: DotRanges, right: DotRanges) -> Bool {
    left.count == right.count && left.digest == right.digest && left.elementsEqual(right)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    hasher.combine(digest)
  }
}
