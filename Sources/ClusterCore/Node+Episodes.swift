/// Partitions and pauses, told from crashes by proof.
extension Node {
  /// A member is taken for dead: whether that is a partition is told in a moment, or when it returns.
  mutating func noteLost(_ ordinal: Int, hasProof: Bool, at now: Moment) {
    episode.forget(ordinal)
    peers[ordinal].lostAt = now.instant
    peers[ordinal].lostBoot = peers[ordinal].boot
    guard !hasProof else { return }
    episode.lost.insert(ordinal)
    episode.schedule(at: now.instant)
  }

  /// Tells of members that fell silent within one window, and of those that came back with the boot
  /// they were lost with: these never died, so the network was cut.
  mutating func reportEpisode(into effects: inout [Effect]) {
    episode.reportAt = .distantFuture
    reportLost(into: &effects)
    reportSurvivors(into: &effects)
    reportReturned(into: &effects)
  }

  private mutating func reportLost(into effects: inout [Effect]) {
    var fresh: [Int] = []
    for ordinal in episode.lost.elements where !episode.told.contains(ordinal) {
      switch peers[ordinal].knock {
      // It stands still, or is over: that is no partition.
      case .taken, .refused: episode.lost.remove(ordinal)
      case .none, .tried: fresh.append(ordinal)
      }
    }
    guard !fresh.isEmpty else { return }
    for ordinal in fresh { episode.told.insert(ordinal) }
    episode.isCounted = false
    effects.append(
      .publish(
        .partitionSuspected(
          unreachable: fresh.map(member),
          reachable: (0..<configuration.size).filter { peers.isLive($0) }.map(member))))
  }

  private mutating func reportSurvivors(into effects: inout [Effect]) {
    let fresh = episode.survivors.elements.filter { !episode.toldSurvivors.contains($0) }
    guard !fresh.isEmpty else { return }
    for ordinal in fresh { episode.toldSurvivors.insert(ordinal) }
    effects.append(.publish(.partitionConfirmed(fresh.map(member))))
    countPartition()
  }

  private mutating func reportReturned(into effects: inout [Effect]) {
    for (ordinal, after) in episode.returned where peers[ordinal].knock == .taken {
      effects.append(.publish(.memberStalled(member(ordinal), after.duration)))
    }
    let returned = episode.returned.filter { peers[$0.ordinal].knock != .taken }
    for (ordinal, _) in episode.returned {
      if peers[ordinal].knock == .taken { episode.told.remove(ordinal) }
      peers[ordinal].knock = .none
      episode.survivors.remove(ordinal)
      episode.toldSurvivors.remove(ordinal)
    }
    episode.returned = []
    guard !returned.isEmpty else { return }
    let longest = returned.map(\.after).max() ?? .zero
    effects.append(
      .publish(.partitionHealed(returned.map { member($0.ordinal) }, after: longest.duration)))
    if !episode.told.isEmpty { countPartition() }
    episode.told.removeAll()
    for ordinal in episode.lost.elements { episode.told.insert(ordinal) }
  }

  /// Counted once a side, however many come back in one go and after it.
  private mutating func countPartition() {
    guard !episode.isCounted else { return }
    counters.partitions += 1
    episode.isCounted = true
  }

  /// Notices that this member itself stood still: its timer is far too late. It then judges nobody by
  /// what it missed, and doesn't lead until it has been heard again.
  mutating func noticeStall(at now: Moment, into effects: inout [Effect]) {
    guard phase == .running, nextWake != .distantFuture, !faults.has(.stallUnnoticed) else {
      return
    }
    // Until the timers have run, `nextWake` stays in the past: each letter that waited would count the
    // same pause once more.
    let due = max(nextWake, stall.endedAt ?? nextWake)
    let lateness = now.instant.since(due)
    guard lateness > configuration.timing.stallTolerance else { return }
    for ordinal in others {
      if let suspicion = peers[ordinal].suspicion {
        peers[ordinal].suspicion?.startedAt = suspicion.startedAt + lateness
      }
    }
    probes.current = nil
    probes.extras = []
    probes.nextAt = now.instant
    silence.forgive(at: now.instant)
    // What was refused before the pause is no evidence after it.
    for ordinal in others { peers[ordinal].watch.inquest?.refusals = 0 }
    proxies = []
    if configuration.size > 1 {
      stall.note(lateness, at: now.instant)
      convergence.isDirty = true
      for _ in 0..<LocalHealth.worst { health.worsen() }
    }
    effects.append(.publish(.memberStalled(member(ordinal), lateness.duration)))
  }

  /// Another member says that it stood still: its silence was no partition.
  mutating func noteStall(
    of ordinal: Int, milliseconds: UInt64, into effects: inout [Effect]
  ) {
    // Its return may have been heard of from others first, who don't say why it was away.
    let isPending = episode.returned.contains { $0.ordinal == ordinal }
    guard peers[ordinal].lostAt != nil || isPending else { return }
    peers[ordinal].lostAt = nil
    peers[ordinal].knock = .none
    episode.returned.removeAll { $0.ordinal == ordinal }
    episode.forget(ordinal)
    effects.append(
      .publish(
        .memberStalled(
          member(ordinal), Span64.milliseconds(min(milliseconds, 1 << 40)).duration)))
  }
}
