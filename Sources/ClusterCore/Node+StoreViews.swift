/// What drivers and judges may look at of the store's replication. Nothing here changes anything.
extension Node {
  /// How the store fares, as numbers.
  package struct StoreHealth: Hashable, Sendable {
    package var conflicted = 0
    package var candidates = 0
    package var budget = 0
    package var backlog = 0
    package var awaited = 0
    package var evicted = 0
    package var diverged = 0
    package var counters = Store.Counters()
  }

  /// How the store fares. Complexity: O(conflicts + members × actors).
  package var storeHealth: StoreHealth {
    var health = StoreHealth()
    health.conflicted = store.conflicted.count
    health.candidates = store.candidateCount
    health.budget = store.budget
    health.backlog = store.queue.count - store.queueHead
    health.awaited = awaited.count
    health.evicted = evicted.count
    health.diverged = stabilityLag.count { $0.writes > 0 && peers.isLive($0.ordinal) }
    health.counters = store.counters
    return health
  }

  /// How many of the writes that are wholly known here each other expected member isn't known to know
  /// wholly: what keeps deletes from being forgotten. Complexity: O(members × actors).
  package var stabilityLag: [(ordinal: Int, writes: UInt64)] {
    let actors = store.known.actors
    return others.map { ordinal in
      let report = store.reports[ordinal].flatMap { $0.boot == peers[ordinal].boot ? $0 : nil }
      let writes = actors.reduce(UInt64(0)) { sum, actor in
        let (here, there) = (store.known.base(actor), report?.clock.base(actor) ?? 0)
        return sum &+ (here > there ? here - there : 0)
      }
      return (ordinal, writes)
    }
  }
}
