@testable import ClusterCore

/// Stores that write, exchange, forget and die in a random order, beside an oracle that knows each
/// acknowledged write and what its writer had seen, and nothing of clocks and contexts.
///
/// Letters and answers to digests are lost, doubled and late by any number of steps; those from or to a
/// process that is over are not read. Wall clocks are up to ten minutes off, and jump.
struct StoreModel {
  struct Write {
    var key: Int
    var dot: Dot
    var isDelete: Bool
    /// What its writer had seen of the key, and what that had seen.
    var past: Set<Int>
  }

  enum Letter {
    case entry(Delta.Entry)
    case answer([Delta])
    case report(StoreClock, viewDigest: UInt64)
  }

  struct Envelope {
    var source: Actor
    var target: Actor
    var letter: Letter
  }

  /// What a run does besides writing and exchanging.
  struct Plan {
    var crashes = 0
    var steps = 120
    var faults: Set<PlantedFault> = []
    /// Milliseconds by which wall clocks are off, at most.
    var skew: UInt64 = 600_000
  }

  let plan: Plan
  let keys: [Key]
  var stores: [Store]
  var walls: [UInt64]
  var generator: Generator
  var letters: [Envelope] = []
  /// Digests under way: who asked, and what it knew then.
  var digests: [(asker: Actor, clock: StoreClock)] = []
  var writes: [Write] = []
  var byDot: [Dot: Int] = [:]
  var crashes = 0
  var failure: String?

  init(seed: UInt64, _ plan: Plan = Plan()) {
    self.plan = plan
    generator = Generator(seed: seed)
    let count = 2 + generator.below(3)
    keys = Replicas.keys(1 + generator.below(4))
    let faults = FaultSet(plan.faults)
    stores = (0..<count).map { ordinal in
      Store(
        actor: Actor(ordinal: ordinal, boot: 16), size: count, budget: 1 << 20,
        seed: mix(seed, UInt64(ordinal)), faults: faults)
    }
    let limit = plan.skew
    walls = []
    for _ in 0..<count {
      walls.append(1_700_000_000_000 + generator.randomness.below(2 * limit + 1) - limit)
    }
  }

  /// Runs to the end; what was wrong, if anything.
  static func failure(seed: UInt64, _ plan: Plan = Plan()) -> String? {
    var model = StoreModel(seed: seed, plan)
    for _ in 0..<plan.steps where model.failure == nil { model.step() }
    if model.failure == nil { model.settle() }
    return model.failure
  }

  mutating func step() {
    let (one, other) = (generator.below(stores.count), generator.below(stores.count))
    for index in walls.indices { walls[index] += generator.randomness.below(3) }
    switch generator.below(20) {
    case 0..<6: write(at: one)
    case 6..<9: if one != other { post(.entry, from: one, to: other) }
    case 9..<13: deliver()
    case 13: digests.append((stores[one].actor, stores[one].known))
    case 14, 15: answer(at: one)
    case 16: if one != other { post(.report, from: one, to: other) }
    case 17: sweep(one)
    case 18:
      let jump = generator.randomness.below(2 * plan.skew + 1)
      walls[one] = 1_700_000_000_000 + jump - plan.skew
    default: if crashes < plan.crashes, generator.chance(1, in: 3) { restart(one) }
    }
    check(one)
    check(other)
  }

  // MARK: What happens

  private mutating func write(at index: Int) {
    let number = generator.below(keys.count)
    let held = heldWrites(number, at: index)
    let isDelete = generator.chance(1, in: 3)
    let operation: StoreOperation =
      isDelete
      ? .delete(keys[number])
      : .put(keys[number], [UInt8(generator.below(256))], expires: nil)
    guard stores[index].write(operation, wallMilliseconds: walls[index]) != nil else { return }
    guard let register = stores[index].register(keys[number]), register.versions.count == 1,
      let version = register.versions.first
    else {
      failure = "a write leaves one version"
      return
    }
    var past = Set(held)
    for write in held { past.formUnion(writes[write].past) }
    if let reused = byDot[version.dot] {
      past.remove(reused)
      writes[reused].isDelete = isDelete
      writes[reused].past.formUnion(past)
    } else {
      byDot[version.dot] = writes.count
      writes.append(Write(key: number, dot: version.dot, isDelete: isDelete, past: past))
    }
  }

  private enum Post { case entry, report }

  private mutating func post(_ kind: Post, from source: Int, to target: Int) {
    let letter: Letter
    switch kind {
    case .entry:
      let key = generator.element(of: keys)
      guard let slot = stores[source].table.slot(key), let register = stores[source].register(key)
      else { return }
      stores[source].expose(slot)
      letter = .entry(Delta.Entry(key: key, register: register))
    case .report: letter = .report(stores[source].known, viewDigest: viewDigest)
    }
    letters.append(
      Envelope(source: stores[source].actor, target: stores[target].actor, letter: letter))
  }

  /// Answers a digest that is under way, in parts as small as it happens.
  private mutating func answer(at source: Int) {
    guard !digests.isEmpty else { return }
    let (asker, clock) = digests[generator.below(digests.count)]
    guard asker.ordinal != source else { return }
    let slots = lacking(clock, at: source)
    let budget = generator.chance(1, in: 2) ? 300 : 4_000
    guard
      let deltas = stores[source].pack(
        slots, for: clock, mark: 1 + generator.randomness.below(9), budget: budget, most: 64)
    else { return }
    letters.append(
      Envelope(source: stores[source].actor, target: asker, letter: .answer(deltas)))
  }

  private func lacking(_ clock: StoreClock, at source: Int) -> [RegisterTable.Slot] {
    if case .slots(let slots) = stores[source].missing(clock) { return slots }
    return (0..<RegisterTable.Slot(stores[source].table.slots)).filter { slot in
      stores[source].table[slot].map { stores[source].lacks(clock, $0.register) } ?? false
    }
  }

  private mutating func deliver() {
    guard !letters.isEmpty else { return }
    let number = generator.below(letters.count)
    let envelope = letters[number]
    if !generator.chance(1, in: 4) { letters.remove(at: number) }
    let (source, target) = (envelope.source, envelope.target)
    guard stores[source.ordinal].actor == source, stores[target.ordinal].actor == target else {
      return
    }
    take(envelope.letter, from: source, at: target.ordinal)
  }

  private mutating func take(_ letter: Letter, from source: Actor, at target: Int) {
    let wall = walls[target]
    switch letter {
    case .entry(let entry): _ = stores[target].merge(entry, wallMilliseconds: wall)
    case .report(let clock, let viewDigest):
      stores[target].report(
        source.ordinal, boot: source.boot, clock: clock, viewDigest: viewDigest)
    case .answer(let deltas):
      let isWhole = !generator.chance(1, in: 3)
      for (index, delta) in deltas.enumerated() where isWhole || index % 2 == 0 {
        for entry in delta.entries { _ = stores[target].merge(entry, wallMilliseconds: wall) }
      }
      let claims = isWhole || plan.faults.contains(.truncatedDeltaClaimsAll)
      guard claims, let claim = deltas[0].claim else { return }
      stores[target].accept(claim: claim, forgotten: deltas[0].forgotten)
      if plan.faults.contains(.absenceDeletes) {
        stores[target].deleteAbsent(claim: claim, entries: deltas.flatMap(\.entries))
      }
    }
  }

  private var viewDigest: UInt64 { stores.reduce(7) { mix($0, $1.actor.boot) } }

  private mutating func sweep(_ index: Int) {
    var live = stores.map { _ in true }
    live[generator.below(live.count)] = false
    stores[index].sweep(boots: boots, live: live, viewDigest: viewDigest)
  }

  private var boots: [UInt64] { stores.map(\.actor.boot) }

  /// Presents the ordinal's next boot, which remembers nothing.
  private mutating func restart(_ index: Int) {
    crashes += 1
    let boot = stores[index].actor.boot
    var store = Store(
      actor: Actor(ordinal: index, boot: boot + 16), size: stores.count, budget: 1 << 20,
      seed: boot, faults: FaultSet(plan.faults))
    if plan.faults.contains(.actorWithoutBoot) { store.rename(boot: boot) }
    stores[index] = store
  }

  // MARK: What must hold

  private func heldWrites(_ key: Int, at index: Int) -> [Int] {
    guard let register = stores[index].register(keys[key]) else { return [] }
    return register.versions.compactMap { byDot[$0.dot] }
  }

  /// A dot that is known is held, or dominated by what is held, or a delete that had seen it is known
  /// and was forgotten, or it went with all processes that had it.
  private mutating func check(_ index: Int) {
    if let broken = stores[index].checkInvariants() { failure = failure ?? broken }
    let held = keys.indices.map { heldWrites($0, at: index) }
    for key in keys.indices {
      guard held[key].count == stores[index].register(keys[key])?.versions.count ?? 0 else {
        failure = failure ?? "nobody wrote what is held"
        return
      }
    }
    for (number, write) in writes.enumerated() where stores[index].known.contains(write.dot) {
      if held[write.key].contains(number) { continue }
      if held[write.key].contains(where: { writes[$0].past.contains(number) }) { continue }
      let isDeleted = writes.enumerated().contains { other, delete in
        delete.isDelete && (other == number || delete.past.contains(number))
          && stores[index].known.contains(delete.dot)
      }
      if isDeleted { continue }
      let isSealed =
        write.dot.actor.boot <= stores[index].known[write.dot.actor.ordinal].sealedThrough
      let holders = stores.indices.filter { heldWrites(write.key, at: $0).contains(number) }
      if isSealed, holders.isEmpty { continue }
      failure = failure ?? "write \(number) is known to \(index), but not held"
    }
    for key in keys.indices {
      for write in held[key] where held[key].contains(where: { writes[$0].past.contains(write) }) {
        failure = failure ?? "write \(write) is held beside its successor"
      }
    }
  }

  /// Everyone hears everyone, and forgets.
  private mutating func settle() {
    for _ in 0..<3 {
      for source in stores.indices {
        for target in stores.indices where source != target {
          answerWhole(from: source, to: target)
        }
      }
    }
    for _ in 0..<4 {
      for index in stores.indices {
        for other in stores.indices where other != index {
          stores[index].report(
            other, boot: boots[other], clock: stores[other].known, viewDigest: viewDigest)
        }
        stores[index].sweep(
          boots: boots, live: stores.map { _ in true }, viewDigest: viewDigest)
        check(index)
      }
    }
    guard failure == nil else { return }
    judge()
  }

  private mutating func answerWhole(from source: Int, to target: Int) {
    let clock = stores[target].known
    let slots = lacking(clock, at: source)
    guard
      let deltas = stores[source].pack(slots, for: clock, mark: 1, budget: 1 << 20, most: 64)
    else { return }
    for entry in deltas.flatMap(\.entries) {
      _ = stores[target].merge(entry, wallMilliseconds: walls[target])
    }
    if let claim = deltas[0].claim {
      stores[target].accept(claim: claim, forgotten: deltas[0].forgotten)
    }
  }

  private mutating func judge() {
    let model = stores[0]
    for (index, store) in stores.enumerated() {
      if store.known.digest != model.known.digest { failure = "\(index) knows something else" }
      if store.digest != model.digest { failure = "\(index) has another digest" }
      if store.tombstones > 0 { failure = "\(index) keeps \(store.tombstones) deletes" }
      if store.unstable.count > 0 { failure = "\(index) keeps unstable dots" }
      for key in keys.indices {
        guard heldWrites(key, at: index) == heldWrites(key, at: 0) else {
          failure = "\(index) holds something else of key \(key)"
          return
        }
        if store.register(keys[key])?.context.isEmpty == false { failure = "a context stays" }
      }
    }
    guard crashes == 0 else { return }
    for key in keys.indices {
      let newest = writes.indices.filter { write in
        writes[write].key == key && !writes[write].isDelete
          && !writes.contains { $0.past.contains(write) }
      }
      // A delete that is concurrent with a value may be remembered as a candidate until it is
      // stable; then it is one of the key's versions as long as the value is.
      let values = heldWrites(key, at: 0).filter { !writes[$0].isDelete }
      if Set(values) != Set(newest) { failure = "key \(key): \(values) instead of \(newest)" }
    }
  }
}
