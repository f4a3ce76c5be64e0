@testable import ClusterCore

/// Some stores that exchange registers in any order, without a wire between them.
struct Replicas {
  var stores: [Store]
  var generator: Generator
  var wall: UInt64 = 1_700_000_000_000

  init(_ count: Int, seed: UInt64, budget: Int = 1 << 20, faults: FaultSet = FaultSet([])) {
    generator = Generator(seed: seed)
    stores = (0..<count).map {
      Store(
        actor: Actor(ordinal: $0, boot: 10 + UInt64($0)), size: count, budget: budget,
        seed: mix(seed, UInt64($0)), faults: faults)
    }
  }

  mutating func put(_ key: Key, _ value: [UInt8], at index: Int, expires: UInt64? = nil) {
    _ = stores[index].write(.put(key, value, expires: expires), wallMilliseconds: wall)
  }

  mutating func delete(_ key: Key, at index: Int) {
    _ = stores[index].write(.delete(key), wallMilliseconds: wall)
  }

  /// Gives one key's register, as it is now, to another store.
  mutating func send(_ key: Key, from source: Int, to target: Int) {
    guard let slot = stores[source].table.slot(key), let register = stores[source].register(key)
    else { return }
    stores[source].expose(slot)
    _ = stores[target].merge(
      Delta.Entry(key: key, register: register), wallMilliseconds: wall)
  }

  /// Answers one store's digest from another one: all deltas, or only the first `most` of them.
  mutating func sync(from source: Int, to target: Int, budget: Int = 100_000, most: Int = .max) {
    let clock = stores[target].known
    var slots: [RegisterTable.Slot]
    switch stores[source].missing(clock) {
    case .slots(let found): slots = found
    case .scan:
      slots = []
      for slot in 0..<RegisterTable.Slot(stores[source].table.slots) {
        guard let record = stores[source].table[slot] else { continue }
        if stores[source].lacks(clock, record.register) { slots.append(slot) }
      }
    }
    guard
      let deltas = stores[source].pack(slots, for: clock, mark: 1, budget: budget, most: .max)
    else { return }
    for delta in deltas.prefix(most) { apply(delta, to: target) }
  }

  /// Applies one part of an answer, the claim only when it is the whole answer.
  mutating func apply(_ delta: Delta, to target: Int) {
    for entry in delta.entries { _ = stores[target].merge(entry, wallMilliseconds: wall) }
    guard delta.parts == 1, let claim = delta.claim else { return }
    stores[target].accept(claim: claim, forgotten: delta.forgotten)
  }

  mutating func syncAll() {
    for _ in 0..<2 {
      for source in stores.indices {
        for target in stores.indices where source != target { sync(from: source, to: target) }
      }
    }
  }

  /// Everyone hears what everyone knows, and forgets what is stable.
  mutating func sweepAll() {
    let boots = stores.map(\.actor.boot)
    for index in stores.indices {
      for other in stores.indices where other != index {
        stores[index].report(
          other, boot: boots[other], clock: stores[other].known, viewDigest: 1)
      }
      stores[index].sweep(
        boots: boots, live: Array(repeating: true, count: boots.count), viewDigest: 1)
    }
  }

  /// One step of a random history over a few keys.
  mutating func step(keys: [Key]) {
    let (source, target) = (generator.below(stores.count), generator.below(stores.count))
    let key = generator.element(of: keys)
    wall += generator.randomness.below(3)
    switch generator.below(10) {
    case 0, 1, 2: put(key, [UInt8(generator.below(256))], at: source)
    case 3: delete(key, at: source)
    case 4, 5, 6: if source != target { send(key, from: source, to: target) }
    case 7: if source != target { sync(from: source, to: target, budget: 200, most: 1) }
    default: if source != target { sync(from: source, to: target) }
    }
  }

  var brokenInvariant: String? { stores.lazy.compactMap { $0.checkInvariants() }.first }

  static func keys(_ count: Int) -> [Key] { (0..<count).compactMap { try? Key("key-\($0)") } }
}
