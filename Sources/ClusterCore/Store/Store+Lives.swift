/// Which of this member's own lives others have heard of.
///
/// A life writes under its boot number, and numbers follow the wall clock. After a clock was set back
/// and a disk lost, a life may begin with a number below one that the others have sealed, and end
/// before it meets any of them. To them all its dots are known, by the seal, though nobody ever heard
/// one. So what it wrote must not be taken for overwritten or deleted because they "know" it.
///
/// A life counts as heard of once another member that is synced names it, rather than a seal above it:
/// one that has such a seal never does. From then on a seal above it can only come of members that
/// agreed on what it wrote. Lives come back in the order of their numbers (what is restored
/// goes on under a larger one), so the largest that was heard of says it all, and is written to the
/// disk with each commit. Where it is lost, as in a crash before that, what is written once more is
/// what others hold already, or hold the overwrite of, context and all: those that had a part in
/// its becoming stable include this member, whose disk would then have it, too.
extension Store {
  /// Notes which of this member's lives another one, that is synced, names.
  package mutating func noteHeard(in clock: StoreClock) {
    guard heardThrough < actor.boot, clock.range.contains(actor.ordinal) else { return }
    let theirs = clock[actor.ordinal]
    var through = heardThrough
    for own in known[actor.ordinal].actors where own.boot > through {
      guard theirs.names(own.boot) else { break }
      through = own.boot
    }
    hear(through: through)
  }

  /// Notes that another member, that is synced, knows just what this one knows.
  package mutating func noteAllHeard() {
    guard heardThrough < actor.boot, let last = known[actor.ordinal].actors.last else { return }
    hear(through: last.boot)
  }

  private mutating func hear(through boot: UInt64) {
    guard boot > heardThrough else { return }
    heardThrough = boot
    version &+= 1  // It is to be on the disk.
  }

  /// Whether a dot that a clock knows was never heard by anybody: the clock knows it by a seal that
  /// says nothing of this member's life.
  func isUnheard(_ dot: Dot, in clock: StoreClock) -> Bool {
    dot.actor.ordinal == actor.ordinal && dot.actor.boot > heardThrough
      && dot.actor.boot <= clock[dot.actor.ordinal].sealedThrough && !faults.has(.unheardIsKnown)
  }

  /// Whether a clock's seal covers a life of this member, before this process, of which nobody has
  /// heard.
  func hasUnheard(in clock: StoreClock, besides present: [UInt64]) -> Bool {
    let sealed = clock[actor.ordinal].sealedThrough
    guard sealed > heardThrough, !faults.has(.unheardIsKnown) else { return false }
    return known[actor.ordinal].actors.contains {
      $0.boot > heardThrough && $0.boot <= sealed && !present.contains($0.boot)
    }
  }
}

extension StoreClock.Part {
  /// Whether a dot of this boot was heard of: some are known apart, or the seal ends with it. A seal
  /// bears the number of a boot that its members knew.
  fileprivate func names(_ boot: UInt64) -> Bool {
    sealedThrough == boot || index(of: boot).map { !actors[$0].isEmpty } ?? false
  }
}
