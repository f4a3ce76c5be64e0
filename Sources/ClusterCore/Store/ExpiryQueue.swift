/// The values that end by themselves, soonest first: a binary heap. An entry whose value was
/// overwritten stays until it comes up, or until such entries are the most.
package struct ExpiryQueue: Sendable {
  private var heap: [Store.Expiry] = []

  package var count: Int { heap.count }
  package var first: Store.Expiry? { heap.first }

  package init() {}

  package mutating func insert(_ expiry: Store.Expiry) {
    heap.append(expiry)
    var child = heap.count - 1
    while child > 0, Self.isSooner(heap[child], heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  package mutating func removeFirst() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if Self.isSooner(heap[child], heap[least]) { least = child }
      }
      guard least != parent else { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  /// Drops what is no longer so. Complexity: O(n log n).
  package mutating func compact(isCurrent: (Store.Expiry) -> Bool) {
    heap = heap.filter(isCurrent).sorted(by: Self.isSooner)
  }

  private static func isSooner(_ left: Store.Expiry, _ right: Store.Expiry) -> Bool {
    (left.milliseconds, left.slot, left.dot) < (right.milliseconds, right.slot, right.dot)
  }
}
