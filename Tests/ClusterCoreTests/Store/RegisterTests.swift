import Testing

@testable import ClusterCore

@Suite struct RegisterTests {
  private func dot(_ ordinal: Int, _ sequence: UInt64, boot: UInt64 = 1) -> Dot {
    Dot(actor: Actor(ordinal: ordinal, boot: boot), sequence: sequence)
  }

  private func version(_ dot: Dot, time: UInt64, _ value: String?) -> Version {
    Version(dot: dot, time: time, expires: 0, value: value.map { Array($0.utf8) })
  }

  private func joined(_ left: Register, _ right: Register) -> Register {
    var register = left
    register.join(right) { _ in false }
    return register
  }

  /// Registers of one key as a history of several replicas leaves them behind, early and late ones.
  private func reachable(_ seed: UInt64) -> [Register] {
    var replicas = Replicas(4, seed: seed)
    let keys = Replicas.keys(1)
    var registers: [Register] = []
    for _ in 0..<40 {
      let (source, target) = (replicas.generator.below(4), replicas.generator.below(4))
      replicas.wall += replicas.generator.randomness.below(3)
      switch replicas.generator.below(5) {
      case 0, 1: replicas.put(keys[0], [UInt8(replicas.generator.below(256))], at: source)
      case 2: replicas.delete(keys[0], at: source)
      default: if source != target { replicas.send(keys[0], from: source, to: target) }
      }
      // A register that anybody may have got: its newest dot is not reused from here on.
      if let slot = replicas.stores[source].table.slot(keys[0]) {
        replicas.stores[source].expose(slot)
      }
      registers += replicas.stores.compactMap { $0.register(keys[0]) }
    }
    return registers
  }

  @Test(arguments: 0..<25 as Range<UInt64>)
  func `joins are commutative and associative and idempotent`(seed: UInt64) {
    let registers = reachable(seed)
    var generator = Generator(seed: mix(seed, 1))
    for _ in 0..<60 {
      let (a, b, c) = (
        generator.element(of: registers), generator.element(of: registers),
        generator.element(of: registers)
      )
      #expect(joined(a, b) == joined(b, a), "seed \(seed)")
      #expect(joined(joined(a, b), c) == joined(a, joined(b, c)), "seed \(seed)")
      #expect(joined(a, a) == a, "seed \(seed)")
      #expect(joined(joined(a, b), b) == joined(a, b), "seed \(seed)")
    }
  }

  @Test(arguments: 0..<25 as Range<UInt64>)
  func `a join never knows less and invents nothing`(seed: UInt64) {
    let registers = reachable(seed)
    var generator = Generator(seed: mix(seed, 2))
    for _ in 0..<60 {
      let (a, b) = (generator.element(of: registers), generator.element(of: registers))
      let join = joined(a, b)
      let (dots, versions) = (Array(a.dots) + b.dots, Array(a.versions) + b.versions)
      for dot in dots { #expect(join.seen(dot.actor) >= dot.sequence) }
      for version in join.versions { #expect(versions.contains(version)) }
      for dot in join.dots { #expect(dots.contains(dot)) }
      #expect(!join.versions.isEmpty)
    }
  }

  @Test func `a write that had seen another replaces it whatever the clocks say`() {
    let first = Register(version(dot(0, 1), time: 1_000, "first"))
    var second = first
    second.overwrite(with: version(dot(1, 1), time: 1, "second"))
    #expect(joined(first, second) == second)
    #expect(joined(second, first) == second)
    #expect(second.context == [dot(0, 1)])
  }

  @Test func `concurrent writes stay side by side in the order of their stamps`() {
    let a = Register(version(dot(0, 1), time: 5, "a"))
    let b = Register(version(dot(1, 1), time: 4, "b"))
    let c = Register(version(dot(2, 1), time: 5, "c"))
    let all = joined(joined(c, a), b)
    #expect(all.versions.map(\.dot.actor.ordinal) == [1, 0, 2])
    #expect(!all.isSettled)
    #expect(all.valueBytes == 3)
  }

  @Test func `a known dot that isn't held doesn't come back`() {
    let old = Register(version(dot(0, 1), time: 1, "old"))
    var new = Register(version(dot(1, 1), time: 2, "new"))
    new.join(old) { $0 == dot(0, 1) }
    #expect(new.versions.map(\.dot) == [dot(1, 1)])
    #expect(new.seen(dot(0, 1).actor) == 1)
  }

  @Test func `a forged context cannot empty a register`() {
    var held = Register(version(dot(0, 1), time: 1, "held"))
    let forged = Register(
      versions: [version(dot(1, 1), time: 2, "x")], context: [dot(0, 9)])
    held.join(forged) { _ in true }
    #expect(!held.versions.isEmpty)
  }

  @Test func `a register knows whether it is settled or only deletes`() {
    let value = Register(version(dot(0, 1), time: 1, "v"))
    #expect(value.isSettled && !value.isTombstone)
    var deleted = value
    deleted.overwrite(with: version(dot(1, 1), time: 2, nil))
    #expect(deleted.isTombstone && !deleted.isSettled)
    #expect(deleted.liveHash == 0)
    #expect(value.liveHash != 0)
    var settled = value
    settled.overwrite(with: version(dot(0, 2), time: 3, "w"))
    #expect(settled.isSettled, "an actor's own earlier dot is not written down again")
  }
}
