import ClusterCore
import Testing

struct SlotQueueTests {
  private func drained(_ queue: SlotQueue) -> [RegisterTable.Slot] {
    var (queue, slots) = (queue, [RegisterTable.Slot]())
    while let slot = queue.first {
      slots.append(slot)
      queue.discard(slot)
    }
    return slots
  }

  @Test func `a slot waits once, at the place where it came first`() {
    var queue = SlotQueue()
    for slot in [7, 3, 7, 9, 3, 7] as [RegisterTable.Slot] { queue.append(slot) }
    #expect(queue.count == 3)
    #expect(drained(queue) == [7, 3, 9])
  }

  @Test func `what was taken out from the middle may come again, at the end`() {
    var queue = SlotQueue()
    for slot in 1...4 as ClosedRange<RegisterTable.Slot> { queue.append(slot) }
    queue.discard(2)
    queue.discard(9)
    queue.append(2)
    #expect(queue.count == 4)
    #expect(Set(drained(queue)) == [1, 2, 3, 4])
    #expect(drained(queue).count == 4)
  }

  @Test func `a queue that never empties holds each slot once, however long it lasts`() {
    var (queue, random) = (SlotQueue(), Randomness(seed: 3))
    for _ in 0..<100_000 {
      queue.append(RegisterTable.Slot(random.below(500)))
      if random.chance(30, in: 100) { queue.discard(RegisterTable.Slot(random.below(500))) }
      if random.chance(30, in: 100), let first = queue.first { queue.discard(first) }
    }
    let slots = drained(queue)
    #expect(slots.count == queue.count && Set(slots).count == slots.count)
    #expect(slots.count <= 500)
  }
}
