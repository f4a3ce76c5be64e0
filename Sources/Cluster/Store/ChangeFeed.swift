import ClusterCore
import Synchronization

/// Gives changed registers to all who watch keys.
///
/// A reader that falls behind by more than `capacity` changes, or `heaviest` bytes, gets the newest of
/// each key instead, and one that falls behind by more than `keys` keys, or as many bytes, a new
/// snapshot: memory stays bounded, and nobody has to be waited for.
///
/// Readers are found by their prefix: a change is looked up once for each length of a prefix that
/// anybody watches, however many there are. Ten thousand readers of other keys cost a write nothing.
final class ChangeFeed: Sendable {
  /// So many changes wait for a reader before they are coalesced.
  static let capacity = 4_096
  /// So many keys wait for a reader before it gets a snapshot instead.
  static let keys = 65_536
  /// So many changes are kept for readers that come back with a token.
  static let history = 4_096
  /// So many bytes of keys and values wait for a reader, or are kept for those that come back.
  static let heaviest = 16 << 20

  /// What waits for a reader.
  enum Item: Sendable {
    case change(KeyChange, number: UInt64, Place)
    case snapshotEnd(number: UInt64)
    /// The reader fell too far behind: it takes a snapshot.
    case overrun

    /// What a change is part of.
    enum Place: Sendable {
      /// The stream: nothing is left out before it.
      case stream
      /// The stream, with earlier changes of the key left out.
      case coalesced
      /// A snapshot.
      case snapshot
    }

    /// Bytes that are held by it alone, or may be.
    var weight: Int {
      if case .change(let change, _, _) = self { change.weight } else { 0 }
    }
  }

  /// A reader's place; it is given up when nobody holds it any more.
  final class Ticket: Sendable {
    let subscription = Subscription<Item>(weigh: \.weight)
    fileprivate let id: UInt64
    private let prefix: [UInt8]
    private let feed: ChangeFeed
    private let isClaimed = Atomic(false)

    fileprivate init(id: UInt64, prefix: [UInt8], feed: ChangeFeed) {
      self.id = id
      self.prefix = prefix
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
        state.remove(id, prefix: prefix)
        if wasClaimed { state.claimed -= 1 }
      }
    }
  }

  fileprivate struct State {
    /// The readers of each prefix, and how many of these have which length.
    var readers: [[UInt8]: [UInt64: Subscription<Item>]] = [:]
    var lengths: [Int: Int] = [:]
    var nextID: UInt64 = 0
    var claimed = 0
    var number: UInt64 = 0
    var recent: [KeyChange] = []
    var recentWeight = 0
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
    let (readers, number) = state.withLock { state -> ([Subscription<Item>], UInt64) in
      state.number += 1
      guard state.keepsHistory else { return ([], state.number) }
      state.remember(change)
      return (state.readers(of: change.key), state.number)
    }
    let item = Item.change(change, number: number, .stream)
    for reader in readers {
      if reader.offer(item, capacity: Self.capacity, heaviest: Self.heaviest) { continue }
      reader.update(roomTo: Self.keys) { buffer in
        let before = buffer.count
        Self.coalesce(&buffer)
        let weight = buffer.reduce(item.weight) { $0 + $1.weight }
        // A quarter is left free, so that the next walk over all of it is far.
        let isOverrun = buffer.count >= Self.keys || weight > Self.heaviest / 4 * 3
        if isOverrun { buffer = [.overrun] } else { buffer.append(item) }
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
      let ticket = Ticket(id: state.nextID, prefix: prefix, feed: self)
      state.add(ticket.subscription, state.nextID, prefix: prefix)
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
        change.key.utf8.starts(with: prefix)
          ? Item.change(change, number: first + UInt64(index), .stream) : nil
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
    let readers = state.withLock { state in
      state.isFinished = true
      defer {
        state.readers = [:]
        state.lengths = [:]
      }
      return state.readers.values.flatMap(\.values)
    }
    for reader in readers { reader.finish() }
  }

  private static func fill(_ ticket: Ticket, with snapshot: [KeyChange], number: UInt64) {
    ticket.subscription.update(roomTo: Self.keys) { buffer in
      buffer = snapshot.map { .change($0, number: number, .snapshot) }
      buffer.append(.snapshotEnd(number: number))
    }
  }

  /// Keeps the newest change of each key, in the order in which these happened.
  private static func coalesce(_ buffer: inout [Item]) {
    var seen: Set<Key> = []
    var kept: [Item] = []
    for item in buffer.reversed() {
      guard case .change(let change, let number, let place) = item else {
        kept.append(item)
        continue
      }
      guard seen.insert(change.key).inserted else { continue }
      kept.append(.change(change, number: number, place == .snapshot ? .snapshot : .coalesced))
    }
    buffer = kept.reversed()
  }
}

extension KeyChange {
  /// The bytes of its key and values.
  fileprivate var weight: Int {
    key.utf8.count + 64 + valueBytes
  }
}

extension ChangeFeed.State {
  /// Notes a reader.
  fileprivate mutating func add(
    _ reader: Subscription<ChangeFeed.Item>, _ id: UInt64, prefix: [UInt8]
  ) {
    if readers[prefix] == nil { lengths[prefix.count, default: 0] += 1 }
    readers[prefix, default: [:]][id] = reader
  }

  fileprivate mutating func remove(_ id: UInt64, prefix: [UInt8]) {
    guard readers[prefix]?.removeValue(forKey: id) != nil, readers[prefix]?.isEmpty == true else {
      return
    }
    readers[prefix] = nil
    lengths[prefix.count, default: 1] -= 1
    if lengths[prefix.count] == 0 { lengths[prefix.count] = nil }
  }

  /// Who reads a key's changes. Complexity: O(lengths of prefixes + readers found).
  fileprivate func readers(of key: Key) -> [Subscription<ChangeFeed.Item>] {
    var found: [Subscription<ChangeFeed.Item>] = []
    for length in lengths.keys where length <= key.utf8.count {
      guard let some = readers[Array(key.utf8.prefix(length))] else { continue }
      found += some.values
    }
    return found
  }

  /// Keeps a change for readers that come back with a token.
  fileprivate mutating func remember(_ change: KeyChange) {
    recent.append(change)
    recentWeight += change.weight
    guard recent.count > ChangeFeed.history * 2 || recentWeight > ChangeFeed.heaviest else {
      return
    }
    // The older half goes, and as much more as weighs too much.
    var gone = 0
    while gone < recent.count - 1,
      gone < recent.count / 2 || recentWeight > ChangeFeed.heaviest / 2
    {
      recentWeight -= recent[gone].weight
      gone += 1
    }
    recent.removeFirst(gone)
  }

  /// The changes since a token, if all of them are still here.
  fileprivate func missed(from start: ChangeStart, boot: UInt64) -> [KeyChange]? {
    guard case .after(let token) = start, token.boot == boot, token.number <= number,
      keepsHistory, number - token.number <= UInt64(recent.count)
    else { return nil }
    return Array(recent.suffix(Int(number - token.number)))
  }
}
