import ClusterCore

/// What is checked while a scenario runs: after each event on the member that it touched.
extension World {
  /// A member wrote: the oracle is told what it had seen.
  mutating func noteWrite(_ operation: StoreOperation, before: [Candidate], at index: Int) {
    let key = operation.key
    guard let after = machines[index].process?.look({ $0.candidates(key) }) else { return }
    let value: [UInt8]? = if case .put(_, let bytes, _) = operation { bytes } else { nil }
    if value == nil && before.isEmpty && after.isEmpty { return }
    // A delete that was forgotten meanwhile isn't told: the write hadn't seen it.
    if let broken = oracle.changed(key, to: before, at: index) {
      fail(.events, "untold change: " + broken.detail, node: index)
      return
    }
    if value == nil && before == after && before.allSatisfy({ $0.value == nil }) { return }
    guard after.count == 1 || (value == nil && after.isEmpty) else {
      fail(.ownWrites, "\(key.text): \(after.count) candidates after a local write", node: index)
      return
    }
    if let after = after.first, before.contains(after) {
      guard value == nil && after.value == nil else {
        fail(.ownWrites, "\(key.text): a write changed nothing", node: index)
        return
      }
      return
    }
    if let stamp = after.first?.stamp.time, before.contains(where: { $0.stamp.time >= stamp }) {
      fail(.uniqueness, "\(key.text): an overwrite is stamped before what it had seen", node: index)
      return
    }
    if let broken = oracle.wrote(key, value: value, candidate: after.first, at: index) {
      fail(broken, node: index)
    } else if after.isEmpty, let broken = oracle.changed(key, to: [], at: index) {
      fail(broken, node: index)
    }
  }

  /// A register changed.
  mutating func changed(_ change: KeyChange, at index: Int) {
    let key = change.key
    let candidates = machines[index].process?.look { $0.candidates(key) } ?? []
    if trace != nil {
      note(.changed, index, "\(key.text) \(change.cause) \(TraceWords.text(candidates))")
    }
    if change.cause == .recovery { noteDecision(key, at: index) }
    if let broken = oracle.changed(key, to: candidates, at: index) {
      fail(broken, node: index)
    }
    if candidates.count > 1 {
      statistics.conflicts += 1
      statistics.coverage.note(.conflict, under: shape)
    }
    if change.cause != .local { statistics.coverage.note(.merge, under: shape) }
    if let broken = resolvers.meet(key, candidates) { fail(.resolver, broken, node: index) }
  }

  /// An operator's decision wrote a key anew, over what other processes hold.
  private mutating func noteDecision(_ key: Key, at index: Int) {
    guard let register = machines[index].node?.store.register(key) else { return }
    var covered: [Candidate] = []
    for other in machines.indices where other != index {
      guard let node = machines[other].node, let theirs = node.store.register(key) else { continue }
      for (version, candidate) in zip(theirs.versions, node.candidates(key))
      where register.seen(version.dot.actor) >= version.dot.sequence {
        covered.append(candidate)
      }
    }
    let candidate = machines[index].node?.candidates(key).last
    if let broken = oracle.wrote(
      key, value: candidate?.value, candidate: candidate, over: covered, at: index)
    {
      fail(broken, node: index)
    }
  }

  /// A member told its embedder something.
  mutating func published(_ event: ClusterEvent, by index: Int) {
    record?.append(RecordedEvent(time: now, node: index, event: event))
    if trace != nil {
      let (kind, fields) = TraceWords.words(event)
      note(kind, index, fields)
    }
    switch event {
    case .memberChanged(let member, let previous):
      if let broken = machines[index].watch.told(member, previous: previous) {
        fail(broken, node: index)
      }
      liveness.detections.believed(member, by: index, at: now)
      if member.state == .suspect, isCounting { machines[index].suspicions += 1 }
      if member.state == .dead, previous == .suspect, isCounting { machines[index].deaths += 1 }
      noteMoment(member.state, previous)
    case .leaderChanged(let leader):
      statistics.leaderChanges += 1
      statistics.coverage.note(.leaderChange, under: shape)
      if case .confirmed(let member, let term) = leader {
        confirmed(member.ordinal, term: term, by: index)
      }
    // Who may lead has changed: what is due is due from now on.
    case .memberDegraded: liveness.faultHappened(at: now)
    case .partitionSuspected: statistics.partitionsSuspected += 1
    case .partitionHealed: statistics.partitionsHealed += 1
    case .storageDamaged: oracle.setAside(index)
    default: break
    }
  }

  private mutating func noteMoment(_ state: Member.State, _ previous: Member.State) {
    switch (previous, state) {
    case (_, .suspect): statistics.coverage.note(.suspicion, under: shape)
    case (.suspect, .alive): statistics.coverage.note(.refutation, under: shape)
    case (_, .dead): statistics.coverage.note(.death, under: shape)
    default: break
    }
  }

  private mutating func confirmed(_ leader: Int, term: UInt64, by index: Int) {
    if term < machines[index].lastTerm {
      fail(.leader, "term \(term) after \(machines[index].lastTerm)", node: index)
    }
    machines[index].lastTerm = term
    if let last = machines[index].lastLeader, last != leader, isCounting {
      machines[index].leaderChanges += 1
    }
    machines[index].lastLeader = leader
  }

  /// Checks the member that was just told something.
  mutating func checkTouched(_ index: Int) {
    if let broken = machines[index].glance.broken {
      fail(.core, broken, node: index)
      return
    }
    if let broken = machines[index].watch.showed(hybridTime: machines[index].glance.hybridTime) {
      fail(broken, node: index)
      return
    }
    // In a large cluster that starts each of N views changes N times: looking at all N of it each time
    // would be all that a simulation does. There an event has those looked at that it told of, and the
    // sweep looks at all, once in a simulated second.
    if scenario.nodes > MembershipWatch.wholeViewsUpTo {
      lookAtTold(index)
    } else if machines[index].glance.viewDigest != machines[index].watch.digest {
      look(index)
    }
  }

  private mutating func lookAtTold(_ index: Int) {
    let told = machines[index].watch.takeTold()
    let (own, isLeaving) = (machines[index].ordinal, machines[index].isLeaving)
    for ordinal in told where failure == nil {
      guard let belief = machines[index].process?.look({ $0.belief(ordinal) }) else { return }
      let broken = machines[index].watch.look(
        at: ordinal, belief, own: own, isLeaving: isLeaving)
      if let broken { fail(broken, node: index) }
    }
  }

  /// A process ends: nobody may ever know more of it than it did itself.
  mutating func noteFinalIncarnation(_ index: Int) {
    guard machines[index].isUp else { return }
    look(index)
    noteOwn(of: index)
  }

  /// Looks at every member that changed since the last time: once in each simulated second, at each
  /// fault, and at the end.
  mutating func sweep() {
    nextSweep = now + Self.sweepPeriod
    noteWalls()
    for index in machines.indices where failure == nil {
      guard machines[index].isUp else { continue }
      let mark = machines[index].glance.changeMark
      noteOwn(of: index)
      guard mark != machines[index].sweptMark else { continue }
      machines[index].sweptMark = mark
      look(index)
      if let broken = machines[index].process?.look({ $0.checkInvariants() }) {
        fail(.core, broken, node: index)
      }
      if let broken = machines[index].process?.look({ $0.checkBounds() }) {
        fail(.bounds, broken, node: index)
      }
      checkClock(index)
      checkToldChanges(of: index)
    }
    for index in machines.indices where failure == nil && machines[index].isUp {
      checkRecords(index)
    }
  }

  /// A member holds what its changes told, and nothing else.
  private mutating func checkToldChanges(of index: Int) {
    for number in oracle.keys.indices {
      let key = oracle.keys[number]
      let candidates = machines[index].process?.look { $0.candidates(key) } ?? []
      if oracle.isHeld(candidates, number, by: index) { continue }
      if let broken = oracle.changed(key, to: candidates, at: index) {
        fail(.events, "untold change: " + broken.detail, node: index)
      }
    }
  }

  /// Nobody knows more of a member than it knows of itself (I1). What holds of a record holds for ever,
  /// since a member's own numbers only grow: only what was recorded anew is looked at.
  private mutating func checkRecords(_ index: Int) {
    guard machines[index].watch.hasNewRecords else { return }
    machines[index].watch.hasNewRecords = false
    for other in 0..<scenario.nodes where other != machines[index].ordinal {
      let known = machines[index].watch.record(of: other)
      guard known > statistics.highestOwn[other] else { continue }
      fail(
        .incarnation, "knows \(known) of \(other), which has \(statistics.highestOwn[other])",
        node: index)
    }
  }

  /// No hybrid clock is far ahead of all that the member's own wall clock ever showed (I14).
  private mutating func checkClock(_ index: Int) {
    let hybrid = machines[index].glance.hybridTime >> 16
    // It follows others by half a second at most, and counts on where it writes faster than time.
    guard hybrid > machines[index].highestWall + 2_000 else { return }
    fail(
      .clock, "\(hybrid - machines[index].highestWall) ms ahead of its wall clock", node: index)
  }

  /// Notes what the wall clocks show.
  mutating func noteWalls() {
    for index in machines.indices {
      let wall = machines[index].moment(at: now).wallMilliseconds
      machines[index].highestWall = max(machines[index].highestWall, wall)
    }
  }

  /// A process went from one incarnation to another in one event (I3): by one for a refutation, and by
  /// one for a change of what it says of its own fitness; or it is a later boot.
  mutating func checkOwnIncarnation(_ before: Node.Glance, _ after: Node.Glance, at index: Int) {
    guard before.boot == after.boot, before.boot != 0,
      !(before.incarnation...before.incarnation + 2).contains(after.incarnation)
    else { return }
    fail(
      .own, "went from incarnation \(before.incarnation) to \(after.incarnation)", node: index)
  }

  private mutating func noteOwn(of index: Int) {
    let ordinal = machines[index].ordinal
    let own = machines[index].glance
    let pair = (boot: own.boot, incarnation: own.incarnation)
    if pair > statistics.highestOwn[ordinal] { statistics.highestOwn[ordinal] = pair }
  }

  private mutating func look(_ index: Int) {
    let (own, isLeaving) = (machines[index].ordinal, machines[index].isLeaving)
    let count = scenario.nodes
    let beliefs = machines[index].process?.look { core in (0..<count).map { core.belief($0) } }
    guard let beliefs else { return }
    let broken = machines[index].watch.look(
      beliefs, digest: machines[index].glance.viewDigest, own: own, isLeaving: isLeaving)
    if let broken { fail(broken, node: index) }
    checkLeader(beliefs, own: own, index)
  }

  /// The leader is the lowest eligible member of the member's own view (I4).
  private mutating func checkLeader(_ beliefs: [Node.Belief], own: Int, _ index: Int) {
    guard let leader = machines[index].glance.leader else { return }
    let isAlone = !beliefs.indices.contains { $0 != own && beliefs[$0].isLive }
    let lowest = beliefs.indices.first {
      beliefs[$0].isLive && (beliefs[$0].isEligible || ($0 == own && isAlone))
    }
    // Where nobody is fit, somebody has to lead all the same.
    guard let lowest, leader != lowest else { return }
    fail(.leader, "confirms \(leader), the lowest is \(lowest)", node: index)
  }
}
