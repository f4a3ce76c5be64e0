/// Slots of keys that wait to be sent, oldest first. Each waits once, whatever is written to its key
/// meanwhile: it is encoded from its state when its turn comes. So a receiver that is slower than the
/// writers gets fewer states of each key, and never more than all keys to wait for.
package struct SlotQueue: Hashable, Sendable {
  /// Those that were discarded are still here, and those that came again since stand here twice.
  private var order: [RegisterTable.Slot] = []
  private var head = 0
  private var waiting = SlotSet()

  package init() {}

  package var count: Int { waiting.count }
  package var isEmpty: Bool { waiting.isEmpty }

  package mutating func append(_ slot: RegisterTable.Slot) {
    guard !waiting.contains(slot) else { return }
    waiting.set(slot, true)
    order.append(slot)
    guard order.count - head > 2 * waiting.count + 64 else { return }
    var left = waiting
    order = order[head...].filter { slot in
      defer { left.set(slot, false) }
      return left.contains(slot)
    }
    head = 0
  }

  /// Takes a slot out, wherever it stands.
  package mutating func discard(_ slot: RegisterTable.Slot) { waiting.set(slot, false) }

  /// The slot that waits longest.
  package var first: RegisterTable.Slot? {
    mutating get {
      while head < order.count, !waiting.contains(order[head]) { head += 1 }
      if head == order.count {
        order.removeAll(keepingCapacity: order.capacity <= 4_096)
        head = 0
      } else if head > 4_096, head * 2 >= order.count {
        order.removeFirst(head)
        head = 0
      }
      return order.isEmpty ? nil : order[head]
    }
  }
}
