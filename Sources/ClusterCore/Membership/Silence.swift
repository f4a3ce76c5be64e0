/// When this member last heard anybody, and its last long silence.
///
/// A member that heard nobody for seconds was cut off, or deaf. The others can tell: before it heard
/// them again they had heard nothing of it, or they had heard it all the while. A deaf member that
/// leads would take the lead away from the others and lose it again with every spell, so after a long
/// silence a member first listens for a moment.
package struct Silence: Hashable, Sendable {
  /// When anything was last heard.
  package private(set) var heardAt: Instant?
  /// When this member first asked somebody something since then.
  private var askedAt: Instant?
  /// The last long silence.
  package private(set) var from: Instant?
  package private(set) var to: Instant?

  /// From which length on it matters, counted from a question that stayed without an answer: members
  /// that have just done badly probe seldom, and nobody hears much then.
  package static let long = Span64.seconds(5)
  /// For how long a member listens after one, before it leads.
  package static let listening = Span64.milliseconds(400)

  package init() {}

  /// Somebody was asked something.
  package mutating func ask(at now: Instant) { askedAt = askedAt ?? now }

  /// Something was heard. True when a long silence has just ended.
  package mutating func end(at now: Instant) -> Bool {
    defer {
      heardAt = now
      askedAt = nil
    }
    guard let heardAt, let askedAt, now.since(askedAt) >= Self.long else { return false }
    (from, to) = (heardAt, now)
    listensUntil = now + Self.listening
    return true
  }

  /// What this member missed because it stood still was no silence of the network.
  package mutating func forgive(at now: Instant) {
    if heardAt != nil { heardAt = now }
    askedAt = nil
  }

  /// Until when it listens for a moment before it leads.
  package private(set) var listensUntil: Instant?

  /// Whether it still listens; forgets the moment that is over.
  package mutating func isListening(at now: Instant) -> Bool {
    if let until = listensUntil, now >= until { listensUntil = nil }
    return listensUntil != nil
  }

  /// Whether a moment lies well inside the last silence: whoever heard this member then shows that only
  /// one direction was cut.
  package func covers(_ moment: Instant) -> Bool {
    guard let from, let to else { return false }
    return from + .seconds(2) < moment && moment + .seconds(1) < to
  }
}
