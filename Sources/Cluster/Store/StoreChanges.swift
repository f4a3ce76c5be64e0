import ClusterCore
import Synchronization

/// The changes of all keys with a prefix, in the order in which this member saw them.
///
/// Each iterator is one subscription and ends with its task. A reader that falls behind by more than
/// 4,096 changes, or 16 MiB of keys and values, is not waited for: it gets the newest change of each
/// key, marked as coalesced, and after 65,536 keys, or as many bytes, a new snapshot, marked as one.
/// Until then every change comes.
public struct StoreChanges: AsyncSequence, Sendable {
  private let driver: MemberDriver
  private let prefix: [UInt8]
  private let start: ChangeStart
  private let first: ChangeFeed.Ticket

  init(driver: MemberDriver, prefix: [UInt8], start: ChangeStart) {
    self.driver = driver
    self.prefix = prefix
    self.start = start
    first = driver.subscribe(prefix: prefix, from: start)
  }

  /// Starts reading: the first iterator from the moment at which the sequence was asked for, each
  /// further one from now on, or from the same token.
  public func makeAsyncIterator() -> Iterator {
    if first.claim() { return Iterator(driver: driver, prefix: prefix, ticket: first) }
    let ticket = driver.subscribe(prefix: prefix, from: start)
    _ = ticket.claim()
    return Iterator(driver: driver, prefix: prefix, ticket: ticket)
  }

  /// Reads changes; one live subscription.
  public struct Iterator: AsyncIteratorProtocol, Sendable {
    private let driver: MemberDriver
    private let prefix: [UInt8]
    private let ticket: ChangeFeed.Ticket

    fileprivate init(driver: MemberDriver, prefix: [UInt8], ticket: ChangeFeed.Ticket) {
      self.driver = driver
      self.prefix = prefix
      self.ticket = ticket
    }

    /// The next change; none when the member has ended or the task is cancelled.
    public func next() async -> StoreChange? {
      while let item = await ticket.subscription.next() {
        switch item {
        case .change(let change, let number, let place):
          return driver.describe(change, number: number, place)
        case .snapshotEnd(let number): return driver.snapshotEnd(number: number)
        case .overrun: driver.refill(ticket, prefix: prefix)
        }
      }
      return nil
    }

    /// The next change; none when the member has ended or the task is cancelled.
    public func next(isolation actor: isolated (any _Concurrency.Actor)?) async -> StoreChange? {
      await next()
    }
  }
}

extension MemberDriver {
  func subscribe(prefix: [UInt8], from start: ChangeStart) -> ChangeFeed.Ticket {
    node.withLock { node in
      feed.subscribe(prefix: prefix, from: start, boot: node.boot) {
        Self.snapshot(of: node, prefix: prefix)
      }
    }
  }

  func refill(_ ticket: ChangeFeed.Ticket, prefix: [UInt8]) {
    node.withLock { node in feed.refill(ticket, with: Self.snapshot(of: node, prefix: prefix)) }
  }

  /// What a watcher reads of a change: the resolver is asked here, outside of every lock.
  func describe(_ change: KeyChange, number: UInt64, _ place: ChangeFeed.Item.Place) -> StoreChange
  {
    let value: [UInt8]?
    if let only = change.only {
      value = only.value
    } else {
      value = views.value(change.key, change.candidates, report: events.publish)
    }
    let kind: StoreChange.Kind
    if let value {
      kind = .written(value)
    } else {
      kind = change.cause == .expired ? .expired : .deleted
    }
    return StoreChange(
      key: change.key.text, kind: kind, origin: change.origin,
      wasConflict: change.candidateCount > 1, isCoalesced: place == .coalesced,
      isSnapshot: place == .snapshot,
      token: ChangeToken(boot: boot, number: number))
  }

  func snapshotEnd(number: UInt64) -> StoreChange {
    let (ordinal, boot) = withNode { ($0.configuration.ordinal, $0.boot) }
    return StoreChange(
      key: "", kind: .snapshotEnd, origin: Origin(ordinal: ordinal, boot: boot),
      wasConflict: false, isCoalesced: false, isSnapshot: true,
      token: ChangeToken(boot: boot, number: number))
  }

  private static func snapshot(of node: Node, prefix: [UInt8]) -> [KeyChange] {
    var changes: [KeyChange] = []
    let wall = Clock.now().wallMilliseconds
    node.forEachRegister(from: prefix) { key, register in
      guard key.utf8.starts(with: prefix) else { return false }
      let candidates = node.store.candidates(register, wallMilliseconds: wall)
      if candidates.contains(where: { $0.value != nil }), let newest = candidates.last {
        changes.append(
          KeyChange(key: key, candidates: candidates, origin: newest.origin, cause: .remote))
      }
      return true
    }
    return changes
  }
}
