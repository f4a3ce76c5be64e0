import ClusterCore
import Synchronization

/// Gives changed registers to all who watch keys.
///
/// A reader that falls behind by more than `capacity` changes gets the newest of each key instead, and
/// one that falls behind by more than `keys` keys a new snapshot: memory stays bounded, and nobody has
/// to be waited for.
final class ChangeFeed: Sendable {
  /// So many changes wait for a reader before they are coalesced.
  static let capacity = 4_096
  /// So many keys wait for a reader before it gets a snapshot instead.
  static let keys = 65_536
  /// So many changes are kept for readers that come back with a token.
  static let history = 4_096

  /// What waits for a reader.
  enum Item: Sendable {
    case change(KeyChange, number: UInt64, isCoalesced: Bool)
    case snapshotEnd(number: UInt64)
    /// The reader fell too far behind: it takes a snapshot.
    case overrun
  }

  /// A reader's place; it is given up when nobody holds it any more.
  final class Ticket: Sendable {
    let subscription = Subscription<Item>()
    fileprivate let id: UInt64
    private let feed: ChangeFeed
    private let isClaimed = Atomic(false)

    fileprivate init(id: UInt64, feed: ChangeFeed) {
      self.id = id
      self.feed = feed
    }

    /// Whether this call is the first; from then on the reader counts as a live one.
    func claim() -> Bool {
      guard !isClaimed.exchange(true, ordering: .acquiringAndReleasing) else { return false }
      feed.state.withLock { $0.claimed += 1 }
      return true
    }

    deinit {
      let wasClaimed = isClaimed.load(ordering: .acquiring)
      feed.state.withLock { state in
        state.watchers[id] = nil
        if wasClaimed { state.claimed -= 1 }
      }
    }
  }

  fileprivate struct Watcher {
    let prefix: [UInt8]
    let subscription: Subscription<Item>
  }

  fileprivate struct State {
    var watchers: [UInt64: Watcher] = [:]
    var nextID: UInt64 = 0
    var claimed = 0
    var number: UInt64 = 0
    var recent: [KeyChange] = []
    var keepsHistory = false
    var isFinished = false
  }

  fileprivate let state = Mutex(State())
  /// Relaxed: it is only shown.
  private let omitted = Atomic<UInt64>(0)

  /// How many changes were left out because readers fell behind.
  var dropped: UInt64 { omitted.load(ordering: .relaxed) }

  /// How many iterators are alive.
  var readers: Int { state.withLock { $0.claimed } }

  /// Whether anybody has ever watched.
  var keepsHistory: Bool { state.withLock { $0.keepsHistory } }

  /// Takes a change. Called under the node's lock, so that the order is that of the changes.
  func append(_ change: KeyChange) {
    let (watchers, number) = state.withLock { state -> ([Watcher], UInt64) in
      state.number += 1
      guard state.keepsHistory else { return ([], state.number) }
      if state.recent.count >= Self.history * 2 { state.recent.removeFirst(Self.history) }
      state.recent.append(change)
      return (Array(state.watchers.values), state.number)
    }
    for watcher in watchers where change.key.bytes.starts(with: watcher.prefix) {
      let item = Item.change(change, number: number, isCoalesced: false)
      if watcher.subscription.offer(item, capacity: Self.capacity) { continue }
      watcher.subscription.update { buffer in
        let before = buffer.count
        Self.coalesce(&buffer)
        if buffer.count >= Self.keys { buffer = [.overrun] } else { buffer.append(item) }
        omitted.add(max(0, before + 1 - buffer.count))
      }
    }
  }

  /// Begins a subscription; called under the node's lock.
  ///
  /// - Parameter snapshot: The keys as they are now.
  func subscribe(
    prefix: [UInt8], from start: ChangeStart, boot: UInt64, snapshot: () -> [KeyChange]
  ) -> Ticket {
    let (ticket, missed, isFinished) = state.withLock { state in
      state.nextID += 1
      let ticket = Ticket(id: state.nextID, feed: self)
      state.watchers[state.nextID] = Watcher(prefix: prefix, subscription: ticket.subscription)
      let missed = state.missed(from: start, boot: boot)
      state.keepsHistory = true
      return (ticket, missed, state.isFinished)
    }
    let number = state.withLock { $0.number }
    switch (start, missed) {
    case (.now, _): break
    case (.after, .some(let changes)):
      let first = number - UInt64(changes.count) + 1
      let items = changes.enumerated().compactMap { index, change in
        change.key.bytes.starts(with: prefix)
          ? Item.change(change, number: first + UInt64(index), isCoalesced: false) : nil
      }
      ticket.subscription.update { $0 += items }
    case (.after, .none), (.snapshot, _): Self.fill(ticket, with: snapshot(), number: number)
    }
    if isFinished { ticket.subscription.finish() }
    return ticket
  }

  /// Gives a reader that fell too far behind the keys as they are now. Under the node's lock.
  func refill(_ ticket: Ticket, with snapshot: [KeyChange]) {
    Self.fill(ticket, with: snapshot, number: state.withLock { $0.number })
  }

  func finish() {
    let watchers = state.withLock { state in
      state.isFinished = true
      defer { state.watchers = [:] }
      return Array(state.watchers.values)
    }
    for watcher in watchers { watcher.subscription.finish() }
  }

  private static func fill(_ ticket: Ticket, with snapshot: [KeyChange], number: UInt64) {
    ticket.subscription.update { buffer in
      buffer = snapshot.map { .change($0, number: number, isCoalesced: false) }
      buffer.append(.snapshotEnd(number: number))
    }
  }

  /// Keeps the newest change of each key, in the order in which these happened.
  private static func coalesce(_ buffer: inout [Item]) {
    var seen: Set<Key> = []
    var kept: [Item] = []
    for item in buffer.reversed() {
      guard case .change(let change, let number, _) = item else {
        kept.append(item)
        continue
      }
      guard seen.insert(change.key).inserted else { continue }
      kept.append(.change(change, number: number, isCoalesced: true))
    }
    buffer = kept.reversed()
  }
}

extension ChangeFeed.State {
  /// The changes since a token, if all of them are still here.
  fileprivate func missed(from start: ChangeStart, boot: UInt64) -> [KeyChange]? {
    guard case .after(let token) = start, token.boot == boot, token.number <= number,
      keepsHistory, number - token.number <= UInt64(recent.count)
    else { return nil }
    return Array(recent.suffix(Int(number - token.number)))
  }
}
