import ClusterCore
import Testing

@testable import Cluster

struct DeadlineQueueTests {
  @Test func `deadlines come in order, moved and removed ones too`() {
    var queue = DeadlineQueue()
    for (id, time) in [(1, 50), (2, 20), (3, 90), (4, 70)] as [(UInt64, UInt64)] {
      queue.set(id, to: Instant(nanoseconds: time))
    }
    queue.set(3, to: Instant(nanoseconds: 10))
    queue.set(2, to: .distantFuture)
    queue.remove(9)
    #expect(queue.earliest == Instant(nanoseconds: 10))
    #expect(queue.popDue(at: Instant(nanoseconds: 9)) == nil)
    #expect(queue.popDue(at: Instant(nanoseconds: 60)) == 3)
    #expect(queue.popDue(at: Instant(nanoseconds: 60)) == 1)
    #expect(queue.popDue(at: Instant(nanoseconds: 60)) == nil)
    #expect(queue.count == 1)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `it does what a sorted list does`(seed: UInt64) {
    var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: UInt64) -> UInt64 {
      random ^= random << 13
      random ^= random >> 7
      random ^= random << 17
      return random % bound
    }
    var queue = DeadlineQueue()
    var model: [UInt64: UInt64] = [:]
    for _ in 0..<500 {
      let (id, time) = (next(30), next(1_000))
      switch next(4) {
      case 0:
        queue.remove(id)
        model[id] = nil
      case 1:
        let due = model.filter { $0.value <= time }.min { ($0.value, $0.key) < ($1.value, $1.key) }
        #expect(queue.popDue(at: Instant(nanoseconds: time)) == due?.key)
        if let due { model[due.key] = nil }
      default:
        queue.set(id, to: Instant(nanoseconds: time))
        model[id] = time
      }
      #expect(queue.count == model.count)
      #expect(queue.earliest.nanoseconds == model.values.min() ?? .max)
    }
  }
}
