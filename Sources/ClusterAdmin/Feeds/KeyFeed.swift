import Cluster
import ClusterCore
import Synchronization

/// `GET /keys?watch`: all keys with a prefix, then a marker, then every change.
///
/// An event's id is a place in the member's stream of changes. A client that comes back with the last
/// one that it saw gets what came since, or, where that is lost, the keys anew. One that reads too
/// slowly gets the newest of each key, or `reset` and the keys anew: memory stays bounded.
final class KeyFeed: EventFeed {
  private let watch: KeyWatch
  private let nameOf: @Sendable (Int) -> String
  private let bell = FeedBell()
  private let text: Mutex<ServerSentEvents>
  private let ended: @Sendable () -> Void

  /// Creates the feed.
  ///
  /// - Parameters:
  ///   - nameOf: The name of the member of an ordinal, counted from zero.
  ///   - ended: Called when the reader is gone.
  init(
    _ watch: KeyWatch, nameOf: @escaping @Sendable (Int) -> String,
    ended: @escaping @Sendable () -> Void
  ) {
    self.watch = watch
    self.nameOf = nameOf
    self.ended = ended
    var text = ServerSentEvents()
    text.retry(milliseconds: 2_000)
    self.text = Mutex(text)
  }

  deinit { ended() }

  func start(_ wake: @escaping @Sendable () -> Void) {
    bell.connect(wake)
    watch.onChange { [bell] in bell.ring() }
  }

  func take(_ limit: Int) -> [UInt8]? {
    bell.silence()
    return text.withLock { text in
      while text.bytes.count < limit {
        switch watch.next() {
        case .change(let change): write(change, to: &text)
        case .overrun:
          text.event("reset", id: nil) { json in
            json.name("reason")
            json.string("changes were missed: all keys follow")
          }
        case .nothing: return text.takeAll()
        case .over: return text.bytes.isEmpty ? nil : text.takeAll()
        }
      }
      return text.takeAll()
    }
  }

  private func write(_ change: StoreChange, to text: inout ServerSentEvents) {
    text.event(Self.name(of: change.kind), id: change.token.text) { json in
      if change.kind == .snapshotEnd { return }
      json.name("key")
      json.string(change.key)
      if case .written(let value) = change.kind { KeyRoutes.write(value, to: &json) }
      json.name("origin")
      json.string(nameOf(change.origin.ordinal))
      json.name("conflict")
      json.boolean(change.wasConflict)
      json.name("coalesced")
      json.boolean(change.isCoalesced)
    }
  }

  private static func name(of kind: StoreChange.Kind) -> String {
    switch kind {
    case .written: "written"
    case .deleted: "deleted"
    case .expired: "expired"
    case .snapshotEnd: "snapshotEnd"
    }
  }
}
