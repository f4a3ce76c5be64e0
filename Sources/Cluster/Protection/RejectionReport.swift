import ClusterCore

/// Tells of dropped packets so that nobody can flood a log with them: the first of a reason at once,
/// and then their number, at most once in `period` for each reason.
struct RejectionReport {
  /// How often one reason is told, at most.
  static let period = Span64.seconds(10)

  private struct Entry {
    var count: UInt64 = 0
    var source: Address?
    var nextAt = Instant(nanoseconds: 0)
  }

  private var entries = [Entry](repeating: Entry(), count: PacketRejection.allCases.count)
  private var isPending = false

  /// Notes that a packet was dropped; where it came from is told of the last one only.
  mutating func note(_ reason: PacketRejection, from source: Address?) {
    entries[reason.index].count &+= 1
    entries[reason.index].source = source
    isPending = true
  }

  /// What is to be told now.
  mutating func due(at now: Instant) -> [ClusterEvent] {
    guard isPending else { return [] }
    isPending = false
    var events: [ClusterEvent] = []
    for reason in PacketRejection.allCases where entries[reason.index].count > 0 {
      let entry = entries[reason.index]
      guard now >= entry.nextAt else {
        isPending = true
        continue
      }
      events.append(
        .packetsRejected(reason: reason.rawValue, count: entry.count, from: entry.source))
      entries[reason.index] = Entry(nextAt: now + Self.period)
    }
    return events
  }
}
