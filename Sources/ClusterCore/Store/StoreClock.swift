/// What a member knows of all writes: a version vector with exceptions.
///
/// Per actor there is a base, up to which every dot is known, and further ranges of known dots: a
/// crashed writer leaves gaps for ever, and without the exceptions nothing after a gap could become
/// stable. The dots of all boots of an ordinal up to `sealedThrough` count as known: those boots are
/// over, and all expected members were seen to agree on them (see `StabilitySweep`).
///
/// "Known" means: held, or dominated by something held, or stable and forgotten. A known dot that
/// isn't held is therefore ignored when it comes again.
package struct StoreClock: Hashable, Sendable {
  /// One ordinal's part.
  package struct Part: Hashable, Sendable {
    /// All boots up to this one are wholly known; zero for none.
    package var sealedThrough: UInt64 = 0
    /// The later boots, in order.
    package var actors: [ActorClock] = []

    /// The newest boot that is spoken of.
    package var newestBoot: UInt64 { max(sealedThrough, actors.last?.boot ?? 0) }
  }

  /// What is known of one actor.
  package struct ActorClock: Hashable, Sendable {
    package var boot: UInt64
    /// Every dot up to this one is known.
    package var base: UInt64 = 0
    /// Known dots beyond the base.
    package var extras = DotRanges()

    package init(boot: UInt64) { self.boot = boot }

    /// Whether no dot is known.
    var isEmpty: Bool { base == 0 && extras.isEmpty }
  }

  /// Most actors of one ordinal that are kept apart: more unsealed restarts than that are refused.
  package static let actorsPerOrdinal = 1_024

  /// The ordinals that this clock speaks of; it says nothing of others.
  package private(set) var range: Range<Int>
  private var parts: [Part]

  /// A clock that knows nothing, and says so of `range`.
  package init(range: Range<Int>) {
    self.range = range
    self.parts = Array(repeating: Part(), count: range.count)
  }

  package init(range: Range<Int>, parts: [Part]) {
    precondition(range.count == parts.count, "a part for each ordinal of the range")
    self.range = range
    self.parts = parts
  }

  /// Speaks of all ordinals up to `upperBound` from now on, knowing nothing of the new ones.
  package mutating func widen(to upperBound: Int) {
    guard upperBound > range.upperBound else { return }
    parts += Array(repeating: Part(), count: upperBound - range.upperBound)
    range = range.lowerBound..<upperBound
  }

  package subscript(ordinal: Int) -> Part {
    get { range.contains(ordinal) ? parts[ordinal - range.lowerBound] : Part() }
    set { if range.contains(ordinal) { parts[ordinal - range.lowerBound] = newValue } }
  }

  /// Whether a dot is known. Complexity: O(log a + log e).
  package func contains(_ dot: Dot) -> Bool {
    guard range.contains(dot.actor.ordinal) else { return false }
    let part = parts[dot.actor.ordinal - range.lowerBound]
    if dot.actor.boot <= part.sealedThrough { return true }
    guard let index = part.index(of: dot.actor.boot) else { return false }
    return part.actors[index].contains(dot.sequence)
  }

  /// Up to which dot of an actor all are known; the largest number for a sealed boot.
  package func base(_ actor: Actor) -> UInt64 {
    guard range.contains(actor.ordinal) else { return 0 }
    let place = actor.ordinal - range.lowerBound
    if actor.boot <= parts[place].sealedThrough { return .max }
    return parts[place].index(of: actor.boot).map { parts[place].actors[$0].base } ?? 0
  }

  /// Whether a boot is kept apart that is older than the present one of its ordinal.
  /// Complexity: O(members).
  func hasEnded(_ present: [UInt64]) -> Bool {
    range.clamped(to: present.indices).contains { ordinal in
      let place = ordinal - range.lowerBound
      return !parts[place].actors.isEmpty && parts[place].actors[0].boot < present[ordinal]
    }
  }

  /// The largest known dot of an actor, gaps or not.
  package func largest(_ actor: Actor) -> UInt64 {
    let part = self[actor.ordinal]
    if actor.boot <= part.sealedThrough { return .max }
    guard let index = part.index(of: actor.boot) else { return 0 }
    return part.actors[index].extras.last?.upperBound ?? part.actors[index].base
  }

  /// Learns one dot.
  package mutating func insert(_ dot: Dot) {
    insert(dot.sequence...dot.sequence, of: dot.actor)
  }

  /// Learns a range of dots of one actor.
  package mutating func insert(_ sequences: ClosedRange<UInt64>, of actor: Actor) {
    guard range.contains(actor.ordinal) else { return }
    parts[actor.ordinal - range.lowerBound].insert(sequences, boot: actor.boot)
  }

  /// Learns all that another clock knows.
  package mutating func formUnion(_ other: StoreClock) {
    for ordinal in other.range where range.contains(ordinal) {
      let theirs = other[ordinal]
      let index = ordinal - range.lowerBound
      if theirs.sealedThrough > parts[index].sealedThrough {
        parts[index].seal(through: theirs.sealedThrough)
      }
      for actor in theirs.actors where actor.boot > parts[index].sealedThrough {
        if actor.base > 0 { parts[index].insert(1...actor.base, boot: actor.boot) }
        for extra in actor.extras { parts[index].insert(extra, boot: actor.boot) }
      }
    }
  }

  /// Counts all boots of an ordinal up to `boot` as wholly known.
  package mutating func seal(_ ordinal: Int, through boot: UInt64) {
    guard range.contains(ordinal) else { return }
    parts[ordinal - range.lowerBound].seal(through: boot)
  }

  /// Whether every dot that `other` knows, of the ordinals that both speak of, is known here too.
  package func covers(_ other: StoreClock) -> Bool {
    other.range.clamped(to: range).allSatisfy { ordinal in
      parts[ordinal - range.lowerBound].covers(other.parts[ordinal - other.range.lowerBound])
    }
  }

  /// A hash of all that is known: equal clocks, equal digests. Complexity: O(actors).
  package var digest: UInt64 {
    var sum: UInt64 = 0
    for (index, part) in parts.enumerated() {
      let ordinal = UInt64(range.lowerBound + index)
      if part.sealedThrough > 0 { sum &+= mix(1, ordinal, part.sealedThrough) }
      for actor in part.actors where actor.base > 0 || !actor.extras.isEmpty {
        var hash = mix(2, ordinal, actor.boot, actor.base)
        if !actor.extras.isEmpty { hash = mix(hash, actor.extras.digest) }
        sum &+= hash
      }
    }
    return sum
  }

  /// The same clock without the ordinals outside `bounds`.
  package func restricted(to bounds: Range<Int>) -> StoreClock {
    let common = range.clamped(to: bounds)
    return StoreClock(range: common, parts: common.map { self[$0] })
  }

  /// All actors that are known apart, in order.
  package var actors: [Actor] {
    range.flatMap { ordinal in
      self[ordinal].actors.map { Actor(ordinal: ordinal, boot: $0.boot) }
    }
  }

  /// The newest boot that is spoken of.
  package var newestBoot: UInt64 {
    parts.reduce(0) { max($0, $1.newestBoot) }
  }

  /// Whether these dots can be learned: there is a place for each actor that isn't known yet.
  package func hasRoom(for dots: some Collection<Dot>) -> Bool {
    dots.allSatisfy { dot in
      guard range.contains(dot.actor.ordinal) else { return false }
      let part = parts[dot.actor.ordinal - range.lowerBound]
      return part.actors.count + dots.count <= Self.actorsPerOrdinal
        || dot.actor.boot <= part.sealedThrough || part.index(of: dot.actor.boot) != nil
    }
  }

  package var rangesBeyondBase: Int {
    parts.reduce(0) { $0 + $1.actors.reduce(0) { $0 + $1.extras.count } }
  }

  /// Forgets everything beyond each base (only a planted fault does that).
  package mutating func dropExtras() {
    for index in parts.indices {
      for actor in parts[index].actors.indices { parts[index].actors[actor].extras = DotRanges() }
    }
  }
}

extension StoreClock.Part {
  /// Whether every dot that `other` knows is known here too.
  fileprivate func covers(_ other: Self) -> Bool {
    guard sealedThrough >= other.sealedThrough else { return false }
    return other.actors.allSatisfy { actor in
      guard actor.boot > sealedThrough, actor.base > 0 || !actor.extras.isEmpty else { return true }
      return index(of: actor.boot).map { actors[$0].covers(actor) } ?? false
    }
  }

  /// Where the boot's clock stands, if it has one.
  package func index(of boot: UInt64) -> Int? {
    let index = lowerBound(boot)
    return index < actors.count && actors[index].boot == boot ? index : nil
  }

  fileprivate func lowerBound(_ boot: UInt64) -> Int {
    actors.partitioningIndex { $0.boot >= boot }
  }

  fileprivate mutating func insert(_ sequences: ClosedRange<UInt64>, boot: UInt64) {
    guard boot > sealedThrough else { return }
    let index = lowerBound(boot)
    if index == actors.count || actors[index].boot != boot {
      guard actors.count < StoreClock.actorsPerOrdinal else { return }
      actors.insert(StoreClock.ActorClock(boot: boot), at: index)
    }
    actors[index].insert(sequences)
  }

  fileprivate mutating func seal(through boot: UInt64) {
    guard boot > sealedThrough else { return }
    sealedThrough = boot
    actors.removeFirst(lowerBound(boot == .max ? .max : boot + 1))
  }
}

extension StoreClock.ActorClock {
  package func contains(_ sequence: UInt64) -> Bool {
    sequence <= base || extras.contains(sequence)
  }

  fileprivate func covers(_ other: StoreClock.ActorClock) -> Bool {
    guard other.base <= base else { return false }
    return other.extras.allSatisfy { extra in
      if extra.upperBound <= base { return true }
      guard let range = extras.first(endingFrom: extra.upperBound) else { return false }
      return range.lowerBound <= max(extra.lowerBound, base + 1)
    }
  }

  fileprivate mutating func insert(_ sequences: ClosedRange<UInt64>) {
    guard sequences.upperBound > base else { return }
    let news = max(sequences.lowerBound, base + 1)...sequences.upperBound
    // The ranges that the new one overlaps or touches become one with it.
    let whole = extras.isEmpty ? news : extras.remove(touching: news)
    if whole.lowerBound == base + 1 {
      base = whole.upperBound
    } else {
      extras.insert(whole)
    }
  }
}
