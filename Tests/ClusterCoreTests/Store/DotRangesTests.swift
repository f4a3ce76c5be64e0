import ClusterCore
import Testing

struct DotRangesTests {
  /// Learns dots in a shuffled order, as a member does that has just started among busy ones.
  private static func learned(_ dots: Set<UInt64>, seed: UInt64) -> DotRanges {
    var random = Randomness(seed: seed)
    var order = dots.sorted()
    random.shuffle(&order)
    var ranges = DotRanges()
    for dot in order { ranges.insert(ranges.remove(touching: dot...dot)) }
    return ranges
  }

  private static func drawn(_ share: UInt64, of highest: UInt64, seed: UInt64) -> Set<UInt64> {
    var random = Randomness(seed: seed)
    return Set((1...highest).filter { _ in random.chance(share, in: 100) })
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64], [3, 50, 97] as [UInt64])
  func `ranges over many chunks hold just the dots that were learned`(seed: UInt64, share: UInt64) {
    let dots = Self.drawn(share, of: 4_000, seed: seed)
    let ranges = Self.learned(dots, seed: seed)

    #expect(Set(ranges.flatMap { $0 }) == dots)
    #expect((0...4_001).allSatisfy { ranges.contains($0) == dots.contains($0) })
    #expect(ranges.count == Array(ranges).count)
    #expect(ranges.last?.upperBound == dots.max())
    for (left, right) in zip(ranges, ranges.dropFirst()) {
      #expect(left.upperBound + 1 < right.lowerBound, "ranges that touch are one")
    }
  }

  @Test
  func `the way to the same dots leaves no trace in equality, hash and digest`() {
    let dots = Self.drawn(50, of: 4_000, seed: 9)
    let (one, other) = (Self.learned(dots, seed: 1), Self.learned(dots, seed: 2))
    let less = Self.learned(dots.subtracting([dots.max() ?? 0]), seed: 3)

    #expect(one == other)
    #expect(one.hashValue == other.hashValue)
    #expect(one.digest == other.digest)
    #expect(one != less)
    #expect(one.digest != less.digest)
  }

  @Test
  func `a range takes in all that it overlaps or touches, over chunks`() {
    var ranges = Self.learned(Set(stride(from: 10, through: 8_000, by: 2)), seed: 5)
    #expect(ranges.count == 3_996)

    let whole = ranges.remove(touching: 21...7_999)

    #expect(whole == 20...8_000)
    #expect(ranges.elementsEqual([10...10, 12...12, 14...14, 16...16, 18...18]))
    #expect(ranges.first(endingFrom: 13) == 14...14)
    #expect(ranges.first(endingFrom: 19) == nil)
  }

  @Test
  func `nothing is left of ranges that are all taken`() {
    var ranges = Self.learned(Self.drawn(50, of: 3_000, seed: 4), seed: 4)

    _ = ranges.remove(touching: 1...3_000)

    #expect(ranges == DotRanges())
    #expect(ranges.isEmpty && ranges.digest == 0)
  }
}
