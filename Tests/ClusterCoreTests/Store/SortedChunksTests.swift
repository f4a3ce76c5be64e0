import ClusterCore
import Testing

struct SortedChunksTests {
  /// The same numbers in chunks and in an array, after random changes.
  private static func pair(seed: UInt64, steps: Int) -> (SortedChunks<UInt64>, [UInt64]) {
    var random = Randomness(seed: seed)
    var (chunks, plain): (SortedChunks<UInt64>, [UInt64]) = (SortedChunks(), [])
    for step in 0..<steps {
      let number = random.below(100_000)
      let index = plain.partitioningIndex { $0 >= number }
      let place = chunks.firstPlace { $0 >= number }
      switch random.below(10) {
      case 0 where index < plain.count:
        #expect(chunks.remove(at: place) == plain.remove(at: index))
      case 1 where index < plain.count && step % 200 == 1:
        let end = plain.partitioningIndex { $0 >= number + 2_000 }
        let kept = plain[index..<end].filter { $0.isMultiple(of: 3) }
        let dropped = chunks.drop(from: place, to: chunks.firstPlace { $0 >= number + 2_000 }) {
          $0.isMultiple(of: 3)
        }
        #expect(dropped == end - index - kept.count)
        plain.replaceSubrange(index..<end, with: kept)
      default:
        chunks.insert(number, at: place)
        plain.insert(number, at: index)
      }
    }
    return (chunks, plain)
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `chunks hold what an array holds, whatever comes and goes`(seed: UInt64) {
    let (chunks, plain) = Self.pair(seed: seed, steps: 4_000)

    #expect(chunks.elementsEqual(plain))
    #expect(chunks.count == plain.count && chunks.first == plain.first && chunks.last == plain.last)
    for number in stride(from: 0 as UInt64, through: 100_000, by: 1_234) {
      let index = plain.partitioningIndex { $0 >= number }
      let place = chunks.firstPlace { $0 >= number }
      #expect(chunks.elements(from: place).elementsEqual(plain[index...]))
    }
  }

  @Test
  func `a place so many elements further is found over chunks, and no further than its limit`() {
    let (chunks, plain) = Self.pair(seed: 7, steps: 3_000)
    for (start, distance) in [(0, 0), (0, 1), (5, 700), (100, 2_000), (0, plain.count)] {
      let limit = min(plain.count, start + 1_500)
      let (from, _) = chunks.place(start, after: chunks.startPlace, limitedBy: chunks.endPlace)
      let (end, _) = chunks.place(limit, after: chunks.startPlace, limitedBy: chunks.endPlace)

      let (place, between) = chunks.place(distance, after: from, limitedBy: end)

      #expect(between == min(distance, limit - start))
      #expect(chunks.elements(from: place).elementsEqual(plain[(start + between)...]))
    }
  }

  @Test
  func `all may be dropped, and what is appended then stands first`() {
    var (chunks, _) = Self.pair(seed: 8, steps: 2_000)

    chunks.drop(from: chunks.startPlace, to: chunks.endPlace) { _ in false }
    #expect(chunks.isEmpty && chunks.count == 0 && chunks.startPlace == chunks.endPlace)
    for number in 0..<1_000 as Range<UInt64> { chunks.append(number) }

    #expect(chunks.elementsEqual(0..<1_000))
  }
}
