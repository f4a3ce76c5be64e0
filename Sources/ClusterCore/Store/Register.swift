/// All that is kept of one key: the versions of which none had seen another, and the causal context,
/// which says per actor up to which of its dots this key's history is known (a dotted version vector
/// set: Preguiça and others, 2010, "Dotted Version Vectors").
///
/// The context of an actor that has a version here is that version's dot, and not written down again:
/// an actor has seen all its own writes, so it has at most one version in a register. In the steady
/// state a register is one version and an empty context, and takes no memory of its own beside the
/// value: that version's parts lie in the register itself. More than that, or a value that ends by
/// itself, is kept outside of it (`More`).
package struct Register: Hashable, Sendable {
  // The order of these fields leaves no holes in a table of many, and keeps together what a read needs:
  // whose the version is comes first, since the first 16 bytes of a large array's elements lie in
  // another line of the processor's cache than the rest of 64.
  private var boot: UInt64 = 0
  private var sequence: UInt64 = 0
  /// All there is, where it is more than one version without an end. The other fields are the parts of
  /// the only version otherwise.
  private var more: More?
  private var value: [UInt8]?
  private var stamp: UInt64 = 0
  private var ordinal: UInt16 = 0

  /// Versions and context outside of the register.
  private final class More: Hashable, Sendable {
    /// The first version; most registers have no other one, and no memory for others.
    let first: Version
    let others: [Version]
    let context: [Dot]

    init(first: Version, others: [Version] = [], context: [Dot]) {
      self.first = first
      self.others = others
      self.context = context
    }

    var count: Int { 1 + others.count }

    subscript(index: Int) -> Version { index == 0 ? first : others[index - 1] }

    func holds(_ dot: Dot) -> Bool {
      first.dot == dot || (!others.isEmpty && others.contains { $0.dot == dot })
    }

    func seen(_ actor: Actor) -> UInt64 {
      if first.dot.actor == actor { return first.dot.sequence }
      for version in others where version.dot.actor == actor { return version.dot.sequence }
      for dot in context where dot.actor == actor { return dot.sequence }
      return 0
    }

    static func == (left: More, right: More) -> Bool {
      left === right
        || (left.first == right.first && left.others == right.others
          && left.context == right.context)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(first)
      hasher.combine(others)
      hasher.combine(context)
    }
  }

  package init(versions: [Version], context: [Dot]) {
    set(versions.sorted(by: Version.isOlder), context.sorted())
  }

  package init(_ version: Version) { set(version) }

  /// One version, and dots of other actors in order.
  init(_ version: Version, context: [Dot]) {
    if context.isEmpty {
      set(version)
    } else {
      more = More(first: version, context: context)
    }
  }

  /// Versions in canonical order and context, ordered by actor.
  private mutating func set(_ versions: [Version], _ context: [Dot]) {
    if versions.count == 1, context.isEmpty { return set(versions[0]) }
    more = More(first: versions[0], others: Array(versions.dropFirst()), context: context)
    (value, stamp, boot, sequence, ordinal) = (nil, 0, 0, 0, 0)
  }

  private mutating func set(_ only: Version) {
    guard only.expires == 0, let ordinal = UInt16(exactly: only.dot.actor.ordinal) else {
      more = More(first: only, context: [])
      (value, stamp, boot, sequence, self.ordinal) = (nil, 0, 0, 0, 0)
      return
    }
    more = nil
    value = only.value
    stamp = only.time
    boot = only.dot.actor.boot
    sequence = only.dot.sequence
    self.ordinal = ordinal
  }

  /// The only version, where nothing is kept outside.
  private var only: Version {
    Version(dot: plainDot, time: stamp, expires: 0, value: value)
  }

  private var plainDot: Dot {
    Dot(actor: Actor(ordinal: Int(ordinal), boot: boot), sequence: sequence)
  }

  /// Whether it is one version that doesn't end, and nothing else was seen.
  package var isPlain: Bool { more == nil }

  /// What a plain register's version wrote; none when that was a delete.
  package var plainValue: [UInt8]? { value }

  /// The versions in canonical order: at least one, from distinct actors.
  package var versions: Versions { Versions(register: self) }

  package struct Versions: RandomAccessCollection, Hashable, Sendable {
    fileprivate let register: Register

    package var startIndex: Int { 0 }
    package var endIndex: Int { register.more?.count ?? 1 }
    package subscript(index: Int) -> Version {
      if let more = register.more { return more[index] }
      precondition(index == 0, "version \(index) of one")
      return register.only
    }

    package static func == (left: Versions, right: Versions) -> Bool {
      left.count == right.count && left.elementsEqual(right)
    }

    package func hash(into hasher: inout Hasher) {
      for version in self { hasher.combine(version) }
    }
  }

  /// Seen dots of actors that have no version here, ordered by actor.
  package var context: [Dot] { more?.context ?? [] }

  /// The whole context, the versions' own dots among it: these first.
  package var dots: Dots { Dots(register: self) }

  package struct Dots: RandomAccessCollection, Sendable {
    fileprivate let register: Register

    package var startIndex: Int { 0 }
    package var endIndex: Int {
      register.more.map { $0.count + $0.context.count } ?? 1
    }
    package subscript(index: Int) -> Dot {
      guard let more = register.more else {
        precondition(index == 0, "dot \(index) of one")
        return register.plainDot
      }
      let own = more.count
      return index < own ? more[index].dot : more.context[index - own]
    }
  }

  /// Whether nothing but deletes is left.
  package var isTombstone: Bool {
    more.map { $0.first.isTombstone && $0.others.allSatisfy(\.isTombstone) } ?? (value == nil)
  }

  /// Whether the register is as small as it gets.
  package var isSettled: Bool {
    more.map { $0.context.isEmpty && $0.others.isEmpty && !$0.first.isTombstone } ?? (value != nil)
  }

  /// How many versions it has.
  package var count: Int { more?.count ?? 1 }

  /// How many of its versions end by themselves.
  package var endingCount: Int {
    guard let more else { return 0 }
    return more.others.reduce(more.first.expires > 0 ? 1 : 0) { $0 + ($1.expires > 0 ? 1 : 0) }
  }

  /// The newest version's time.
  package var time: UInt64 {
    guard let more else { return stamp }
    return (more.others.last ?? more.first).time
  }

  package func holds(_ dot: Dot) -> Bool { more?.holds(dot) ?? (plainDot == dot) }

  /// Up to which of an actor's dots this register's history is known.
  package func seen(_ actor: Actor) -> UInt64 {
    more?.seen(actor) ?? (plainDot.actor == actor ? sequence : 0)
  }

  /// The bytes of the values.
  package var valueBytes: Int {
    guard let more else { return value?.count ?? 0 }
    return more.others.reduce(more.first.value?.count ?? 0) { $0 + ($1.value?.count ?? 0) }
  }

  /// A hash of the versions, equal on members that hold the same, whether or not one of them has
  /// already forgotten deletes and ended values: zero where all versions are such.
  ///
  /// Beside a value that stays, deletes and ending values count too. There none of them is forgotten
  /// by age, so members that differ in them differ for good: one had forgotten a delete before it
  /// heard of a write that a restarted member made without knowing of it, the others had not.
  package var liveHash: UInt64 {
    if isPlain { return value == nil ? 0 : mix(UInt64(ordinal), boot, sequence) }
    guard let more, more.others.contains(where: \.isLasting) || more.first.isLasting else {
      return 0
    }
    return versions.reduce(0) { sum, version in
      sum &+ mix(UInt64(version.dot.actor.ordinal), version.dot.actor.boot, version.dot.sequence)
    }
  }

  /// Calls a closure with each dot of the context, the versions' own first.
  @inline(__always)
  func forEachDot(_ body: (Dot) -> Void) {
    guard let more else { return body(plainDot) }
    body(more.first.dot)
    for version in more.others { body(version.dot) }
    for dot in more.context { body(dot) }
  }

  /// Whether something holds for all dots of the context, the versions' own among them.
  func allDots(_ predicate: (Dot) -> Bool) -> Bool {
    guard let more else { return predicate(plainDot) }
    return predicate(more.first.dot) && more.others.allSatisfy { predicate($0.dot) }
      && more.context.allSatisfy(predicate)
  }

  /// Whether no actor has two dots in it. Complexity: O(dots²), without memory of its own.
  var namesActorsOnce: Bool {
    let dots = dots
    return dots.indices.allSatisfy { index in
      !dots.prefix(index).contains { $0.actor == dots[index].actor }
    }
  }

  /// The versions' dots, in canonical order.
  var versionDots: VersionDots { VersionDots(register: self) }

  struct VersionDots: RandomAccessCollection {
    fileprivate let register: Register

    var startIndex: Int { 0 }
    var endIndex: Int { register.count }
    subscript(index: Int) -> Dot { register.more?[index].dot ?? register.plainDot }
  }

  /// The only version's dot, where there is one version.
  var onlyDot: Dot? {
    guard let more else { return plainDot }
    return more.others.isEmpty ? more.first.dot : nil
  }

  /// The only version, where there is one.
  var onlyVersion: Version? {
    guard let more else { return only }
    return more.others.isEmpty ? more.first : nil
  }

  /// A write that has seen all that is here: it replaces every version.
  package mutating func overwrite(with version: Version) {
    if isPlain {
      let seen = plainDot
      if seen.actor == version.dot.actor { return set(version) }
      more = More(first: version, context: [seen])
      (value, stamp, boot, sequence, ordinal) = (nil, 0, 0, 0, 0)
      return
    }
    set([version], dots.filter { $0.actor != version.dot.actor }.sorted())
  }

  /// Replaces a version by one under the same dot, for a dot that nobody else has seen yet.
  package mutating func replace(with version: Version) {
    if isPlain { return plainDot == version.dot ? set(version) : () }
    let replaced = versions.map { $0.dot == version.dot ? version : $0 }
    set(replaced.sorted(by: Version.isOlder), context)
  }

  /// Gives a version another dot; the one it had is seen from then on.
  package mutating func reissue(_ version: Version, as dot: Dot) {
    var reissued = version
    reissued.dot = dot
    let replaced = versions.map { $0.dot == version.dot ? reissued : $0 }
    set(replaced.sorted(by: Version.isOlder), (context + [version.dot]).sorted())
  }

  /// Puts a version beside the others as if its writer had seen none of them (planted faults only).
  package mutating func add(_ version: Version, covering dot: Dot) {
    var context = context
    if dot.actor != version.dot.actor, !context.contains(where: { $0.actor == dot.actor }) {
      context.append(dot)
    }
    let beside = versions.filter { $0.dot != dot && $0.dot.actor != version.dot.actor }
    set((beside + [version]).sorted(by: Version.isOlder), context.sorted())
  }

  /// Joins what another member holds: a version stays if both hold it, or if the other's context
  /// doesn't cover it. Commutative, associative and idempotent.
  ///
  /// - Parameters:
  ///   - other: What the other member holds.
  ///   - ignoring: Says of a dot that isn't held here whether it is known here all the same. It was
  ///     overwritten, and even that may be forgotten by now: it must not come back.
  package mutating func join(_ other: Register, ignoring isKnown: (Dot) -> Bool) {
    if isPlain, other.isPlain, plainDot.actor == other.plainDot.actor {
      if other.sequence > sequence, !isKnown(other.plainDot) { self = other }
      return
    }
    if isReplaced(by: other, ignoring: isKnown) {
      self = other
      return
    }
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
    let beside = seenDots.filter { dot in !kept.contains { $0.dot.actor == dot.actor } }
    set(kept.sorted(by: Version.isOlder), beside.sorted())
  }

  /// Whether joining comes to nothing but what the other member holds: it has seen all that was seen
  /// here, and nothing of it is known to be overwritten. It is what most joins come to.
  private func isReplaced(by other: Register, ignoring isKnown: (Dot) -> Bool) -> Bool {
    guard let theirs = other.more, theirs.others.isEmpty else {
      return false
    }
    let dot = theirs.first.dot
    guard seen(dot.actor) < dot.sequence, !isKnown(dot) else { return false }
    guard let more else { return theirs.seen(plainDot.actor) >= sequence }
    guard theirs.seen(more.first.dot.actor) >= more.first.dot.sequence else { return false }
    return more.others.allSatisfy { theirs.seen($0.dot.actor) >= $0.dot.sequence }
      && more.context.allSatisfy { theirs.seen($0.actor) >= $0.sequence }
  }

  /// Has seen these dots, of actors that have no version here.
  package mutating func cover(_ dots: [Dot]) {
    guard !dots.isEmpty else { return }
    var context = context
    for dot in dots { Self.raise(&context, to: dot) }
    set(Array(versions), context.sorted())
  }

  /// Drops the context entries that every expected member knows, which nobody can ask about again.
  package mutating func forgetContext() {
    guard let more, !more.context.isEmpty else { return }
    if more.others.isEmpty {
      set(more.first)
    } else {
      self.more = More(first: more.first, others: more.others, context: [])
    }
  }

  /// Keeps only the newest version (planted fault only).
  package mutating func keepNewest() {
    guard let newest = versions.last, versions.count > 1 else { return }
    var context = context
    for version in versions.dropLast() { Self.raise(&context, to: version.dot) }
    set([newest], context.filter { $0.actor != newest.dot.actor }.sorted())
  }

  private static func raise(_ dots: inout [Dot], to dot: Dot) {
    if let index = dots.firstIndex(where: { $0.actor == dot.actor }) {
      dots[index].sequence = max(dots[index].sequence, dot.sequence)
    } else {
      dots.append(dot)
    }
  }
}
