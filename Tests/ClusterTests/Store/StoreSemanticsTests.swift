import Cluster
import Synchronization
import Testing

@Suite struct StoreSemanticsTests {
  struct Order: Codable, Sendable, Equatable {
    var total: Int
    var items: [String] = []
  }

  /// One member that is a whole cluster.
  private func withMember(
    _ configure: (inout Cluster.Configuration) -> Void = { _ in },
    _ body: (Cluster) async throws -> Void
  ) async throws {
    let port = try FreePorts.take(1)[0]
    var configuration = Cluster.Configuration(name: "app-0", peers: ["127.0.0.1:\(port)"])
    configuration.logHandler = { _, _, _ in }
    configure(&configuration)
    let cluster = try Cluster(configuration)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await cluster.run() }
      try await cluster.ready()
      try await body(cluster)
      await cluster.shutdown()
      try await group.waitForAll()
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a space reads and writes values of its type under its prefix`() async throws {
    try await withMember { cluster in
      let orders = cluster.store.space("orders", of: Order.self)
      let changes = orders.changes()
      try orders.put("17", Order(total: 5))
      #expect(try orders["17"] == Order(total: 5))
      #expect(cluster.store.string(forKey: "orders/17") == #"{"items":[],"total":5}"#)
      #expect(try orders.put("17", Order(total: 6), ifLocally: .absent) == false)
      #expect(try orders.put("18", Order(total: 6), ifLocally: .absent))
      #expect(orders.keys() == ["17", "18"])
      #expect(orders.keys(after: "17") == ["18"])
      #expect(orders.count == 2)
      var sum = 0
      // swift-format-ignore: ReplaceForEachWithForLoop
      try orders.forEach { sum += $1.total }
      #expect(sum == 11)
      try cluster.store.put("orders/bad", "no JSON")
      #expect(throws: (any Error).self) { try orders["bad"] }
      #expect(try orders.delete("17"))
      #expect(try orders.delete("17") == false)
      var iterator = changes.makeAsyncIterator()
      let first = await iterator.next(isolation: nil)
      #expect(first?.key == "17" && first?.value == Order(total: 5))
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a condition is compared with what this member reads`() async throws {
    try await withMember { cluster in
      let store = cluster.store
      #expect(try store.put("k", "a", ifLocally: .present) == false)
      #expect(try store.put("k", "a", ifLocally: .absent))
      #expect(try store.put("k", "b", ifLocally: .value(Array("x".utf8))) == false)
      #expect(try store.put("k", "b", ifLocally: .value(Array("a".utf8))))
      let seen = try #require(store.entry("k"))
      #expect(try store.put("k", "c", ifLocally: .stamp(seen.stamp)))
      #expect(try store.put("k", "d", ifLocally: .stamp(seen.stamp)) == false)
      #expect(try store.delete("k", ifLocally: .value(Array("b".utf8))) == false)
      #expect(try store.delete("k", ifLocally: .value(Array("c".utf8))))
      #expect(try store.delete("k", ifLocally: .absent) == false)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a batch in which one write can't be made writes nothing, and says why`() async throws {
    try await withMember { cluster in
      let store = cluster.store
      #expect(throws: StoreError.keyEmpty) {
        try store.batch { batch in
          batch.put("a", "1")
          batch.put("", "2")
          batch.delete(String(repeating: "k", count: 10_000))
        }
      }
      #expect(throws: EncodingError.self) {
        try store.batch { batch in
          batch.put("a", "1")
          batch.put("b", encoding: Double.nan)
        }
      }
      #expect(throws: CancellationError.self) {
        try store.batch { batch in
          batch.put("a", "1")
          throw CancellationError()
        }
      }
      #expect(store.count == 0)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `keys come in the order of their bytes, page by page`() async throws {
    try await withMember { cluster in
      let store = cluster.store
      try store.batch { batch in
        for number in (0..<3_000).reversed() { batch.put("p/\(number)", "v") }
        batch.put("q", "v")
      }
      let all = store.keys(prefix: "p/")
      #expect(all == (0..<3_000).map { "p/\($0)" }.sorted())
      #expect(store.keys(prefix: "p/", limit: 7) == Array(all.prefix(7)))
      var (paged, last) = ([String](), String?.none)
      while true {
        let page = store.keys(prefix: "p/", after: last, limit: 700)
        guard let end = page.last else { break }
        paged += page
        last = end
      }
      #expect(paged == all)
      for number in 0..<2_900 { try store.delete("p/\(number)") }
      #expect(store.keys(prefix: "p/").count == 100)
      var visited: [String] = []
      store.forEach(prefix: "p/") { key, _ in visited.append(key) }
      #expect(visited == store.keys(prefix: "p/"))
      try store.purge()
      #expect(store.count == 0 && store.keys().isEmpty)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a write waits until so many members have it, and says who`() async throws {
    let peers = try FreePorts.take(3).map { "127.0.0.1:\($0)" }
    let members = try (0..<3).map { ordinal in
      var configuration = Cluster.Configuration(name: "app-\(ordinal)", peers: peers)
      configuration.logHandler = { _, _, _ in }
      return try Cluster(configuration)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for member in members.prefix(2) { group.addTask { try await member.run() } }
      for member in members.prefix(2) { try await member.ready() }
      await eventually("both see each other") { members[0].status == .yellow }
      let two = try await members[0].store.put("k", "v", concern: .majority)
      #expect(two.isReached && two.holders.map(\.name) == ["app-0", "app-1"])
      #expect(members[1].store.string(forKey: "k") == "v")
      let local = try await members[0].store.put("k", "w", concern: .local)
      #expect(local.isReached && local.holders.map(\.ordinal).contains(0))
      let all = try await members[0].store.put(
        "k", "x", concern: .all, timeout: .milliseconds(300))
      #expect(!all.isReached && all.missing.map(\.name) == ["app-2"])
      #expect(all.required == 3 && members[0].store.string(forKey: "k") == "x")
      await #expect(throws: StoreError.impossibleConcern(count: 4, size: 3)) {
        try await members[0].store.put("k", "y", concern: .count(4))
      }
      await #expect(throws: StoreError.impossibleConcern(count: 0, size: 3)) {
        try await members[0].store.put("k", "y", concern: .count(0))
      }
      #expect(members[0].store.string(forKey: "k") == "x")
      let waiting = Task { try await members[0].store.delete("k", concern: .all) }
      await eventually("the delete is made") { members[1].store["k"] == nil }
      waiting.cancel()
      await #expect(throws: CancellationError.self) { try await waiting.value }
      for member in members { await member.shutdown() }
      try await group.waitForAll()
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a minority refuses what its policy says`() async throws {
    for policy in [MinorityPolicy.readOnly, .unavailable] {
      let peers = try FreePorts.take(3).map { "127.0.0.1:\($0)" }
      let members = try (0..<2).map { ordinal in
        var configuration = Cluster.Configuration(name: "app-\(ordinal)", peers: peers)
        configuration.minority = policy
        configuration.logHandler = { _, _, _ in }
        return try Cluster(configuration)
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for member in members { group.addTask { try await member.run() } }
        for member in members { try await member.ready() }
        await eventually("both see each other") { members.allSatisfy { $0.status == .yellow } }
        try members[0].store.put("k", "v")
        await eventually("it arrives") { members[1].store["k"] != nil }
        await members[0].shutdown()
        await eventually("one is alone") { members[1].status == .red }
        #expect(throws: StoreError.minority(live: 1, size: 3)) {
          try members[1].store.put("k", "w")
        }
        #expect((members[1].store["k"] == nil) == (policy == .unavailable))
        #expect(members[1].store.isReadable == (policy == .readOnly))
        #expect(members[1].store.keys().isEmpty == (policy == .unavailable))
        await members[1].shutdown()
        try await group.waitForAll()
      }
    }
  }
}
