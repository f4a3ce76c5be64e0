import ClusterCore

/// Deadlines of numbered things, each with one at most: a binary heap that knows where each stands.
///
/// Setting, moving and removing one takes O(log n) steps. `.distantFuture` is no deadline.
struct DeadlineQueue {
  private var heap: [(deadline: Instant, id: UInt64)] = []
  private var positions: [UInt64: Int] = [:]

  /// How many deadlines there are.
  var count: Int { heap.count }

  /// The earliest deadline; `.distantFuture` when there is none.
  var earliest: Instant { heap.first?.deadline ?? .distantFuture }

  /// Sets or moves the deadline of `id`.
  mutating func set(_ id: UInt64, to deadline: Instant) {
    guard deadline != .distantFuture else {
      remove(id)
      return
    }
    if let position = positions[id] {
      if heap[position].deadline == deadline { return }
      heap[position].deadline = deadline
      settle(position)
    } else {
      heap.append((deadline, id))
      positions[id] = heap.count - 1
      settle(heap.count - 1)
    }
  }

  /// Forgets the deadline of `id`.
  mutating func remove(_ id: UInt64) {
    guard let position = positions.removeValue(forKey: id) else { return }
    let last = heap.removeLast()
    guard position < heap.count else { return }
    heap[position] = last
    positions[last.id] = position
    settle(position)
  }

  /// Takes out the earliest deadline that has come, if any has.
  mutating func popDue(at now: Instant) -> UInt64? {
    guard let first = heap.first, first.deadline <= now else { return nil }
    remove(first.id)
    return first.id
  }

  private mutating func settle(_ start: Int) {
    var position = start
    while position > 0, isBefore(position, (position - 1) / 2) {
      swap(position, (position - 1) / 2)
      position = (position - 1) / 2
    }
    while true {
      let left = 2 * position + 1
      guard left < heap.count else { return }
      let right = left + 1
      let child = right < heap.count && isBefore(right, left) ? right : left
      guard isBefore(child, position) else { return }
      swap(position, child)
      position = child
    }
  }

  private func isBefore(_ left: Int, _ right: Int) -> Bool {
    (heap[left].deadline, heap[left].id) < (heap[right].deadline, heap[right].id)
  }

  private mutating func swap(_ left: Int, _ right: Int) {
    heap.swapAt(left, right)
    positions[heap[left].id] = left
    positions[heap[right].id] = right
  }
}
