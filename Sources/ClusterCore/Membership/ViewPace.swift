/// How many packets may carry a part of the view in a time.
///
/// Where a thousand members start at once, each hears all others within a moment, and all their views
/// differ: a part of the view in each packet would be thousands of full packets a member, to tell what
/// everyone is about to hear anyway. So the parts are paced, whatever the cluster's size: a burst, and
/// then so many a second (the generic cell rate algorithm, ITU-T I.371, annex A). Up to `unpacedUpTo`
/// members a view is one packet, and as many are sent as there are occasions.
package struct ViewPace: Hashable, Sendable {
  /// When the next part would be due if they came evenly.
  private var due = Instant(nanoseconds: 0)

  package static let unpacedUpTo = 32
  /// So many parts may go at once.
  package static let burst: UInt64 = 64
  /// How far apart they are on average: 200 a second, 240 kB/s at most.
  package static let interval = Span64.milliseconds(5)

  package init() {}

  /// Whether another part may go now; it is counted then.
  package mutating func take(at now: Instant) -> Bool {
    let start = max(due, now)
    guard start.since(now) < Self.interval * Self.burst else { return false }
    due = start + Self.interval
    return true
  }
}
