/// Whether everyone whom this member believes live believes the same.
///
/// The view digest is a hash of each ordinal's boot and whether it is live; a suspect counts as live.
/// A member holds this member's digest if it said so itself, or if another holder passed it on in a
/// bitmap, since the digest last changed.
package struct Convergence: Hashable, Sendable {
  package private(set) var digest: UInt64 = 0
  /// One bit an ordinal: who is known to hold `digest`.
  package private(set) var holders: [UInt8]
  /// Whether the view may have changed since the digest was taken.
  package var isDirty = true
  private var changedAt = Instant(nanoseconds: 0)
  /// How long after a change the holders are passed on.
  private static let freshness = Span64.seconds(10)

  package init(size: Int) { holders = Array(repeating: 0, count: (size + 7) / 8) }

  /// Takes a new digest; nobody but this member holds it yet.
  package mutating func update(_ digest: UInt64, own ordinal: Int, at now: Instant) {
    isDirty = false
    guard digest != self.digest else { return }
    self.digest = digest
    changedAt = now
    for index in holders.indices { holders[index] = 0 }
    insert(ordinal)
  }

  /// Notes that a member holds the digest, and whom else it knows to.
  package mutating func insert(_ ordinal: Int) { holders[ordinal / 8] |= 1 << UInt8(ordinal % 8) }

  /// Notes what another holder passed on.
  package mutating func formUnion(_ other: [UInt8]) {
    guard other.count == holders.count else { return }
    for index in holders.indices { holders[index] |= other[index] }
  }

  package func contains(_ ordinal: Int) -> Bool {
    holders[ordinal / 8] & (1 << UInt8(ordinal % 8)) != 0
  }

  /// Whether the holders are still worth passing on.
  package func isFresh(at now: Instant) -> Bool { now.since(changedAt) < Self.freshness }
}
