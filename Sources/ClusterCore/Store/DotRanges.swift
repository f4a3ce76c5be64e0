/// Dots of one actor that are known beyond its base: disjoint ascending ranges that do not touch.
///
/// A member that has just started learns the writes of busy others in any order, before a claim fills
/// the gaps between: tens of thousands of ranges at times. Complexity: as `SortedChunks`; O(1) for the
/// digest.
package struct DotRanges: Sendable {
  private var ranges = SortedChunks<ClosedRange<UInt64>>()
  /// A hash of all ranges, equal wherever they are: the sum of theirs.
  package private(set) var digest: UInt64 = 0

  package init() {}

  package var isEmpty: Bool { ranges.isEmpty }
  package var count: Int { ranges.count }
  package var last: ClosedRange<UInt64>? { ranges.last }

  /// The first range that ends at this number or after it.
  package func first(endingFrom sequence: UInt64) -> ClosedRange<UInt64>? {
    let place = ranges.firstPlace { $0.upperBound >= sequence }
    return place < ranges.endPlace ? ranges[place] : nil
  }

  package func contains(_ sequence: UInt64) -> Bool {
    first(endingFrom: sequence).map { $0.lowerBound <= sequence } ?? false
  }

  /// Adds a range that overlaps or touches none.
  package mutating func insert(_ range: ClosedRange<UInt64>) {
    ranges.insert(range, at: ranges.firstPlace { $0.upperBound >= range.lowerBound })
    digest &+= Self.hash(range)
  }

  /// Takes out all ranges that the given one overlaps or touches.
  ///
  /// - Returns: The given range and all of them as one.
  package mutating func remove(touching range: ClosedRange<UInt64>) -> ClosedRange<UInt64> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while true {
      let place = ranges.firstPlace { $0.upperBound >= low - 1 }
      guard place < ranges.endPlace, ranges[place].lowerBound - 1 <= high else { break }
      let touched = ranges.remove(at: place)
      digest &-= Self.hash(touched)
      low = Swift.min(low, touched.lowerBound)
      high = Swift.max(high, touched.upperBound)
    }
    return low...high
  }

  private static func hash(_ range: ClosedRange<UInt64>) -> UInt64 {
    // A third number, because two that are the same make zero.
    mix(1, range.lowerBound, range.upperBound)
  }
}

extension DotRanges: Sequence {
  /// The ranges in ascending order.
  package func makeIterator() -> SortedChunks<ClosedRange<UInt64>>.Elements {
    ranges.makeIterator()
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
