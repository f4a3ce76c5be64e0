/// Who writes: one start of one member. A restarted member that lost its memory is another actor, so
/// that it cannot use a number twice that it has forgotten.
package struct Actor: Hashable, Comparable, Sendable {
  package var ordinal: Int
  package var boot: UInt64

  package init(ordinal: Int, boot: UInt64) {
    self.ordinal = ordinal
    self.boot = boot
  }

  package static func < (left: Actor, right: Actor) -> Bool {
    (left.ordinal, left.boot) < (right.ordinal, right.boot)
  }
}

/// One write: the actor's `sequence`-th, counted from one without gaps.
package struct Dot: Hashable, Comparable, Sendable {
  package var actor: Actor
  package var sequence: UInt64

  package init(actor: Actor, sequence: UInt64) {
    self.actor = actor
    self.sequence = sequence
  }

  package static func < (left: Dot, right: Dot) -> Bool {
    (left.actor, left.sequence) < (right.actor, right.sequence)
  }
}
