/// The stream to a member ended: is its process gone, or did something on the way cut the stream?
///
/// A living host answers a connection to a port at which nobody listens with a refusal, at once. Two
/// of them, after the stream to that very boot has ended, with nothing heard of it in between, are
/// *refusal evidence*: the process is over. A middlebox that drops streams refuses nothing, a process
/// that stands still has its connections taken by its system, and a host that is cut off says nothing:
/// none of them looks like it. A rule that rejects connections on the way could; then pings still get
/// through, and an answer to one ends the inquest.
package struct Inquest: Hashable, Sendable {
  /// Who is meant; what is found out counts for this boot only.
  package var boot: UInt64
  package var refusals = 0
  /// When the next fresh connection is tried; never while one is under way.
  package var connectAt: Instant
  /// When the first of the two was tried: nothing may be heard after it.
  package var since: Instant
  /// When it ends without a verdict.
  package var until: Instant

  /// How many refusals are evidence.
  package static let needed = 2
  /// How far apart they are at least.
  package static let gap = Span64.milliseconds(20)
  /// How long one inquest takes at most, and how soon the next may begin.
  package static let longest = Span64.seconds(2)

  package init(boot: UInt64, at now: Instant) {
    self.boot = boot
    connectAt = now
    since = now
    until = now + Self.longest
  }
}

/// What watching a member by an idle stream has come to.
package struct StreamWatch: Hashable, Sendable {
  /// When the stream to its present boot ended; none while one is open, or there never was one.
  package var endedAt: Instant?
  package var inquest: Inquest?
  /// When another inquest may begin.
  package var restsUntil = Instant(nanoseconds: 0)
  /// When a stream is opened again.
  package var retryAt: Instant?
  package var failures: UInt64 = 0

  package init() {}
}
