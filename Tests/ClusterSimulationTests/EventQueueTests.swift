import Testing

@testable import ClusterSimulation

@Suite struct `The event queue` {
  private func start(of occurrence: Occurrence) -> Int {
    if case .start(let index) = occurrence { index } else { -1 }
  }

  @Test func `gives what is due first, and of equal times what came first`() {
    var queue = EventQueue()
    let times: [UInt64] = [5, 1, 3, 1, 5, 2, 1]
    for (index, time) in times.enumerated() { queue.push(.start(index), at: time) }
    var order: [Int] = []
    while let event = queue.pop() { order.append(start(of: event.occurrence)) }
    #expect(order == [1, 3, 6, 5, 2, 0, 4])
  }

  @Test func `stays in order while events come and go`() {
    var queue = EventQueue()
    var random = RandomStream.script.generator(7)
    var last: UInt64 = 0
    for round in 0..<5_000 {
      queue.push(.start(round), at: last + random.below(1_000))
      guard random.chance(2, in: 3), let event = queue.pop() else { continue }
      #expect(event.time >= last)
      last = event.time
    }
    #expect(queue.nextTime ?? .max >= last)
  }
}
