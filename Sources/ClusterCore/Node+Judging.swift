/// What judges look at after each input: in place, without names and without copies.
extension Node {
  /// What one member holds of another, or of itself.
  package struct Belief: Hashable, Sendable {
    package var state: Member.State
    package var boot: UInt64
    package var incarnation: UInt64
    /// Whether it is held apart, and shown as dead.
    package var isApart: Bool
    /// Whether it could lead, as far as it is known.
    package var isEligible: Bool

    /// Of one never heard of.
    package static let nothing = Belief(
      state: .unknown, boot: 0, incarnation: 0, isApart: false, isEligible: false)

    /// Whether it counts as a member of the live cluster.
    package var isLive: Bool { !isApart && (state == .alive || state == .suspect) }

    /// The state that an embedder is shown.
    package var shown: Member.State { isApart && state != .left ? .dead : state }
  }

  /// What this member holds of an ordinal. Complexity: O(1).
  package func belief(_ ordinal: Int) -> Belief {
    let isOwn = ordinal == self.ordinal
    return Belief(
      state: peers[ordinal].state, boot: isOwn ? boot : peers[ordinal].boot,
      incarnation: isOwn ? incarnation : peers[ordinal].incarnation,
      isApart: peers[ordinal].isApart,
      isEligible: !peers[ordinal].fitness.contains(.unheard)
        && (isOwn || !peers[ordinal].isJoining)
        && !(peers[ordinal].fitness.contains(.degraded) && degradedCount))
  }

  /// The leader that this member confirms, and the term; none while it confirms none.
  package var confirmedLeader: (ordinal: Int, term: UInt64)? {
    guard let candidate = leader.candidate, let term = leader.confirmedTerm else { return nil }
    return (candidate, term)
  }

  /// The member that this one would confirm.
  package var leaderCandidate: Int? { leader.candidate }

  /// The number of expected members.
  package var size: Int { configuration.size }

  /// The largest time that the hybrid logical clock gave or followed.
  package var hybridTime: UInt64 { store.time }

  /// What a judge looks at after each input, read at once. It changes nothing: it is `mutating`, and
  /// asks parts and never the whole, so that it reads in place: a core is too large to be copied for
  /// each event, as a getter called on what is `inout` may have it.
  package mutating func glance() -> Glance {
    var broken: String?
    if peers[ordinal].state != .alive, phase != .ended {
      broken = "a member takes itself for alive"
    } else if peers[ordinal].boot != boot {
      broken = "a member knows its own boot"
    }
    return Glance(
      nextWake: nextWake, viewDigest: convergence.digest, storeDigest: store.digest,
      clockDigest: store.knownDigest(), storeVersion: store.version &+ store.counters.forgotten,
      tombstones: store.tombstones, boot: boot, incarnation: incarnation,
      hybridTime: store.time, isDegraded: conduct.isDegraded,
      isSynced: phase == .running && hasSynced && !isContested && restored.quarantine.isEmpty,
      leader: leader.confirmedTerm == nil ? nil : leader.candidate,
      term: leader.confirmedTerm ?? 0, probes: counters.probes,
      isAsking: probes.current?.hasAsked ?? false, broken: broken)
  }

  /// The few things about a member that are looked at after each input.
  package struct Glance: Sendable {
    package var nextWake: Instant
    package var viewDigest: UInt64
    package var storeDigest: UInt64
    package var clockDigest: UInt64
    /// Another number after each change of what is known or remembered.
    package var storeVersion: UInt64
    package var tombstones: Int
    package var boot: UInt64
    package var incarnation: UInt64
    package var hybridTime: UInt64
    /// Whether it says of itself that it hears badly or is heard badly.
    package var isDegraded = false
    /// Whether it takes writes and has what the others had.
    package var isSynced: Bool
    /// The ordinal of the leader that it confirms.
    package var leader: Int?
    package var term: UInt64
    /// How many members it has probed, and whether it waits for others' help with one.
    package var probes: UInt64
    package var isAsking: Bool
    /// What doesn't hold; none when all does.
    package var broken: String?

    /// Of a member that does nothing.
    package static let none = Glance(
      nextWake: .distantFuture, viewDigest: 0, storeDigest: 0, clockDigest: 0, storeVersion: 0,
      tombstones: 0, boot: 0, incarnation: 0, hybridTime: 0, isSynced: false, term: 0,
      probes: 0, isAsking: false)

    /// A number that is another one after each change of the view or of the store.
    package var changeMark: UInt64 { mix(viewDigest, storeDigest, clockDigest, storeVersion) }
  }

  /// Whether everything that grows stays within what the cluster's size and the held keys allow; the
  /// first thing that doesn't. Complexity: O(members).
  package func checkBounds() -> String? {
    let size = configuration.size
    if news.count > size { return "\(news.count) items of news about \(size) members" }
    if proxies.count > ProxyProbe.most { return "\(proxies.count) probes for others" }
    if probes.extras.count > ProbeCycle.mostExtras { return "\(probes.extras.count) extra probes" }
    if refusals.count > Refusal.most { return "\(refusals.count) refusals to tell" }
    if wantedJoins.count > size { return "\(wantedJoins.count) wanted joins" }
    if dismissals.count > size { return "\(dismissals.count) dismissals" }
    if streams.count > 4 * size + 64 { return "\(streams.count) streams" }
    for ordinal in others where peers[ordinal].line.large.count > Line.mostLarge {
      return "\(peers[ordinal].line.large.count) large keys wait for member \(ordinal)"
    }
    if store.queue.count - store.queueHead > store.table.count {
      return "\(store.queue.count - store.queueHead) of \(store.table.count) keys wait to be sent"
    }
    return nil
  }
}
