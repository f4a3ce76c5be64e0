import Foundation
import Testing

@testable import ClusterCore

/// Random histories of a few stores against an oracle of acknowledged writes.
///
/// `STORE_SEEDS` says how many and `STORE_FIRST` from which one on; the whole check takes many more
/// than a quick run.
@Suite struct StoreModelTests {
  static let seeds: Range<UInt64> = {
    let environment = ProcessInfo.processInfo.environment
    let first = environment["STORE_FIRST"].flatMap(UInt64.init) ?? 0
    return first..<first + (environment["STORE_SEEDS"].flatMap(UInt64.init) ?? 30)
  }()

  @Test(arguments: [0, 2, 8])
  func `what is known is held or dominated or forgotten, and all end with the same`(
    crashes: Int
  ) {
    var plan = StoreModel.Plan()
    plan.crashes = crashes
    for seed in Self.seeds {
      if let failure = StoreModel.failure(seed: mix(seed, UInt64(crashes)), plan) {
        Issue.record("\(failure), seed \(seed), \(crashes) crashes")
        return
      }
    }
  }

  /// The test of the test: rules that live in the store are missed within so many seeds. (Those that
  /// random histories rarely need are written out in `LateLetterTests` and `PlantedRuleTests`.)
  @Test(arguments: [
    PlantedFault.mergeByStamp, .writeCoversNewestOnly, .truncatedDeltaClaimsAll, .absenceDeletes,
    .noExceptions, .stableWhenReachableKnow, .neverSeal, .actorWithoutBoot, .resolverInMerge,
  ])
  func `a rule that is taken out is missed`(fault: PlantedFault) {
    var plan = StoreModel.Plan()
    plan.crashes = 3
    plan.faults = [fault]
    let caught = (0..<2_000 as Range<UInt64>).first {
      StoreModel.failure(seed: mix($0, 3), plan) != nil
    }
    #expect(caught != nil, "not within 2,000 seeds")
  }

  /// A clock one hour ahead is followed by nobody, and its member's writes are overwritten by whoever
  /// has seen them.
  @Test func `a member one hour ahead drags nobody along and its writes can be overwritten`() throws
  {
    var replicas = Replicas(3, seed: 1)
    let keys = Replicas.keys(6)
    let (right, ahead) = (replicas.wall, replicas.wall + 3_600_000)
    for step in 0..<200 {
      replicas.wall = ahead
      replicas.put(keys[step % 6], [1], at: 0)
      replicas.wall = right + UInt64(step)
      for key in keys { replicas.send(key, from: 0, to: 1 + step % 2) }
      replicas.put(keys[step % 6], [2], at: 1 + step % 2)
      for key in keys { replicas.send(key, from: 1 + step % 2, to: 0) }
      let read = try #require(replicas.stores[0].register(keys[step % 6]))
      #expect(
        read.versions.map(\.value) == [[2]], "what was seen is overwritten, whatever its stamp")
      for store in replicas.stores.dropFirst() {
        #expect(store.time >> 16 <= replicas.wall + Store.toleratedSkew)
      }
    }
    replicas.syncAll()
    #expect(replicas.stores[1].counters.futureStamps > 0)
    // A new key of a member with a right clock is not stamped an hour ahead.
    let key = try Key("another")
    replicas.put(key, [3], at: 1)
    let stamp = try #require(replicas.stores[1].register(key)).time
    #expect(stamp >> 16 <= replicas.wall + Store.toleratedSkew)
  }

  /// A closure that is neither associative nor commutative, and throws now and then, but gives the
  /// same answer to the same candidates.
  private static func closure(_ seed: UInt64) -> @Sendable (Conflict) throws -> Resolution {
    struct Refusal: Error {}
    return { conflict in
      var hash = mix(seed, UInt64(conflict.candidates.count))
      for candidate in conflict.candidates {
        hash = mix(hash, UInt64(candidate.value?.first ?? 0), candidate.stamp.time)
      }
      switch hash % 6 {
      case 0: throw Refusal()
      case 1: return .delete
      case 2: return .keep(conflict.oldest)
      case 3:
        let sum = conflict.candidates.reduce(0) { $0 + Int($1.value?.first ?? 0) }
        return .value([UInt8(truncatingIfNeeded: sum / conflict.candidates.count)])
      default:
        return .value(conflict.candidates.flatMap { $0.value ?? [0] })
      }
    }
  }

  @Test func `with random closures every member reads the same after every heal`() throws {
    var conflicts = 0
    for seed in Self.seeds {
      let resolver = ConflictResolver.merging(name: "random", Self.closure(seed))
      var replicas = Replicas(2 + Int(seed % 4), seed: mix(seed, 77))
      let keys = Replicas.keys(3)
      for _ in 0..<3 {
        for _ in 0..<25 { replicas.step(keys: keys) }
        replicas.syncAll()
        for key in keys {
          let answers = replicas.stores.map { store -> [UInt8]? in
            guard let register = store.register(key), !register.isTombstone else { return nil }
            let candidates = store.candidates(register, wallMilliseconds: 0)
            guard candidates.count > 1 else { return candidates[0].value }
            conflicts += 1
            let conflict = Conflict(key: key.text, candidates: candidates)
            switch try? resolver.resolve(conflict) {
            case .keep(let candidate): return candidate.value
            case .value(let bytes): return bytes
            case .delete: return nil
            case nil: return conflict.newest.value
            }
          }
          #expect(Set(answers).count == 1, "seed \(seed), \(key.text)")
        }
      }
    }
    #expect(conflicts > Self.seeds.count)
  }

  /// Counts what the store keeps, in items that each take a bounded number of bytes.
  private func weight(_ store: Store) -> Int {
    store.table.slots + store.unstable.lanes.count + store.unstable.count + store.queue.count
      + store.expiring.count + store.ended.count + store.known.actors.count
      + store.known.rangesBeyondBase + store.conflicted.count + store.forgotten.dots.count
      + store.table.slots(from: []).reduce(0) { $0 + (store.table[$1]?.register.dots.count ?? 0) }
  }

  @Test func `memory stays flat under endless puts, deletes, conflicts and restarts`() throws {
    var replicas = Replicas(3, seed: 5)
    var weights: [Int] = []
    for round in 0..<30 {
      for number in 0..<40 {
        let key = try Key("r\(round)-\(number)")
        replicas.put(key, [1, 2, 3], at: number % 3, expires: number % 5 == 0 ? 1 : nil)
        replicas.put(key, [4], at: (number + 1) % 3)
        replicas.syncAll()
        replicas.delete(key, at: number % 3)
        while replicas.stores[number % 3].dequeue() != nil {}
      }
      for index in replicas.stores.indices {
        while replicas.stores[index].dequeue() != nil {}
        _ = replicas.stores[index].expire(wallMilliseconds: replicas.wall)
      }
      replicas.syncAll()
      replicas.stores[round % 3] = Store(
        actor: Actor(ordinal: round % 3, boot: 1_000 + UInt64(round)), size: 3, budget: 1 << 20,
        seed: UInt64(round), faults: FaultSet([]))
      replicas.syncAll()
      for _ in 0..<4 { replicas.sweepAll() }
      weights.append(replicas.stores.map(weight).max() ?? 0)
      #expect(replicas.stores.allSatisfy { $0.bytes == 0 && $0.tombstones == 0 })
    }
    let early = weights[5..<15].max() ?? 0
    let late = weights[20...].max() ?? 0
    #expect(late <= early, "\(early) items early, \(late) late")
  }
}
