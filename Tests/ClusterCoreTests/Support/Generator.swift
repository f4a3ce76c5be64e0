@testable import ClusterCore

/// Arbitrary values from a seed. With `extremes`, numbers are often the largest, the smallest, or
/// beside a bound.
struct Generator {
  var randomness: Randomness
  var extremes = false
  /// Ordinals are below this.
  var size = 8
  /// Boots that the values often name.
  var boots: [UInt64] = [1, 5, 9]

  init(seed: UInt64) { randomness = Randomness(seed: seed) }

  mutating func below(_ bound: Int) -> Int { Int(randomness.below(UInt64(bound))) }
  mutating func chance(_ numerator: UInt64, in denominator: UInt64) -> Bool {
    randomness.chance(numerator, in: denominator)
  }
  mutating func element<Element>(of array: [Element]) -> Element { array[below(array.count)] }

  mutating func number() -> UInt64 {
    if extremes, chance(1, in: 2) {
      let bound = UInt64(1) << element(of: [0, 1, 32, 48, 62, 63] as [UInt64])
      return chance(1, in: 3) ? UInt64.max - randomness.below(2) : bound - 1 + randomness.below(3)
    }
    return randomness.next() >> randomness.below(64)
  }

  mutating func boot() -> UInt64 {
    if chance(3, in: 4) {
      let near = element(of: boots)
      return chance(1, in: 4) ? near &+ randomness.below(3) &- 1 : near
    }
    return number()
  }

  mutating func ordinal() -> Int { chance(1, in: 16) ? below(Limits.members) : below(size) }

  mutating func sequence() -> UInt64 {
    if extremes, chance(1, in: 4) {
      return StoreClock.largestSequence - randomness.below(2)
    }
    return 1 + randomness.below(40)
  }

  mutating func bytes(upTo limit: Int) -> [UInt8] {
    (0..<below(limit + 1)).map { _ in UInt8(truncatingIfNeeded: randomness.next()) }
  }

  mutating func key() -> Key? { try? Key("key-\(below(24))") }

  mutating func address() -> Address {
    chance(1, in: 2)
      ? Address(family: .v4, high: 0, low: randomness.next(), port: UInt16(below(65_536)))
      : Address(
        family: .v6, high: randomness.next(), low: randomness.next(), port: UInt16(below(65_536)))
  }

  mutating func update() -> MemberUpdate {
    var update = MemberUpdate(
      ordinal: ordinal(), claim: chance(1, in: 2) ? .alive : .accused, boot: boot(),
      incarnation: number(), address: chance(1, in: 3) ? nil : address())
    update.fitness = Fitness(rawValue: UInt8(below(8)))
    guard update.claim == .accused else { return update }
    update.accusers = (0..<below(MemberUpdate.mostAccusers + 1)).map { _ in ordinal() }
    return update
  }

  mutating func group() -> Group {
    Group(
      epoch: min(number(), 1 << 62),
      lost: (0..<below(4)).map { _ in Group.Exclusion(ordinal: ordinal(), boot: boot()) },
      hermit: chance(1, in: 4) ? Group.Exclusion(ordinal: ordinal(), boot: boot()) : nil)
  }

  mutating func clock() -> StoreClock {
    let first = below(size)
    var clock = StoreClock(range: first..<first + below(size - first + 1))
    for _ in 0..<below(30) {
      let low = sequence()
      let high = min(low + randomness.below(5), StoreClock.largestSequence)
      clock.insert(low...high, of: Actor(ordinal: below(size), boot: max(boot(), 1)))
    }
    if chance(1, in: 3) { clock.seal(below(size), through: boot()) }
    return clock
  }

  mutating func register() -> Register {
    var actors: [Actor] = []
    for _ in 0..<1 + below(5) {
      let actor = Actor(ordinal: below(size), boot: boot())
      if !actors.contains(actor) { actors.append(actor) }
    }
    let count = 1 + below(actors.count)
    let versions = actors[..<count].map { actor in
      let dot = Dot(actor: actor, sequence: sequence())
      return Version(
        dot: dot, time: number(), expires: chance(1, in: 5) ? max(number(), 1) : 0,
        value: chance(1, in: 4) ? nil : bytes(upTo: 20))
    }
    return Register(
      versions: versions, context: actors[count...].map { Dot(actor: $0, sequence: sequence()) })
  }

  mutating func delta(marks: [UInt64] = [0, 1, .max]) -> Delta {
    var entries: [Delta.Entry] = []
    for _ in 0..<below(4) {
      if let key = key() { entries.append(Delta.Entry(key: key, register: register())) }
    }
    var delta = Delta(
      mark: element(of: marks), claim: chance(1, in: 2) ? clock() : nil, entries: entries)
    guard delta.claim != nil else { return delta }
    for _ in 0..<below(4) {
      let actor = Actor(ordinal: ordinal(), boot: boot())
      delta.forgotten.raise(to: Dot(actor: actor, sequence: sequence()))
    }
    return delta
  }

  /// One section of each kind, by its number.
  static let kinds = kindNumbers.count
  /// What stands for each on the wire.
  static let kindNumbers = Array(1...18) + Array(32...35) + Array(48...54) + [64, 65]

  mutating func section(kind: Int) -> Section {
    switch kind {
    case 0: .ping(nonce: number())
    case 1: .ack(nonce: number())
    case 2:
      .probeRequest(nonce: number(), target: ordinal(), boot: boot(), address: address())
    case 3: .probed(nonce: number())
    case 4: .nack(nonce: number())
    case 5: .leave
    case 6: .leaveNoted
    case 7: .members((0..<below(6)).map { _ in update() })
    case 8: .holders(bytes(upTo: 4))
    case 9: .group(group())
    case 10: .resolver("resolver \(below(100)) é")
    case 11: .digest(mark: number(), clock())
    case 12: .delta(delta())
    case 13: .handover(nonce: number(), delta())
    case 14: .handoverNoted(nonce: number())
    case 15: .dismiss(chance(1, in: 2) ? .halt : .disconnect)
    case 16: .admit
    case 17: .stalled(milliseconds: number())
    case 18: .hello
    case 19: .refused((0..<below(4)).map { _ in Refusal(ordinal: ordinal(), boot: boot()) })
    case 20: .reachability(ReachabilityRow(cells: bytes(upTo: 8)))
    case 21: .earlier(milliseconds: number())
    case 22: .inquire
    case 23:
      .survey(
        Survey.Request(
          mark: number(), cursor: UInt32(below(1_000)), wantsClock: chance(1, in: 2),
          clock: clock()))
    case 24: .surveyed(page())
    case 25: .decide(element(of: RecoveryDecision.allCases))
    case 26: .askExchange(mark: number(), element(of: [.away, .reply, .divergence]))
    case 27:
      .exchange(Exchange.Part(mark: number(), isLast: chance(1, in: 2), delta: delta()))
    case 28: .liveDigest(number())
    case 29: .flushed(clock())
    default: .outdated
    }
  }

  mutating func page() -> Survey.Page {
    var findings: [Survey.Finding] = []
    for _ in 0..<below(4) {
      guard let key = key() else { continue }
      let dots = (0..<below(4)).map { _ in
        Dot(actor: Actor(ordinal: ordinal(), boot: boot()), sequence: sequence())
      }
      findings.append(Survey.Finding(key: key, time: number(), dots: dots))
    }
    return Survey.Page(
      mark: number(), next: chance(1, in: 2) ? UInt32(below(1_000)) : nil,
      clock: chance(1, in: 2) ? clock() : nil, findings: findings)
  }

  mutating func section() -> Section { section(kind: below(Self.kinds)) }

  mutating func header(source: Int, destination: Int) -> Header {
    Header(
      flags: Header.Flags(rawValue: UInt8(below(256))), clusterID: number(), source: source,
      destination: destination, sourceBoot: boot(), destinationBoot: boot(),
      incarnation: number(), groupDigest: number(), recovery: number(), viewDigest: number(),
      clockDigest: number(), term: number(), resolver: UInt32(truncatingIfNeeded: number()),
      wallMilliseconds: min(number(), Header.lastWallMilliseconds))
  }

  /// Damages bytes as networks, and people, do: flips, overwrites, cuts, repeats, insertions.
  mutating func mutate(_ bytes: inout [UInt8]) {
    for _ in 0..<1 + below(4) {
      guard !bytes.isEmpty else { return bytes.append(UInt8(below(256))) }
      let place = below(bytes.count)
      switch below(7) {
      case 0: bytes[place] ^= 1 << UInt8(below(8))
      case 1: bytes[place] = element(of: [0, 1, 0x7F, 0x80, 0xFF])
      case 2: bytes.removeLast(below(min(bytes.count, 40)))
      case 3: bytes.insert(UInt8(below(256)), at: place)
      case 4: bytes.remove(at: place)
      case 5:
        let end = min(bytes.count, place + 8)
        for index in place..<end { bytes[index] = 0xFF }
      default:
        let end = min(bytes.count, place + 1 + below(24))
        bytes.insert(contentsOf: bytes[place..<end], at: below(bytes.count))
      }
    }
  }
}
