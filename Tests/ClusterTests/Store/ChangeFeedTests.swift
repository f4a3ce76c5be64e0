import ClusterCore
import Testing

@testable import Cluster

/// What a watcher gets, however far it falls behind, and what it costs the others.
@Suite struct ChangeFeedTests {
  private let feed = ChangeFeed()

  private func change(_ key: String, _ value: [UInt8]?) throws -> KeyChange {
    let origin = Origin(ordinal: 0, boot: 1)
    return KeyChange(
      key: try Key(key),
      candidates: [Candidate(value: value, stamp: Stamp(time: 1, ordinal: 0), origin: origin)],
      origin: origin, cause: .local)
  }

  private func append(_ key: String, _ value: [UInt8]?) throws {
    feed.append(try change(key, value))
  }

  private func subscribe(
    _ prefix: String = "", _ start: ChangeStart = .now, snapshot: [KeyChange] = []
  ) -> ChangeFeed.Ticket {
    feed.subscribe(prefix: Array(prefix.utf8), from: start, boot: 7) { snapshot }
  }

  /// All that waits for a reader, without waiting for more.
  private func read(_ ticket: ChangeFeed.Ticket) -> [ChangeFeed.Item] {
    var items: [ChangeFeed.Item] = []
    ticket.subscription.update {
      items = $0
      $0 = []
    }
    return items
  }

  private func text(_ items: [ChangeFeed.Item]) -> [String] {
    items.map { item in
      switch item {
      case .change(let change, let number, let place):
        let mark = ["stream": "", "coalesced": "~", "snapshot": "="]["\(place)"] ?? "?"
        return "\(number)\(mark)\(change.key.text)"
      case .snapshotEnd(let number): return "\(number)|"
      case .overrun: return "overrun"
      }
    }
  }

  @Test func `a reader gets the changes of its prefix and no others`() throws {
    let (all, orders, order) = (subscribe(), subscribe("orders/"), subscribe("orders/1"))
    let other = subscribe("x")
    for key in ["orders/1", "orders/2", "orders/10", "order", "y"] { try append(key, [1]) }
    #expect(text(read(all)).count == 5)
    #expect(text(read(orders)) == ["1orders/1", "2orders/2", "3orders/10"])
    #expect(text(read(order)) == ["1orders/1", "3orders/10"])
    #expect(read(other).isEmpty)
  }

  @Test func `a reader that is gone is no longer written to`() throws {
    var tickets = (0..<100).map { subscribe("p\($0 % 10)/") }
    #expect(tickets[3].claim() && !tickets[3].claim())
    #expect(feed.readers == 1)
    tickets.removeAll()
    #expect(feed.readers == 0)
    try append("p3/k", [1])
    let late = subscribe("p3/")
    try append("p3/k", [2])
    #expect(text(read(late)) == ["2p3/k"])
  }

  @Test func `a snapshot comes first, then its end, then every change`() throws {
    _ = subscribe()
    try append("a", [1])
    let reader = subscribe("", .snapshot, snapshot: [try change("a", [1])])
    try append("b", [2])
    try append("a", nil)
    #expect(text(read(reader)) == ["1=a", "1|", "2b", "3a"])
  }

  @Test func `a token goes on where it was, and an old one begins anew and says so`() throws {
    _ = subscribe()
    for number in 0..<10 { try append("k\(number)", [1]) }
    let token = ChangeToken(boot: 7, number: 7)
    #expect(text(read(subscribe("", .after(token)))) == ["8k7", "9k8", "10k9"])
    #expect(text(read(subscribe("", .after(ChangeToken(boot: 7, number: 10))))) == [])
    let foreign = subscribe(
      "", .after(ChangeToken(boot: 8, number: 7)), snapshot: [try change("k", [1])])
    #expect(text(read(foreign)) == ["10=k", "10|"])
    for number in 0..<3 * ChangeFeed.history { try append("n\(number)", [1]) }
    let old = subscribe("", .after(token), snapshot: [try change("k", [1])])
    #expect(text(read(old)).first?.hasSuffix("=k") == true)
  }

  @Test func `a reader that falls behind gets the newest of each key`() throws {
    let reader = subscribe()
    for number in 0...ChangeFeed.capacity { try append("k\(number % 3)", [UInt8(number % 250)]) }
    let last = ChangeFeed.capacity + 1
    let items = text(read(reader))
    #expect(items.last == "\(last)k\(ChangeFeed.capacity % 3)")
    #expect(items.dropLast().allSatisfy { $0.contains("~") } && items.count <= 4)
    #expect(feed.dropped > 4_000)
  }

  @Test func `what waits for a reader, or for one that comes back, has a limit in bytes`() throws {
    let reader = subscribe()
    let large = Array(repeating: UInt8(1), count: Limits.value)
    for number in 0..<40 { try append("k\(number % 2)", large + [UInt8(number)]) }
    let items = read(reader)
    #expect(items.reduce(0) { $0 + $1.weight } <= ChangeFeed.heaviest)
    #expect(text(items).contains { $0.hasPrefix("40k") })
    // Of so many large ones only a snapshot tells.
    for number in 0..<40 { try append("n\(number)", large) }
    #expect(text(read(reader)).first == "overrun" && feed.dropped > 16)
    let back = subscribe("", .after(ChangeToken(boot: 7, number: 41)))
    #expect(text(read(back)).last?.hasSuffix("|") == true)
  }

  /// The property: a snapshot, and what follows, laid over each other give the store.
  @Test func `whatever is read when, the changes replayed give the store`() throws {
    for seed in 0..<60 as Range<UInt64> {
      var random = Randomness(seed: seed)
      var store: [String: [UInt8]] = [:]
      var replica: [String: [UInt8]] = [:]
      func snapshot() throws -> [KeyChange] {
        try store.keys.sorted().map { try change($0, store[$0]) }
      }
      let reader = subscribe("", .snapshot, snapshot: try snapshot())
      func readAll() throws {
        for item in read(reader) {
          switch item {
          case .change(let change, _, let place):
            if place == .snapshot, replica["?"] == nil { replica = ["?": []] }
            replica[change.key.text] = change.candidates.last?.value
          case .snapshotEnd: replica["?"] = nil
          case .overrun:
            replica = [:]
            feed.refill(reader, with: try snapshot())
          }
        }
      }
      for step in 0..<6_000 {
        let key = "k\(random.below(50))"
        let value: [UInt8]? = random.chance(1, in: 3) ? nil : [UInt8(step % 256)]
        store[key] = value
        try append(key, value)
        if random.chance(1, in: 3_000) { try readAll() }
      }
      try readAll()
      try readAll()
      #expect(replica == store, "seed \(seed)")
    }
  }

  /// Ten thousand readers of other keys are not gone through for a write.
  @Test func `readers of other keys cost a write nothing`() throws {
    let readers = (0..<10_000).map { subscribe("user/\($0)/") }
    for number in 0..<10_000 { try append("user/\(number)/x", [1]) }
    #expect(readers.allSatisfy { text(read($0)).count == 1 })
  }
}
