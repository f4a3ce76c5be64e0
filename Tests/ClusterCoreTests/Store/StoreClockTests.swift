import Testing

@testable import ClusterCore

/// The same as a clock, as slow and as plain as can be: a set of dots, and sealed boots.
private struct PlainClock {
  var dots: Set<Dot> = []
  var sealed: [UInt64] = Array(repeating: 0, count: StoreClockTests.size)

  func contains(_ dot: Dot) -> Bool {
    dot.actor.boot <= sealed[dot.actor.ordinal] || dots.contains(dot)
  }

  mutating func formUnion(_ other: PlainClock) {
    dots.formUnion(other.dots)
    for ordinal in sealed.indices { sealed[ordinal] = max(sealed[ordinal], other.sealed[ordinal]) }
    dots = dots.filter { $0.actor.boot > sealed[$0.actor.ordinal] }
  }

  mutating func seal(_ ordinal: Int, through boot: UInt64) {
    sealed[ordinal] = max(sealed[ordinal], boot)
    dots = dots.filter { $0.actor.boot > sealed[$0.actor.ordinal] }
  }

  func covers(_ other: PlainClock) -> Bool {
    other.dots.allSatisfy(contains) && zip(sealed, other.sealed).allSatisfy { $0 >= $1 }
  }
}

@Suite struct StoreClockTests {
  fileprivate static let size = 2
  private static let boots: [UInt64] = [1, 2, 3]
  private static let highest: UInt64 = 14

  /// Every dot there is in these tests.
  private static var universe: [Dot] {
    (0..<size).flatMap { ordinal in
      boots.flatMap { boot in
        (1...highest).map { Dot(actor: Actor(ordinal: ordinal, boot: boot), sequence: $0) }
      }
    }
  }

  /// A clock and its model after the same changes.
  private static func pair(
    _ generator: inout Generator, steps: Int
  ) -> (clock: StoreClock, plain: PlainClock) {
    var clock = StoreClock(range: 0..<size)
    var plain = PlainClock()
    for _ in 0..<steps {
      let dot = Dot(
        actor: Actor(ordinal: generator.below(size), boot: generator.element(of: boots)),
        sequence: 1 + generator.randomness.below(highest))
      switch generator.below(12) {
      case 1 where generator.chance(1, in: 4):
        clock.seal(dot.actor.ordinal, through: dot.actor.boot)
        plain.seal(dot.actor.ordinal, through: dot.actor.boot)
      case 2, 3, 4:
        let upper = min(dot.sequence + generator.randomness.below(5), highest)
        clock.insert(dot.sequence...upper, of: dot.actor)
        for sequence in dot.sequence...upper where dot.actor.boot > plain.sealed[dot.actor.ordinal]
        {
          plain.dots.insert(Dot(actor: dot.actor, sequence: sequence))
        }
      default:
        clock.insert(dot)
        if dot.actor.boot > plain.sealed[dot.actor.ordinal] { plain.dots.insert(dot) }
      }
    }
    return (clock, plain)
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `a clock knows what a plain set of dots knows`(seed: UInt64) {
    var generator = Generator(seed: seed)
    let (clock, plain) = Self.pair(&generator, steps: 1 + generator.below(60))
    for dot in Self.universe {
      #expect(clock.contains(dot) == plain.contains(dot), "\(dot), seed \(seed)")
    }
    for ordinal in 0..<Self.size {
      for boot in Self.boots {
        let actor = Actor(ordinal: ordinal, boot: boot)
        let known = Self.universe.filter { $0.actor == actor && plain.contains($0) }
        if boot <= plain.sealed[ordinal] {
          #expect(clock.base(actor) == .max && clock.largest(actor) == .max)
        } else {
          #expect(clock.largest(actor) == known.last?.sequence ?? 0)
          let gap = (1...Self.highest + 1).first { next in !known.contains { $0.sequence == next } }
          #expect(clock.base(actor) == (gap ?? 0) - 1)
        }
      }
      for actor in clock[ordinal].actors {
        var end = actor.base
        for extra in actor.extras {
          #expect(extra.lowerBound > end + 1, "ranges that touch are one: \(actor), seed \(seed)")
          end = extra.upperBound
        }
      }
    }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `a union knows what either knows`(seed: UInt64) {
    var generator = Generator(seed: seed)
    var (left, plainLeft) = Self.pair(&generator, steps: generator.below(40))
    let (right, plainRight) = Self.pair(&generator, steps: generator.below(40))
    var mirrored = right
    mirrored.formUnion(left)
    left.formUnion(right)
    plainLeft.formUnion(plainRight)
    for dot in Self.universe {
      #expect(left.contains(dot) == plainLeft.contains(dot), "\(dot), seed \(seed)")
    }
    #expect(left.digest == mirrored.digest)
    #expect(left.covers(right) && left.covers(mirrored) && mirrored.covers(left))
    var again = left
    again.formUnion(right)
    #expect(again == left)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `a clock covers another just when it knows all of it`(seed: UInt64) {
    var generator = Generator(seed: seed)
    let (left, plainLeft) = Self.pair(&generator, steps: 4 + generator.below(60))
    let (right, plainRight) = Self.pair(&generator, steps: generator.below(8))
    // A sealed boot stands for dots without end: it is covered by a seal only.
    #expect(left.covers(right) == plainLeft.covers(plainRight), "seed \(seed)")
    #expect(left.covers(left))
    #expect(left.covers(StoreClock(range: 0..<Self.size)))
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `digests are equal just when the same is known`(seed: UInt64) {
    var generator = Generator(seed: seed)
    let (clock, plain) = Self.pair(&generator, steps: 30)
    var other = StoreClock(range: 0..<Self.size)
    for (ordinal, boot) in plain.sealed.enumerated() where boot > 0 {
      other.seal(ordinal, through: boot)
    }
    var dots = plain.dots.sorted()
    generator.randomness.shuffle(&dots)
    for dot in dots { other.insert(dot) }
    #expect(clock.digest == other.digest, "the order in which dots were learned doesn't matter")
    if let unknown = Self.universe.first(where: { !plain.contains($0) }) {
      other.insert(unknown)
      #expect(clock.digest != other.digest)
    }
  }

  @Test func `a clock says nothing of ordinals outside its range`() {
    var clock = StoreClock(range: 1..<3)
    let outside = Dot(actor: Actor(ordinal: 0, boot: 1), sequence: 1)
    let inside = Dot(actor: Actor(ordinal: 1, boot: 1), sequence: 1)
    clock.insert(outside)
    clock.insert(inside)
    clock.seal(5, through: 9)
    #expect(!clock.contains(outside))
    #expect(clock.contains(inside))
    var whole = StoreClock(range: 0..<6)
    whole.insert(outside)
    whole.formUnion(clock)
    #expect(whole.contains(outside) && whole.contains(inside))
    #expect(whole.restricted(to: 1..<3) == clock)
    #expect(whole.restricted(to: 1..<3).covers(clock))
  }

  @Test func `the largest numbers neither trap nor wrap`() {
    let actor = Actor(ordinal: 0, boot: .max)
    var clock = StoreClock(range: 0..<1)
    clock.insert(.max - 1 ... .max, of: actor)
    clock.insert(Dot(actor: actor, sequence: .max - 3))
    #expect(clock.contains(Dot(actor: actor, sequence: .max)))
    #expect(!clock.contains(Dot(actor: actor, sequence: .max - 2)))
    clock.insert(1 ... .max, of: actor)
    #expect(clock.base(actor) == .max)
    clock.insert(Dot(actor: actor, sequence: .max))
    clock.seal(0, through: .max)
    #expect(clock.contains(Dot(actor: actor, sequence: 1)))
  }

  @Test func `boots of one ordinal beyond the most are not learned`() {
    var clock = StoreClock(range: 0..<1)
    for boot in 1...UInt64(StoreClock.actorsPerOrdinal + 5) {
      clock.insert(Dot(actor: Actor(ordinal: 0, boot: boot), sequence: 1))
    }
    #expect(clock.actors.count == StoreClock.actorsPerOrdinal)
  }
}
