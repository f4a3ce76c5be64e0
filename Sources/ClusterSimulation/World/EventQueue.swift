/// What is due when: a binary heap ordered by time, and by age where times are equal.
///
/// The heap holds small entries; what happens lies in a table of slots that are used again.
struct EventQueue {
  private struct Entry {
    var time: UInt64
    var sequence: UInt64
    var slot: Int

    static func < (left: Entry, right: Entry) -> Bool {
      left.time != right.time ? left.time < right.time : left.sequence < right.sequence
    }
  }

  private var heap: [Entry] = []
  private var slots: [Occurrence?] = []
  private var causes: [UInt64] = []
  private var free: [Int] = []
  private var sequence: UInt64 = 0

  /// The number of the trace's event that is under way, and so the cause of what is added; zero in a
  /// run that isn't traced.
  var cause: UInt64 = 0

  /// How many events wait.
  var count: Int { heap.count }

  /// When the next event is due; none when nothing waits.
  var nextTime: UInt64? { heap.first?.time }

  /// Adds an event.
  mutating func push(_ occurrence: Occurrence, at time: UInt64) {
    let slot: Int
    if let last = free.popLast() {
      slot = last
      slots[slot] = occurrence
      causes[slot] = cause
    } else {
      slot = slots.count
      slots.append(occurrence)
      causes.append(cause)
    }
    heap.append(Entry(time: time, sequence: sequence, slot: slot))
    sequence += 1
    rise(from: heap.count - 1)
  }

  /// Takes the event that is due first.
  mutating func pop() -> (time: UInt64, sequence: UInt64, cause: UInt64, occurrence: Occurrence)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    var taken: Occurrence?
    swap(&taken, &slots[first.slot])
    guard let occurrence = consume taken else {
      preconditionFailure("an event without an occurrence")
    }
    free.append(first.slot)
    return (first.time, first.sequence, causes[first.slot], occurrence)
  }

  /// All that waits, in no particular order: for the explorer, which goes through orders itself.
  var waiting: [(time: UInt64, sequence: UInt64, occurrence: Occurrence)] {
    heap.compactMap { entry in slots[entry.slot].map { (entry.time, entry.sequence, $0) } }
  }

  /// Takes an event out of its turn.
  ///
  /// - Complexity: O(n)
  mutating func take(
    sequence: UInt64
  ) -> (time: UInt64, sequence: UInt64, cause: UInt64, occurrence: Occurrence)? {
    guard let index = heap.firstIndex(where: { $0.sequence == sequence }),
      let occurrence = slots[heap[index].slot]
    else { return nil }
    let entry = heap.remove(at: index)
    slots[entry.slot] = nil
    free.append(entry.slot)
    // In order is a heap, too; there are few events where this is used.
    heap.sort { $0 < $1 }
    return (entry.time, entry.sequence, causes[entry.slot], occurrence)
  }

  private mutating func rise(from start: Int) {
    var index = start
    let entry = heap[index]
    while index > 0 {
      let parent = (index - 1) / 2
      guard entry < heap[parent] else { break }
      heap[index] = heap[parent]
      index = parent
    }
    heap[index] = entry
  }

  private mutating func sink() {
    var index = 0
    let entry = heap[0]
    while true {
      var child = 2 * index + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1] < heap[child] { child += 1 }
      guard heap[child] < entry else { break }
      heap[index] = heap[child]
      index = child
    }
    heap[index] = entry
  }
}
