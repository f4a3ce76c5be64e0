import Synchronization

/// The seeds of a range, handed out to jobs one by one, each once.
///
/// What is counted is how many were handed out, not the seed itself: a range may end at the largest
/// number there is, behind which each further job would begin anew at zero.
final class SeedQueue: Sendable {
  /// How many there are: more than an `Int` may hold.
  let count: UInt64
  private let first: UInt64
  private let taken = Atomic<UInt64>(0)

  /// Prepares the first `most` seeds of a range.
  init(_ seeds: Range<UInt64>, most: UInt64 = .max) {
    first = seeds.lowerBound
    count = min(seeds.upperBound - seeds.lowerBound, most)
  }

  /// The next seed; none when all were handed out.
  func next() -> UInt64? {
    let index = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    return index < count ? first + index : nil
  }

  /// How many of `most` jobs have something to do.
  func jobs(most: Int) -> Int { Int(min(UInt64(most), count)) }
}
