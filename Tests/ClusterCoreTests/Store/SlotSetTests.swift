import Testing

@testable import ClusterCore

@Suite struct SlotSetTests {
  @Test func `slots come in order, each once, until they are taken out`() {
    var slots = SlotSet()
    for slot in [200, 3, 64, 63, 3, 0] as [RegisterTable.Slot] { slots.set(slot, true) }
    #expect(Array(slots) == [0, 3, 63, 64, 200])
    #expect(slots.count == 5)
    slots.set(63, false)
    slots.set(1_000, false)
    #expect(Array(slots) == [0, 3, 64, 200])
    for slot in [0, 3, 64, 200] as [RegisterTable.Slot] { slots.set(slot, false) }
    #expect(slots.isEmpty)
    #expect(Array(slots) == [])
  }
}
