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

  /// Canonical order: oldest stamp first.
  package static func isOlder(_ left: Version, _ right: Version) -> Bool {
    (left.time, left.dot.actor) < (right.time, right.dot.actor)
  }
}

/// All that is kept of one key: the versions of which none had seen another, and the causal context,
/// which says per actor up to which of its dots this key's history is known (a dotted version vector
/// set: Preguiça and others, 2010, "Dotted Version Vectors").
///
/// The context of an actor that has a version here is that version's dot, and not written down again:
/// an actor has seen all its own writes, so it has at most one version in a register. In the steady
/// state a register is one version and an empty context.
package struct Register: Hashable, Sendable {
  /// In canonical order, at least one, from distinct actors.
  package private(set) var versions: [Version]
  /// Seen dots of actors that have no version here, ordered by actor.
  package private(set) var context: [Dot]

  package init(versions: [Version], context: [Dot]) {
    self.versions = versions.sorted(by: Version.isOlder)
    self.context = context.sorted()
  }

  package init(_ version: Version) {
    versions = [version]
    context = []
  }

  /// Whether nothing but deletes is left.
  package var isTombstone: Bool { versions.allSatisfy(\.isTombstone) }

  /// Whether the register is as small as it gets.
  package var isSettled: Bool { context.isEmpty && versions.count == 1 && !isTombstone }

  /// The newest version's time.
  package var time: UInt64 { versions.last?.time ?? 0 }

  package func holds(_ dot: Dot) -> Bool { versions.contains { $0.dot == dot } }

  /// Up to which of an actor's dots this register's history is known.
  package func seen(_ actor: Actor) -> UInt64 {
    if let version = versions.first(where: { $0.dot.actor == actor }) {
      return version.dot.sequence
    }
    return context.first { $0.actor == actor }?.sequence ?? 0
  }

  /// The whole context, the versions' own dots among it.
  package var dots: [Dot] { versions.map(\.dot) + context }

  /// The bytes of the values.
  package var valueBytes: Int { versions.reduce(0) { $0 + ($1.value?.count ?? 0) } }

  /// A hash of the versions, equal on members that hold the same, whether or not one of them has
  /// already forgotten deletes and ended values: zero where all versions are such.
  ///
  /// Beside a value that stays, deletes and ending values count too. There none of them is forgotten
  /// by age, so members that differ in them differ for good: one had forgotten a delete before it
  /// heard of a write that a restarted member made without knowing of it, the others had not.
  package var liveHash: UInt64 {
    guard versions.contains(where: { !$0.isTombstone && $0.expires == 0 }) else { return 0 }
    return versions.reduce(0) { sum, version in
      sum &+ mix(UInt64(version.dot.actor.ordinal), version.dot.actor.boot, version.dot.sequence)
    }
  }

  /// A write that has seen all that is here: it replaces every version.
  package mutating func overwrite(with version: Version) {
    var seen = dots.filter { $0.actor != version.dot.actor }
    seen.sort()
    versions = [version]
    context = seen
  }

  /// Replaces a version by one under the same dot, for a dot that nobody else has seen yet.
  package mutating func replace(with version: Version) {
    versions = versions.map { $0.dot == version.dot ? version : $0 }
    versions.sort(by: Version.isOlder)
  }

  /// Gives a version another dot; the one it had is seen from then on.
  package mutating func reissue(_ version: Version, as dot: Dot) {
    var reissued = version
    reissued.dot = dot
    versions = versions.map { $0.dot == version.dot ? reissued : $0 }
    versions.sort(by: Version.isOlder)
    context.append(version.dot)
    context.sort()
  }

  /// Puts a version beside the others as if its writer had seen none of them (planted faults only).
  package mutating func add(_ version: Version, covering dot: Dot) {
    versions.removeAll { $0.dot == dot || $0.dot.actor == version.dot.actor }
    if dot.actor != version.dot.actor, !context.contains(where: { $0.actor == dot.actor }) {
      context.append(dot)
      context.sort()
    }
    versions.append(version)
    versions.sort(by: Version.isOlder)
  }

  /// Joins what another member holds: a version stays if both hold it, or if the other's context
  /// doesn't cover it. Commutative, associative and idempotent.
  ///
  /// - Parameters:
  ///   - other: What the other member holds.
  ///   - ignoring: Says of a dot that isn't held here whether it is known here all the same. It was
  ///     overwritten, and even that may be forgotten by now: it must not come back.
  package mutating func join(_ other: Register, ignoring isKnown: (Dot) -> Bool) {
    var kept: [Version] = []
    for version in versions
    where other.holds(version.dot) || other.seen(version.dot.actor) < version.dot.sequence {
      kept.append(version)
    }
    for version in other.versions where !holds(version.dot) {
      if seen(version.dot.actor) < version.dot.sequence, !isKnown(version.dot) {
        kept.append(version)
      }
    }
    // With a sound context something always stays; a forged one must not empty a key.
    guard !kept.isEmpty else { return }
    var seenDots: [Dot] = context
    for dot in versions.map(\.dot) + other.dots { Self.raise(&seenDots, to: dot) }
    kept.sort(by: Version.isOlder)
    versions = kept
    context = seenDots.filter { dot in !kept.contains { $0.dot.actor == dot.actor } }
    context.sort()
  }

  /// Has seen these dots, of actors that have no version here.
  package mutating func cover(_ dots: [Dot]) {
    for dot in dots { Self.raise(&context, to: dot) }
    context.sort()
  }

  /// Drops the context entries that every expected member knows, which nobody can ask about again.
  package mutating func forgetContext() { context = [] }

  /// Keeps only the newest version (planted fault only).
  package mutating func keepNewest() {
    guard let newest = versions.last, versions.count > 1 else { return }
    for version in versions.dropLast() { Self.raise(&context, to: version.dot) }
    versions = [newest]
    context.removeAll { $0.actor == newest.dot.actor }
    context.sort()
  }

  private static func raise(_ dots: inout [Dot], to dot: Dot) {
    if let index = dots.firstIndex(where: { $0.actor == dot.actor }) {
      dots[index].sequence = max(dots[index].sequence, dot.sequence)
    } else {
      dots.append(dot)
    }
  }
}
