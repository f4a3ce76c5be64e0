/// Forgetting: what every expected member knows need not be remembered.
///
/// A dot is stable when the present boot of every expected ordinal, reachable or not, knows **all** its
/// actor's dots up to it, without a gap, and would still know them after a crash: where a member keeps
/// its store on a disk, only what is on that disk counts. (Else a delete is forgotten by all others
/// while the disk of one still says what was deleted, and nobody remembers when it comes back. And
/// asking only for the largest dot is wrong: a late copy of an earlier one could still arrive
/// somewhere and live for ever.) A context entry goes when it is stable, and a register of nothing but
/// deletes goes when its whole context is.
///
/// A boot that is over may have left gaps that nobody can fill. It is sealed, all its dots counted as
/// known, once all expected members were seen to know the same of it, each in the same view, so that
/// none of them still takes packets of that boot. Boots are sealed in order, and the order is that of
/// all members: to seal one seals those before it, and whoever knows nothing of one of those is told
/// of it first.
extension Store {
  /// Forgets what has become stable. `boots` are the present boots of the expected ordinals, zero
  /// for one never seen. Complexity: O(members × actors + what became stable).
  ///
  /// `evicted` members have been away for too long: they are not waited for, and come back by a full
  /// exchange. But nothing is sealed without them: they may hold what only they have of an ended boot.
  ///
  /// Not all of it at once, where it is much, since writes wait meanwhile: what was left is for the
  /// next call.
  ///
  /// - Returns: Whether all has been looked at.
  @discardableResult
  package mutating func sweep(
    boots: [UInt64], live: [Bool], evicted: OrdinalSet = OrdinalSet(), viewDigest: UInt64
  ) -> Bool {
    if !unstable.isBeingSwept { beginSweep(viewDigest: viewDigest, evicted: evicted) }
    defer { if !unstable.isBeingSwept { noteSweep() } }
    guard known.hasEnded(boots) || unstable.count > 0 || !ended.isEmpty else { return true }
    var others: [Int] = []
    others.reserveCapacity(size)
    var agree = true
    for ordinal in 0..<size where ordinal != actor.ordinal {
      if faults.has(.stableWhenReachableKnow), !live[ordinal] { continue }
      if evicted.contains(ordinal) {
        agree = false
        continue
      }
      guard reports[ordinal]?.boot == boots[ordinal] else { return true }
      others.append(ordinal)
      agree = agree && reports[ordinal]?.viewDigest == viewDigest
    }
    if agree || faults.has(.sealedWithoutAgreement), !faults.has(.neverSeal) {
      seal(boots: boots, others: others)
    }
    forgetStable(others.compactMap { reports[$0]?.durable })
    return !unstable.isBeingSwept
  }

  /// So many dots are looked at in one step, which takes less than a millisecond.
  private static let sweptAtOnce = 4_096

  /// Who is waited for has changed: the next sweep may forget more.
  mutating func noteEviction() { version &+= 1 }

  private mutating func seal(boots: [UInt64], others: [Int]) {
    for ordinal in 0..<size {
      while let first = known[ordinal].actors.first, first.boot < boots[ordinal],
        faults.has(.sealedWithoutAgreement) || isAgreed(first, of: ordinal, others)
      {
        known.seal(ordinal, through: first.boot)
        version &+= 1
      }
    }
  }

  /// Whether all members know just the same of a boot, and would after a crash, and no other boot comes
  /// before it.
  private func isAgreed(
    _ first: StoreClock.ActorClock, of ordinal: Int, _ others: [Int]
  ) -> Bool {
    let sealed = known[ordinal].sealedThrough
    func agrees(_ clock: StoreClock) -> Bool {
      clock[ordinal].begins(with: first, after: sealed, inOrder: !faults.has(.sealedOutOfOrder))
    }
    return agrees(durable)
      && others.lazy.compactMap { reports[$0] }.allSatisfy {
        $0.hasTold(ordinal) && agrees($0.clock) && agrees($0.durable)
      }
  }

  private mutating func forgetStable(_ clocks: [StoreClock]) {
    // A write that is concurrent with a delete was made before its writer knew of the delete, so it is
    // in the report that says so. Who knows all that was reported holds it: no such write is missing.
    lazy var isComplete = clocks.allSatisfy { known.covers($0) }
    var bases: [(actor: Actor, base: UInt64)] = []
    bases.reserveCapacity(size)
    let own = faults.has(.unflushedIsStable) ? known : durable
    func stableBase(_ actor: Actor) -> UInt64 {
      if faults.has(.deletesForgottenAtOnce) { return known.base(actor) }
      let place = bases.partitioningIndex { $0.actor >= actor }
      if place < bases.count, bases[place].actor == actor { return bases[place].base }
      let byLargest = faults.has(.stableByLargestDot)
      let base = clocks.reduce(byLargest ? own.largest(actor) : own.base(actor)) {
        min($0, byLargest ? $1.largest(actor) : $1.base(actor))
      }
      bases.insert((actor, base), at: place)
      return base
    }
    var log = UnstableLog()
    swap(&log, &unstable)
    let isThrough = log.sweep(through: stableBase, atMost: Self.sweptAtOnce) { dot, slot in
      guard table.isNewest(dot, in: slot) else { return false }
      // A value that is all there is, and this its dot.
      if table.isSettled(slot) { return false }
      guard var register = table.register(slot),
        register.allDots({ $0.sequence <= stableBase($0.actor) })
      else { return true }
      if register.isTombstone {
        guard isComplete else { return true }
        forget(slot)
      } else if !register.context.isEmpty {
        register.forgetContext()
        store(register, in: slot)
      }
      return false
    }
    if isThrough {
      log.compact(
        isCurrent: { table.isNewest($0, in: $1) },
        isSealed: { known[$0.ordinal].sealedThrough >= $0.boot })
    }
    unstable = log
    guard isThrough else { return }
    var remaining: [Expiry] = []
    for expiry in ended {
      guard let register = table.register(expiry.slot), expiry.belongs(to: register) else {
        continue
      }
      if isComplete, register.versions.allSatisfy({ isOver($0) }),
        register.dots.allSatisfy({ $0.sequence <= stableBase($0.actor) })
      {
        forget(expiry.slot)
      } else {
        remaining.append(expiry)
      }
    }
    ended = remaining
  }

  /// Tells of values that ended, and forgets those that every expected member knows.
  package mutating func expire(wallMilliseconds: UInt64) -> [KeyChange] {
    var changes: [KeyChange] = []
    endedThrough = max(endedThrough, wallMilliseconds)
    var previous: Expiry?
    while let next = expiring.first, next.milliseconds <= wallMilliseconds {
      expiring.removeFirst()
      guard let record = table[next.slot], next.belongs(to: record.register), next != previous
      else { continue }
      previous = next
      refreshHidden(next.slot)
      if let change = change(
        next.slot, origin: next.dot.actor, cause: .expired, wallMilliseconds: wallMilliseconds)
      {
        changes.append(change)
      }
      ended.append(next)
    }
    return changes
  }

  /// When the next value ends, in wall milliseconds.
  package var nextExpiry: UInt64? { expiring.first?.milliseconds }
}

extension StoreClock.Part {
  /// Whether of all boots after `sealed` this one is the first here, and the same is known of it.
  fileprivate func begins(
    with actor: StoreClock.ActorClock, after sealed: UInt64, inOrder: Bool
  ) -> Bool {
    if sealedThrough >= actor.boot { return true }
    guard inOrder else { return index(of: actor.boot).map { actors[$0] } == actor }
    return sealedThrough <= sealed && actors.first { $0.boot > sealed } == actor
  }
}
