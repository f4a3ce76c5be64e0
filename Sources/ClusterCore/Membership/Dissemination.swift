/// News about members that still have to be told around, each a number of times that grows with the
/// logarithm of the cluster's size (SWIM, section 4.1: after λ·log N periods everyone knows).
package struct Dissemination: Hashable, Sendable {
  private struct Item: Hashable {
    var ordinal: Int
    var remaining: Int
  }

  private var items: [Item] = []
  /// When the news is next told without waiting for a probe.
  package var nextAt = Instant.distantFuture

  package init() {}

  package var isEmpty: Bool { items.isEmpty }

  /// How much news there is: at most one piece of each member.
  package var count: Int { items.count }

  /// Whose news there is, in the order in which it is told.
  package var ordinals: [Int] { items.map(\.ordinal) }

  /// Puts the news of a member first.
  package mutating func enqueue(_ ordinal: Int, members: Int) {
    items.removeAll { $0.ordinal == ordinal }
    var rounds = 1
    while 1 << rounds <= members { rounds += 1 }
    items.insert(Item(ordinal: ordinal, remaining: 3 * rounds), at: 0)
  }

  /// The members whose news fit, the least told first; each is counted as told once more.
  ///
  /// - Parameters:
  ///   - budget: How many bytes there are.
  ///   - isHeard: Whether who is told is likely to hear it. What is told to one that may be gone
  ///     isn't counted: of a few members that are cut off from many, each would soon have told its
  ///     news often enough, and nearly always to nobody.
  ///   - size: How many bytes the news of a member takes.
  /// - Complexity: O(count); `size` is asked for those that fit, and for `mostPassedOver` more.
  package mutating func take(
    budget: Int, isHeard: Bool = true, size: (Int) -> Int
  ) -> [Int] {
    var taken: [Int] = []
    var told: [Item] = []
    var rest: [Item] = []
    var room = budget
    for index in items.indices {
      guard rest.count < Self.mostPassedOver else {
        rest += items[index...]
        break
      }
      let size = size(items[index].ordinal)
      guard size <= room else {
        rest.append(items[index])
        continue
      }
      room -= size
      taken.append(items[index].ordinal)
      if items[index].remaining > 1 {
        told.append(Item(ordinal: items[index].ordinal, remaining: items[index].remaining - 1))
      }
    }
    if isHeard { items = Self.merged(told, rest) }
    return taken
  }

  /// So many that are too large for what is left are passed over for smaller ones.
  private static let mostPassedOver = 16

  /// Both lists as one, the least told first. What was just told stood before all that had been told as
  /// often as it has now.
  private static func merged(_ told: [Item], _ rest: [Item]) -> [Item] {
    if rest.isEmpty { return told }
    var merged: [Item] = []
    merged.reserveCapacity(told.count + rest.count)
    var next = 0
    for item in rest {
      while next < told.count, told[next].remaining >= item.remaining {
        merged.append(told[next])
        next += 1
      }
      merged.append(item)
    }
    merged += told[next...]
    return merged
  }
}
