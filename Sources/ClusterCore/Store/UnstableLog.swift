/// Which key each dot belongs to that some expected member may not know yet: what a peer lacks is
/// found by walking this instead of the whole store, and what became stable is found here too.
///
/// A dot belongs to one key, so an entry is named by its dot. Entries of overwritten dots are stale
/// and dropped when the log is swept.
package struct UnstableLog: Sendable {
  package struct Entry: Hashable, Sendable {
    package var sequence: UInt64
    package var slot: RegisterTable.Slot
    /// Whether the register was this value and nothing else when it was entered. There is nothing to
    /// forget of it then: what changed it since has an entry of its own.
    package var isSettled = false
  }

  package struct Lane: Sendable {
    package var actor: Actor
    package var entries = SortedChunks<Entry>()
    /// Dots up to this one may be missing here: whoever lacks one of them needs a full scan.
    package var prunedThrough: UInt64 = 0
    /// How many entries were left when the stale ones were last dropped.
    fileprivate var compacted = 0
  }

  package private(set) var lanes: [Lane] = []
  /// Where a sweep goes on that has looked at as many entries as it may.
  private var cursor: Dot?

  package init() {}

  /// A log of all these dots, in any order; of a dot that comes twice the later slot stays.
  /// Complexity: O(n log n).
  package init(_ dots: [(dot: Dot, slot: RegisterTable.Slot)]) {
    let order = dots.indices.sorted { (dots[$0].dot, $0) < (dots[$1].dot, $1) }
    for index in order { insert(dots[index].dot, dots[index].slot) }
  }

  package var count: Int { lanes.reduce(0) { $0 + $1.entries.count } }

  /// Whether a sweep has begun that isn't through.
  package var isBeingSwept: Bool { cursor != nil }

  package mutating func insert(
    _ dot: Dot, _ slot: RegisterTable.Slot, isSettled: Bool = false
  ) {
    let index = laneIndex(dot.actor)
    let entry = Entry(sequence: dot.sequence, slot: slot, isSettled: isSettled)
    guard let last = lanes[index].entries.last?.sequence, last >= dot.sequence else {
      return lanes[index].entries.append(entry)
    }
    let place = lanes[index].entries.firstPlace { $0.sequence >= dot.sequence }
    if lanes[index].entries[place].sequence == dot.sequence {
      lanes[index].entries[place] = entry
    } else {
      lanes[index].entries.insert(entry, at: place)
    }
  }

  /// The entries of an actor after a dot, oldest first; none when some of them are no longer here.
  package func entries(of actor: Actor, after base: UInt64) -> SortedChunks<Entry>.Elements? {
    let index = lanes.partitioningIndex { $0.actor >= actor }
    guard index < lanes.count, lanes[index].actor == actor else {
      return SortedChunks().makeIterator()
    }
    let lane = lanes[index]
    guard base >= lane.prunedThrough else { return nil }
    return lane.entries.elements(from: lane.entries.firstPlace { $0.sequence > base })
  }

  /// Looks at each lane's entries up to a dot: keeps those that aren't settled and for which `keep`
  /// answers true. Goes on where the last call came to, if that wasn't the end.
  ///
  /// - Parameter limit: The most entries that this call looks at.
  /// - Returns: Whether all entries have been looked at.
  @discardableResult
  package mutating func sweep(
    through stableBase: (Actor) -> UInt64, atMost limit: Int = .max,
    keep: (Dot, RegisterTable.Slot) -> Bool
  ) -> Bool {
    var room = limit
    let start = cursor
    cursor = nil
    for index in lanes.indices {
      let actor = lanes[index].actor
      if let start, actor < start.actor { continue }
      let base = stableBase(actor)
      guard base > 0 else { continue }
      // Read in place: a second reference to the entries would have them copied when some are dropped.
      let stable = lanes[index].entries.firstPlace { $0.sequence > base }
      var first = lanes[index].entries.startPlace
      if let start, actor == start.actor {
        first = lanes[index].entries.firstPlace { $0.sequence >= start.sequence }
      }
      guard first < stable else { continue }
      let (end, looked) = lanes[index].entries.place(room, after: first, limitedBy: stable)
      room -= looked
      if end < stable {
        cursor = Dot(actor: actor, sequence: lanes[index].entries[end].sequence)
      }
      drop(from: first, to: end, in: index, keep: keep)
      if cursor != nil { return false }
    }
    return true
  }

  private mutating func drop(
    from first: SortedChunks<Entry>.Place, to end: SortedChunks<Entry>.Place, in index: Int,
    keep: (Dot, RegisterTable.Slot) -> Bool
  ) {
    let actor = lanes[index].actor
    var last: UInt64 = 0
    let dropped = lanes[index].entries.drop(from: first, to: end) {
      last = $0.sequence
      return !$0.isSettled && keep(Dot(actor: actor, sequence: $0.sequence), $0.slot)
    }
    if dropped > 0 { lanes[index].prunedThrough = max(lanes[index].prunedThrough, last) }
  }

  /// Drops stale entries where there may be more of them than others, and lanes that are empty and of
  /// sealed boots. Complexity: O(1) for each entry that came since, on average.
  package mutating func compact(
    isCurrent: (Dot, RegisterTable.Slot) -> Bool, isSealed: (Actor) -> Bool
  ) {
    for index in lanes.indices where lanes[index].entries.count > 64 + 2 * lanes[index].compacted {
      let actor = lanes[index].actor
      let (start, end) = (lanes[index].entries.startPlace, lanes[index].entries.endPlace)
      lanes[index].entries.drop(from: start, to: end) {
        isCurrent(Dot(actor: actor, sequence: $0.sequence), $0.slot)
      }
      lanes[index].compacted = lanes[index].entries.count
    }
    lanes.removeAll { $0.entries.isEmpty && isSealed($0.actor) }
  }

  private mutating func laneIndex(_ actor: Actor) -> Int {
    let index = lanes.partitioningIndex { $0.actor >= actor }
    if index == lanes.count || lanes[index].actor != actor {
      lanes.insert(Lane(actor: actor), at: index)
    }
    return index
  }
}
