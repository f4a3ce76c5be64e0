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
  ///   - sizes: How many bytes the news of each of `ordinals` takes.
  package mutating func take(budget: Int, sizes: [Int]) -> [Int] {
    var taken: [Int] = []
    var room = budget
    for index in items.indices {
      guard sizes[index] <= room else { continue }
      room -= sizes[index]
      taken.append(items[index].ordinal)
      items[index].remaining -= 1
    }
    items.removeAll { $0.remaining <= 0 }
    items = items.enumerated()
      .sorted { ($1.element.remaining, $0.offset) < ($0.element.remaining, $1.offset) }
      .map(\.element)
    return taken
  }
}
