import Cluster
import ClusterCore
import Synchronization

/// `GET /events`: what happens in the cluster, as this member sees it.
///
/// An event's id is the member's boot and the event's number. A client that comes back with the last
/// one that it saw gets what came since. Where some of that is lost, or the id is of another boot,
/// `reset` comes first, and then all that is kept.
final class ClusterEventFeed: EventFeed {
  private struct State {
    var text = ServerSentEvents()
    var number: UInt64
  }

  private let record: EventRecord
  private let boot: String
  private let bell = FeedBell()
  private let state: Mutex<State>
  private let watch = Mutex<UInt64?>(nil)
  private let ended: @Sendable () -> Void

  /// Creates the feed.
  ///
  /// - Parameters:
  ///   - boot: This member's boot as text.
  ///   - last: The id of the last event that the client saw, if it says so; `0` asks for all.
  ///   - ended: Called when the reader is gone.
  init(
    _ record: EventRecord, boot: String, after last: String?,
    ended: @escaping @Sendable () -> Void
  ) {
    self.record = record
    self.boot = boot
    self.ended = ended
    var state = State(number: record.last)
    state.text.retry(milliseconds: 2_000)
    if let last {
      let number = Self.number(in: last, boot: boot)
      state.number = number ?? 0
      if number == nil { Self.reset(&state.text) }
    }
    self.state = Mutex(state)
  }

  deinit {
    if let watch = watch.withLock({ $0 }) { record.forget(watch) }
    ended()
  }

  func start(_ wake: @escaping @Sendable () -> Void) {
    bell.connect(wake)
    let watch = record.watch { [bell] in bell.ring() }
    self.watch.withLock { $0 = watch }
  }

  func take(_ limit: Int) -> [UInt8]? {
    bell.silence()
    return state.withLock { state in
      while state.text.bytes.count < limit {
        let (events, isTorn) = record.events(after: state.number, limit: 64)
        // From the beginning there is nothing that the client could have missed.
        if isTorn, state.number > 0 { Self.reset(&state.text) }
        guard let last = events.last else { break }
        for event in events { EventText.write(event, boot: boot, to: &state.text) }
        state.number = last.number
      }
      return state.text.takeAll()
    }
  }

  private static func number(in id: String, boot: String) -> UInt64? {
    if id == "0" { return 0 }
    let parts = id.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == boot else { return nil }
    return UInt64(parts[1])
  }

  private static func reset(_ text: inout ServerSentEvents) {
    text.event("reset", id: nil) { json in
      json.name("reason")
      json.string("events were missed: ask again for what matters")
    }
  }
}
