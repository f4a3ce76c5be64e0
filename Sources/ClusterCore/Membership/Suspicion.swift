/// A suspicion that expires the sooner, the more members confirm it (Dadgar, Phillips and Currey 2018,
/// "Lifeguard", LHA-Suspicion).
///
/// One accuser may itself be the sick one, so a suspicion held by one lasts long; each independent
/// confirmation shortens it, logarithmically, down to the minimum. The first accuser is not counted as
/// a confirmation of itself, and with one helper one confirmation is enough, so that the rule also
/// works among three.
package struct Suspicion: Hashable, Sendable {
  package var startedAt: Instant
  /// Who found it silent by a probe of their own: the first accuser, and who confirmed it. Empty while
  /// it is but a rumour.
  package var accusers: [Int]
  package var minimum: Span64
  package var maximum: Span64
  /// So many confirmations make it as short as it gets.
  package var expected: Int

  package init(
    startedAt: Instant, accusers: [Int], minimum: Span64, maximum: Span64, expected: Int
  ) {
    self.startedAt = startedAt
    self.accusers = accusers
    self.minimum = minimum
    self.maximum = maximum
    self.expected = expected
  }

  /// Notes an accuser.
  ///
  /// - Returns: Whether it is one that wasn't counted yet and still shortens the suspicion.
  package mutating func confirm(by accuser: Int) -> Bool {
    guard !accusers.contains(accuser), accusers.count <= expected else { return false }
    accusers.append(accuser)
    return true
  }

  /// When it expires.
  ///
  /// - Parameter confirmers: How many others could still confirm it or have: those that are silent
  ///   themselves never will. Of a few members that are cut off from many, each can't have three
  ///   confirmations of every loss. With nobody left it lasts as long as can be: then perhaps this
  ///   member is the sick one.
  package func deadline(confirmers: Int) -> Instant {
    startedAt
      + Self.timeout(
        confirmations: max(accusers.count - 1, 0), expected: min(expected, max(confirmers, 1)),
        minimum: minimum, maximum: maximum)
  }

  /// When it has lasted for the shortest time that a suspicion can.
  package var ripeAt: Instant { startedAt + minimum }

  /// When it expires even if others are held back for one view change.
  package var latest: Instant { startedAt + maximum }

  /// max(minimum, maximum − (maximum − minimum) · log(c + 1) / log(k + 1)) for c confirmations of k
  /// expected ones, in thousandths; with none expected, the minimum.
  package static func timeout(
    confirmations: Int, expected: Int, minimum: Span64, maximum: Span64
  ) -> Span64 {
    guard expected > 0, maximum > minimum else { return minimum }
    let shares: [[UInt64]] = [[0, 1_000], [0, 631, 1_000], [0, 500, 792, 1_000]]
    let row = shares[min(expected, shares.count) - 1]
    let share = row[max(0, min(confirmations, row.count - 1))]
    let saved = Span64(
      nanoseconds: (maximum.nanoseconds - minimum.nanoseconds) / 1_000 * share)
    return Span64(nanoseconds: max(minimum.nanoseconds, maximum.nanoseconds - saved.nanoseconds))
  }

  /// The shortest suspicion among so many members: suspicionMinimum × max(1, log10 N).
  package static func minimum(_ base: Span64, members: Int) -> Span64 {
    // log10 in thousandths, linear between the powers of two: exact enough, and the same everywhere.
    var power = 0
    var rest = max(members, 1)
    while rest > 1 {
      rest /= 2
      power += 1
    }
    let floor = 1 << power
    let log2 = UInt64(power) * 1_000 + UInt64((max(members, 1) - floor) * 1_000 / floor)
    return Span64(nanoseconds: base.nanoseconds / 1_000 * max(1_000, log2 * 301 / 1_000))
  }
}
