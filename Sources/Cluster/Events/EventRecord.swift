package import ClusterCore
import Synchronization

/// One event and when it happened, by number.
package struct RecordedEvent: Sendable {
  /// Its number: one more than that of the event before it.
  package let number: UInt64
  /// Milliseconds since 1970.
  package let wallMilliseconds: UInt64
  /// What happened.
  package let event: ClusterEvent
}

/// The latest events, kept for who comes later or comes back.
///
/// At most `capacity` are kept, of which conflicts, which a busy store makes by the thousand, are at
/// most `conflicts`: an operator who looks for the last partition shall find it.
package final class EventRecord: Sendable {
  /// How many events are kept.
  package static let capacity = 1_024
  /// How many of them are conflicts.
  package static let conflicts = 128

  fileprivate struct State {
    var events: [RecordedEvent] = []
    var conflicts = 0
    var last: UInt64 = 0
    /// The newest event that is no longer kept; zero while all are.
    var dropped: UInt64 = 0
    var readers: [UInt64: @Sendable () -> Void] = [:]
    var nextReader: UInt64 = 0
  }

  private let state = Mutex(State())

  /// Creates an empty record.
  package init() {}

  /// Keeps an event, and calls all who wait for one.
  package func append(_ event: ClusterEvent, wallMilliseconds: UInt64) {
    let readers = state.withLock { state in
      state.last += 1
      state.events.append(
        RecordedEvent(number: state.last, wallMilliseconds: wallMilliseconds, event: event))
      if event.isConflict { state.conflicts += 1 }
      if state.conflicts > Self.conflicts {
        state.forget(at: state.events.firstIndex { $0.event.isConflict } ?? 0)
      }
      if state.events.count > Self.capacity { state.forget(at: 0) }
      return Array(state.readers.values)
    }
    for wake in readers { wake() }
  }

  /// The number of the newest event; zero when there was none.
  package var last: UInt64 { state.withLock { $0.last } }

  /// The first events after a number, at most `limit`, and whether some between are lost.
  package func events(
    after number: UInt64, limit: Int
  ) -> (events: ArraySlice<RecordedEvent>, isTorn: Bool) {
    state.withLock { state in
      let start = state.events.partitioningIndex { $0.number > number }
      return (state.events[start...].prefix(limit), number < state.dropped)
    }
  }

  /// Calls `wake` after each event, from whatever thread it comes, until `forget`.
  package func watch(_ wake: @escaping @Sendable () -> Void) -> UInt64 {
    state.withLock { state in
      state.nextReader += 1
      state.readers[state.nextReader] = wake
      return state.nextReader
    }
  }

  /// Ends a watch.
  package func forget(_ watch: UInt64) { state.withLock { $0.readers[watch] = nil } }
}

extension EventRecord.State {
  fileprivate mutating func forget(at index: Int) {
    let event = events.remove(at: index)
    dropped = max(dropped, event.number)
    if event.event.isConflict { conflicts -= 1 }
  }
}

extension ClusterEvent {
  fileprivate var isConflict: Bool { if case .conflict = self { true } else { false } }
}
