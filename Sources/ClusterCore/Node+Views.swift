/// What embedders and drivers may look at. Nothing here changes anything.
extension Node {
  /// This member's ordinal, counted from zero.
  package var ordinal: Int { configuration.ordinal }

  /// All expected members as this one sees them, by ordinal.
  public var members: [Member] { (0..<configuration.size).map(member) }

  /// One expected member, by its ordinal counted from zero.
  package func member(_ ordinal: Int) -> Member {
    let own = ordinal == self.ordinal
    let state = peers[ordinal].state
    let isParted = peers[ordinal].isApart && state != .left
    var member = Member(
      name: configuration.name(ordinal), ordinal: configuration.firstOrdinal + ordinal,
      address: peers[ordinal].address, state: isParted ? .dead : state,
      boot: own ? boot : peers[ordinal].boot,
      incarnation: own ? incarnation : peers[ordinal].incarnation)
    member.isDegraded = peers[ordinal].fitness.contains(.degraded)
    member.cause = isParted ? .parted : peers[ordinal].cause
    return member
  }

  /// How much of the expected cluster is live.
  public var status: ClusterStatus {
    let live = peers.liveCount
    if live == configuration.size { return .green }
    return live <= 1 ? .red : .yellow
  }

  /// Who leads.
  public var leadership: Leadership {
    guard let candidate = leader.candidate else { return .unknown }
    if let term = leader.confirmedTerm { return .confirmed(member(candidate), term: term) }
    return .provisional(member(candidate))
  }

  /// What happens when the sides of a healed partition meet.
  public var recovery: Recovery {
    if recoveryWord < 2 { return configuration.recovery }
    return recoveryWord & 1 == 1 ? .manual : .automatic
  }

  /// Whether this member was separated from the others on request.
  public var isSeparated: Bool { group.hermit != nil }

  /// Whether this member has joined, and its ordinal is its own.
  public var isReady: Bool {
    switch phase {
    case .running, .leaving: contest == nil
    case .idle, .joining, .ended: false
    }
  }

  /// Whether more than half of the expected members are live in this member's view and group.
  public var seesMajority: Bool {
    peers.liveCount * 2 > configuration.size
  }

  /// Whether reads are answered: the minority policy may forbid it.
  public var isReadable: Bool { configuration.minority != .unavailable || seesMajority }

  /// Whether this member has joined, its first exchange of the store is complete, and its ordinal is
  /// its own.
  public var isSynced: Bool {
    phase == .running && hasSynced && !isContested && restored.quarantine.isEmpty
  }

  /// What a key's register offers, oldest stamp first; empty when the key isn't held.
  public func candidates(_ key: Key, wallMilliseconds: UInt64) -> [Candidate] {
    store.register(key).map { store.candidates($0, wallMilliseconds: wallMilliseconds) } ?? []
  }

  /// The ordinals whose stores are live and synced in this member's group.
  public var activeReplicas: [Int] {
    (0..<configuration.size).filter { ordinal in
      ordinal == self.ordinal ? isSynced : peers.isLive(ordinal) && peers[ordinal].isSynced
    }
  }

  /// How many members there is news of to pass on.
  package var newsCount: Int { news.ordinals.count }

  /// The local health multiplier's score: zero is well.
  package var healthScore: UInt64 { health.score }

  /// How many live members of this one's group told last that their stores know something else.
  package mutating func divergedPeers() -> [Int] {
    let digest = store.knownDigest()
    return others.filter { peers.isLive($0) && peers[$0].clockDigest != digest }
  }

  package var viewDigest: UInt64 { convergence.digest }
  package var storeDigest: UInt64 { store.digest }
  package var clockDigest: UInt64 { store.known.digest }
  package var tombstoneCount: Int { store.tombstones }
  package var registerCount: Int { store.table.count }

  /// All registers in the byte order of their keys.
  package func forEachRegister(
    from start: [UInt8] = [], _ body: (Key, Register) -> Bool
  ) {
    for slot in store.table.slots(from: start) {
      guard let record = store.table[slot] else { continue }
      guard body(record.key, record.register) else { return }
    }
  }

  /// What must hold after every input; the first thing that doesn't.
  package func checkInvariants() -> String? {
    if peers[ordinal].state != .alive, phase != .ended { return "a member takes itself for alive" }
    if peers[ordinal].boot != boot { return "a member knows its own boot" }
    for ordinal in 0..<configuration.size {
      if (peers[ordinal].state == .suspect) != (peers[ordinal].suspicion != nil) {
        return "a suspicion runs just for a suspect (ordinal \(ordinal))"
      }
    }
    return store.checkInvariants()
  }
}

extension Store {
  /// What must hold after every input; the first thing that doesn't. Complexity: O(keys).
  package func checkInvariants() -> String? {
    var (bytes, tombstones, digest) = (0, 0, UInt64(0))
    for slot in 0..<RegisterTable.Slot(table.slots) {
      guard let record = table[slot] else { continue }
      let register = record.register
      if register.count == 0 { return "a register holds a version" }
      guard register.allDots({ known.contains($0) }) else {
        return "what is held is known (\(register.dots.first { !known.contains($0) } as Dot?))"
      }
      guard register.namesActorsOnce else { return "an actor stands once in a register" }
      bytes += record.key.utf8.count + register.valueBytes
      tombstones += register.isTombstone ? 1 : 0
      let live = register.liveHash
      digest &+= live == 0 ? 0 : mix(record.hash, live)
    }
    if bytes != self.bytes { return "the bytes add up" }
    if tombstones != self.tombstones { return "the tombstones add up" }
    if digest != self.digest { return "the digest adds up" }
    return nil
  }
}
