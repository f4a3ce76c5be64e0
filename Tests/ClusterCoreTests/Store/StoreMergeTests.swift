import Testing

@testable import ClusterCore

@Suite struct StoreMergeTests {
  @Test(arguments: 0..<30 as Range<UInt64>)
  func `replicas that exchange in any order end with the same`(seed: UInt64) {
    var replicas = Replicas(3, seed: seed)
    let keys = Replicas.keys(5)
    for _ in 0..<80 {
      replicas.step(keys: keys)
      if replicas.generator.chance(1, in: 12) { replicas.sweepAll() }
      if let broken = replicas.brokenInvariant {
        Issue.record("\(broken), seed \(seed)")
        return
      }
    }
    replicas.syncAll()
    for key in keys {
      let registers = replicas.stores.map { $0.register(key)?.versions }
      #expect(
        Set(registers.map { $0?.filter { !$0.isTombstone } ?? [] }).count == 1, "seed \(seed)")
    }
    #expect(Set(replicas.stores.map(\.digest)).count == 1)
    #expect(Set(replicas.stores.map(\.known.digest)).count == 1)
    for _ in 0..<3 { replicas.sweepAll() }
    #expect(replicas.stores.allSatisfy { $0.tombstones == 0 && $0.unstable.count == 0 })
    for store in replicas.stores {
      for slot in store.table.slots(from: []) {
        #expect(store.table[slot]?.register.context.isEmpty == true, "contexts go when stable")
      }
    }
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func `a delta makes of its receiver what giving everything would`(seed: UInt64) {
    var replicas = Replicas(3, seed: seed)
    let keys = Replicas.keys(6)
    for _ in 0..<60 { replicas.step(keys: keys) }
    var whole = replicas
    replicas.sync(from: 0, to: 1)
    for key in keys { whole.send(key, from: 0, to: 1) }
    whole.stores[1].accept(claim: whole.stores[0].known, forgotten: whole.stores[0].forgotten)
    for key in keys {
      #expect(
        replicas.stores[1].register(key)?.versions == whole.stores[1].register(key)?.versions,
        "seed \(seed)")
    }
    #expect(replicas.stores[1].known.digest == whole.stores[1].known.digest)
    #expect(replicas.stores[1].known.covers(replicas.stores[0].known))
    replicas.sync(from: 0, to: 1)
    #expect(replicas.stores[0].missing(replicas.stores[1].known) == .slots([]))
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func `a delta that is cut off claims no more than it carried`(seed: UInt64) throws {
    var replicas = Replicas(2, seed: seed)
    let keys = Replicas.keys(12)
    for key in keys { replicas.put(key, [1, 2, 3], at: replicas.generator.below(2)) }
    for _ in 0..<20 { replicas.step(keys: keys) }
    let clock = replicas.stores[1].known
    guard case .slots(let slots) = replicas.stores[0].missing(clock) else {
      Issue.record("few keys need no scan")
      return
    }
    let packed = replicas.stores[0].pack(slots, for: clock, mark: 1, budget: 220, most: 20)
    let deltas = try #require(packed)
    replicas.apply(deltas[0], to: 1)
    // What was left behind is still missing: nothing of it counts as known.
    var held = 0
    for slot in slots {
      let record = try #require(replicas.stores[0].table[slot])
      let carried = deltas[0].entries.contains { $0.key == record.key }
      if !carried, replicas.stores[0].lacks(clock, record.register) {
        let isMissing = replicas.stores[0].lacks(replicas.stores[1].known, record.register)
        #expect(isMissing, "seed \(seed)")
        held += 1
      }
    }
    #expect(deltas.count == 1 || held > 0)
    for delta in deltas.dropFirst() { replicas.apply(delta, to: 1) }
    replicas.sync(from: 0, to: 1)
    #expect(replicas.stores[1].known.covers(replicas.stores[0].known))
    for key in keys {
      guard let theirs = replicas.stores[0].register(key) else { continue }
      var ours = try #require(replicas.stores[1].register(key))
      let before = ours.versions
      ours.join(theirs) { _ in false }
      #expect(ours.versions == before, "nothing was lost on the way, seed \(seed)")
    }
  }

  @Test func `a claim that is larger than a delta may be is left to a stream`() throws {
    var replicas = Replicas(2, seed: 1)
    replicas.put(try Key("k"), [1], at: 0)
    let (clock, budget) = (replicas.stores[1].known, Node.deltaBudget)
    for boot in 100..<UInt64(130) {
      for range in 1...UInt64(30) {
        let dot = Dot(actor: Actor(ordinal: 1, boot: boot), sequence: range * 1_000)
        replicas.stores[0].known.insert(dot)
      }
      let deltas = replicas.stores[0].pack([0], for: clock, mark: 1, budget: budget, most: 6)
      for delta in deltas ?? [] {
        var writer = ByteWriter()
        delta.encode(into: &writer)
        #expect(writer.count <= budget)
      }
      if boot < 105 { #expect(deltas != nil) }
      if boot == 129 { #expect(deltas == nil) }
    }
  }

  @Test func `a late copy of an overwritten value doesn't come back`() throws {
    var replicas = Replicas(3, seed: 1)
    let key = try Key("k")
    replicas.put(key, [1], at: 0)
    let late = try #require(replicas.stores[0].register(key))
    replicas.send(key, from: 0, to: 1)
    replicas.delete(key, at: 1)
    replicas.syncAll()
    for _ in 0..<2 { replicas.sweepAll() }
    #expect(replicas.stores.allSatisfy { $0.table.count == 0 })
    for index in 0..<3 {
      let (change, _) = replicas.stores[index].merge(
        Delta.Entry(key: key, register: late), wallMilliseconds: replicas.wall)
      #expect(change == nil)
      #expect(replicas.stores[index].register(key) == nil)
    }
  }

  @Test func `a value delayed behind a gap doesn't live on after all have forgotten`() throws {
    // A writes v1, delayed on its way to C, then v2 of another key; B deletes v1.
    var replicas = Replicas(3, seed: 1)
    let (k, l) = (try Key("k"), try Key("l"))
    replicas.put(k, [1], at: 0)
    let late = try #require(replicas.stores[0].register(k))
    replicas.send(k, from: 0, to: 1)
    replicas.put(l, [2], at: 0)
    replicas.send(l, from: 0, to: 2)
    replicas.delete(k, at: 1)
    for _ in 0..<3 { replicas.sweepAll() }
    #expect(replicas.stores[1].tombstones == 1, "C has a gap: the delete is remembered")
    _ = replicas.stores[2].merge(
      Delta.Entry(key: k, register: late), wallMilliseconds: replicas.wall)
    replicas.syncAll()
    for _ in 0..<3 { replicas.sweepAll() }
    for store in replicas.stores {
      #expect(store.register(k)?.isTombstone != false)
    }
    #expect(Set(replicas.stores.map(\.digest)).count == 1)
  }

  @Test func `gaps of a superseded boot are sealed once all agree`() throws {
    var replicas = Replicas(3, seed: 1)
    let old = Actor(ordinal: 0, boot: 10)
    for index in 0..<3 { replicas.stores[index].known.insert(Dot(actor: old, sequence: 7)) }
    replicas.stores[0].rename(boot: 20)
    replicas.sweepAll()
    for store in replicas.stores {
      #expect(store.known[0].sealedThrough == 10)
      #expect(store.known.contains(Dot(actor: old, sequence: 3)))
    }
  }

  @Test func `nothing is forgotten while one member has not reported`() throws {
    var replicas = Replicas(3, seed: 1)
    let key = try Key("k")
    replicas.put(key, [1], at: 0)
    replicas.syncAll()
    replicas.delete(key, at: 0)
    replicas.sync(from: 0, to: 1)
    for _ in 0..<3 { replicas.sweepAll() }
    #expect(replicas.stores[0].tombstones == 1)
    replicas.syncAll()
    for _ in 0..<3 { replicas.sweepAll() }
    #expect(replicas.stores[0].tombstones == 0)
  }

  @Test func `a full store takes no more but deletes and tells its sender to come again`() throws {
    var replicas = Replicas(2, seed: 1, budget: 400)
    let keys = Replicas.keys(12)
    for key in keys { replicas.put(key, Array(repeating: 1, count: 50), at: 0) }
    let entries = keys.compactMap { key in
      replicas.stores[0].register(key).map { Delta.Entry(key: key, register: $0) }
    }
    for slot in 0..<RegisterTable.Slot(keys.count) { replicas.stores[0].expose(slot) }
    let full = entries.map { replicas.stores[1].merge($0, wallMilliseconds: 0).isFull }
    #expect(full.contains(true) && full.first == false)
    #expect(replicas.stores[1].bytes <= 500)
    let refused = try #require(zip(entries, full).first { $0.1 }?.0)
    #expect(!replicas.stores[1].known.contains(refused.register.versions[0].dot))
    for key in keys.prefix(8) { replicas.delete(key, at: 0) }
    for key in keys.prefix(8) { replicas.send(key, from: 0, to: 1) }
    let again = replicas.stores[1].merge(refused, wallMilliseconds: 0)
    #expect(!again.isFull)
    #expect(replicas.brokenInvariant == nil)
  }

  @Test func `dots of this boot that were never given are refused`() throws {
    let replicas = Replicas(2, seed: 1)
    let own = Dot(actor: replicas.stores[0].actor, sequence: 1)
    let entry = Delta.Entry(
      key: try Key("k"),
      register: Register(Version(dot: own, time: 1, expires: 0, value: [1])))
    var claim = StoreClock(range: 0..<2)
    claim.insert(own)
    let forged = [
      Delta(mark: 0, claim: nil, entries: [entry]), Delta(mark: 0, claim: claim, entries: []),
    ]
    for delta in forged { #expect(!replicas.stores[0].accepts(delta, newestBoot: .max)) }
    #expect(replicas.stores[1].accepts(forged[0], newestBoot: .max))
    #expect(!replicas.stores[1].accepts(forged[0], newestBoot: 9))
    #expect(!replicas.stores[1].accepts(forged[1], newestBoot: 9))
    // More ordinals than are expected are none: the set may be growing.
    let wider = Delta(mark: 0, claim: StoreClock(range: 0..<3), entries: [])
    #expect(replicas.stores[0].accepts(wider, newestBoot: .max))
  }

  @Test func `a register whose actors find no place in the clock is left alone`() throws {
    var replicas = Replicas(2, seed: 1)
    for boot in 20..<UInt64(20 + StoreClock.actorsPerOrdinal - 1) {
      replicas.stores[0].known.insert(Dot(actor: Actor(ordinal: 1, boot: boot), sequence: 1))
    }
    let versions = [5_000, 5_001].map { (boot: UInt64) in
      Version(
        dot: Dot(actor: Actor(ordinal: 1, boot: boot), sequence: 1), time: boot, expires: 0,
        value: [1])
    }
    let entry = Delta.Entry(
      key: try Key("k"), register: Register(versions: versions, context: []))
    let merged = replicas.stores[0].merge(entry, wallMilliseconds: 0)
    #expect(merged.isFull)
    #expect(replicas.stores[0].register(entry.key) == nil)
    #expect(replicas.brokenInvariant == nil)
  }

  @Test func `conflicts are counted once and told oldest first`() throws {
    var replicas = Replicas(2, seed: 1)
    let key = try Key("k")
    replicas.put(key, [1], at: 0)
    replicas.wall += 5
    replicas.put(key, [2], at: 1)
    let register = try #require(replicas.stores[1].register(key))
    for _ in 0..<3 {
      _ = replicas.stores[0].merge(
        Delta.Entry(key: key, register: register), wallMilliseconds: replicas.wall)
    }
    #expect(replicas.stores[0].counters.conflicts == 1)
    #expect(replicas.stores[0].conflicted.count == 1)
    let held = try #require(replicas.stores[0].register(key))
    #expect(replicas.stores[0].candidates(held, wallMilliseconds: 0).map(\.value) == [[1], [2]])
    replicas.put(key, [3], at: 0)
    #expect(replicas.stores[0].conflicted.isEmpty)
  }
}
