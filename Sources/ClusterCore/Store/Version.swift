/// One version of a key: what one write left behind.
package struct Version: Hashable, Sendable {
  package var dot: Dot
  /// The stamp's time; with the actor's ordinal it orders concurrent versions.
  package var time: UInt64
  /// Wall milliseconds since 1970 from which the value is hidden; zero for never.
  package var expires: UInt64
  /// What was written; none when the write was a delete.
  package var value: [UInt8]?

  package init(dot: Dot, time: UInt64, expires: UInt64, value: [UInt8]?) {
    self.dot = dot
    self.time = time
    self.expires = expires
    self.value = value
  }

  package var isTombstone: Bool { value == nil }

  /// Whether it is a value that doesn't end by itself.
  var isLasting: Bool { value != nil && expires == 0 }

  /// What it offers to a resolver: a value that ended counts as deleted.
  func candidate(wallMilliseconds: UInt64) -> Candidate {
    let isOver = expires > 0 && expires <= wallMilliseconds
    return Candidate(
      value: isOver ? nil : value, stamp: Stamp(time: time, ordinal: dot.actor.ordinal),
      origin: Origin(ordinal: dot.actor.ordinal, boot: dot.actor.boot))
  }

  /// Canonical order: oldest stamp first.
  package static func isOlder(_ left: Version, _ right: Version) -> Bool {
    (left.time, left.dot.actor) < (right.time, right.dot.actor)
  }
}
