/// Joining, leaving, commands.
extension Node {
  /// An expected member was heard: it answered, or was itself quicker to ask. In automatic recovery the
  /// first one is enough; in manual recovery the groups of all are heard first, to join the right one.
  mutating func hearJoinAnswer(at now: Moment, into effects: inout [Effect]) {
    guard case .joining(let since) = phase else { return }
    let answered = others.filter { peers[$0].heardAt != nil }
    let groups = answered.compactMap { peers[$0].group?.digest ?? peers[$0].groupDigest }
    let agree = groups.allSatisfy { $0 == groups.first }
    let isPatient = now.instant < since + configuration.timing.joinWindow / 4
    guard answered.count == others.count || (agree && recovery == .automatic) || !isPatient else {
      return
    }
    finishJoining(at: now, into: &effects)
  }

  /// Becomes a member: of the group of the lowest ordinal that answered, or alone.
  mutating func finishJoining(at now: Moment, into effects: inout [Effect]) {
    guard case .joining = phase else { return }
    phase = .running
    convergence.isDirty = true
    probes.nextAt = now.instant
    syncStartedAt = now.instant
    let lowest = others.first { peers[$0].heardAt != nil && peers[$0].groupDigest != 0 }
    if let lowest, let theirs = peers[lowest].group, theirs.hermit == nil,
      !theirs.excludes(ordinal, boot: boot)
    {
      adopt(theirs, at: now, into: &effects)
    }
    if lowest == nil { hasSynced = true }
    for ordinal in others {
      pendingAnnouncements.insert(ordinal)
      peers[ordinal].contacts = 0
    }
    news.nextAt = now.instant
  }

  mutating func obey(_ command: Command, at now: Moment, into effects: inout [Effect]) {
    switch command {
    case .leave: beginLeaving(at: now, into: &effects)
    case .disconnect: separate(at: now, into: &effects)
    case .rejoin: rejoin(at: now, into: &effects)
    case .setRecovery(let recovery): setRecovery(recovery, at: now, into: &effects)
    case .join(let other): join(other, at: now, into: &effects)
    case .recover(let decision, let token):
      decide(decision, token: token, at: now, into: &effects)
    case .dismiss(let other, let dismissal):
      dismiss(other, dismissal, at: now, into: &effects)
    }
  }

  /// Takes another member's word that an operator wants this one to go.
  mutating func obey(_ dismissal: Dismissal, at now: Moment, into effects: inout [Effect]) {
    switch dismissal {
    case .halt: beginLeaving(at: now, into: &effects)
    case .disconnect: separate(at: now, into: &effects)
    }
  }

  private mutating func dismiss(
    _ other: Int, _ dismissal: Dismissal, at now: Moment, into effects: inout [Effect]
  ) {
    if other == ordinal { return obey(dismissal, at: now, into: &effects) }
    guard (0..<configuration.size).contains(other) else { return }
    dismissals.removeAll { $0.ordinal == other }
    dismissals.append(
      PendingDismissal(
        ordinal: other, dismissal: dismissal, nextAt: now.instant,
        until: now.instant + .seconds(3)))
    runDismissals(at: now, into: &effects)
  }

  mutating func runDismissals(at now: Moment, into effects: inout [Effect]) {
    guard !dismissals.isEmpty else { return }
    dismissals = dismissals.filter { now.instant < $0.until && !isGone($0) }
    for index in dismissals.indices where now.instant >= dismissals[index].nextAt {
      dismissals[index].nextAt = now.instant + .milliseconds(200)
      let pending = dismissals[index]
      send([.dismiss(pending.dismissal)], to: pending.ordinal, now: now, into: &effects)
    }
  }

  private func isGone(_ pending: PendingDismissal) -> Bool {
    if peers[pending.ordinal].state == .left { return true }
    switch pending.dismissal {
    case .halt: return false
    case .disconnect: return peers[pending.ordinal].group?.hermit?.ordinal == pending.ordinal
    }
  }

  private mutating func beginLeaving(at now: Moment, into effects: inout [Effect]) {
    switch phase {
    case .running: break
    case .joining:
      phase = .ended
      effects.append(.finish(.left))
      return
    case .idle, .leaving, .ended: return
    }
    phase = .leaving(until: now.instant + .seconds(4), nextAt: now.instant)
    convergence.isDirty = true
    flush(at: now, into: &effects)
    // Whoever leaves too waits for nobody who has left.
    for ordinal in others where peers[ordinal].state == .left {
      guard let heardAt = peers[ordinal].heardAt, now.instant.since(heardAt) < .seconds(5) else {
        continue
      }
      send([.leave], to: ordinal, now: now, into: &effects)
    }
    continueLeaving(at: now, into: &effects)
  }

  /// Tells everyone again until all have noted it and know all that this member wrote.
  mutating func continueLeaving(at now: Moment, into effects: inout [Effect]) {
    guard case .leaving(let until, let nextAt) = phase else { return }
    let waiting = others.filter {
      peers.isLive($0) && !(peers[$0].notedLeave && knowsAllWrites($0))
    }
    if (waiting.isEmpty && store.isFlushed) || now.instant >= until {
      phase = .ended
      for ordinal in others { closeLine(ordinal, into: &effects) }
      effects.append(.finish(.left))
      return
    }
    guard now.instant >= nextAt else { return }
    phase = .leaving(until: until, nextAt: now.instant + .milliseconds(100))
    for ordinal in waiting {
      send([.leave], to: ordinal, now: now, into: &effects)
    }
  }

  private func knowsAllWrites(_ ordinal: Int) -> Bool {
    guard store.sequence > 0 else { return true }
    guard let report = store.reports[ordinal], report.boot == peers[ordinal].boot else {
      return false
    }
    return report.clock.base(store.actor) >= store.sequence
  }
}
