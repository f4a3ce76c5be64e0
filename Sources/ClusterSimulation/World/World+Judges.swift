import ClusterCore

/// What is checked while a scenario runs: after each event on the member that it touched.
extension World {
  /// A member wrote: the oracle is told what it had seen.
  mutating func noteWrite(_ operation: StoreOperation, before: [Candidate], at index: Int) {
    guard let process = machines[index].process else { return }
    let key = operation.key
    let after = process.core.candidates(key)
    let value: [UInt8]? = if case .put(_, let bytes, _) = operation { bytes } else { nil }
    if value == nil && before.isEmpty && after.isEmpty { return }
    // A delete that was forgotten meanwhile isn't told: the write hadn't seen it.
    if let broken = oracle.changed(key, to: before, at: index) {
      fail("store", "untold change: " + broken, node: index)
      return
    }
    if value == nil && before == after && before.allSatisfy({ $0.value == nil }) { return }
    guard after.count == 1 || (value == nil && after.isEmpty) else {
      fail("I8", "\(key.text): \(after.count) candidates after a local write", node: index)
      return
    }
    if let after = after.first, before.contains(after) {
      guard value == nil && after.value == nil else {
        fail("I8", "\(key.text): a write changed nothing", node: index)
        return
      }
      return
    }
    if let stamp = after.first?.stamp.time, before.contains(where: { $0.stamp.time >= stamp }) {
      fail("stamp", "\(key.text): an overwrite is stamped before what it had seen", node: index)
      return
    }
    if let broken = oracle.wrote(key, value: value, candidate: after.first, at: index) {
      fail("write", broken, node: index)
    } else if after.isEmpty, let broken = oracle.changed(key, to: [], at: index) {
      fail("write", broken, node: index)
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
      fail("store", broken, node: index)
    }
    if candidates.count > 1 { statistics.conflicts += 1 }
    if let broken = resolvers.meet(key, candidates) { fail("I10", broken, node: index) }
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
      fail("decision", broken, node: index)
    }
  }

  /// A member told its embedder something.
  mutating func published(_ event: ClusterEvent, by index: Int) {
    if trace != nil {
      let (kind, fields) = TraceWords.words(event)
      note(kind, index, fields)
    }
    switch event {
    case .memberChanged(let member, let previous):
      if let broken = machines[index].watch.told(member, previous: previous) {
        fail("I13", broken, node: index)
      }
      liveness.detections.believed(member, by: index, at: now)
    case .leaderChanged: statistics.leaderChanges += 1
    case .partitionSuspected: statistics.partitionsSuspected += 1
    case .partitionHealed: statistics.partitionsHealed += 1
    default: break
    }
  }

  /// Checks the member that was just told something.
  mutating func checkTouched(_ index: Int) {
    if let broken = machines[index].glance.broken {
      fail("core", broken, node: index)
      return
    }
    guard machines[index].glance.viewDigest != machines[index].watch.digest else { return }
    look(index)
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
    for index in machines.indices where failure == nil {
      guard machines[index].isUp else { continue }
      let mark = machines[index].glance.changeMark
      noteOwn(of: index)
      guard mark != machines[index].sweptMark else { continue }
      machines[index].sweptMark = mark
      look(index)
      if let broken = machines[index].process?.look({ $0.checkInvariants() ?? $0.checkBounds() }) {
        fail("core", broken, node: index)
      }
      for key in oracle.keys {
        let candidates = machines[index].process?.look { $0.candidates(key) } ?? []
        if let broken = oracle.changed(key, to: candidates, at: index) {
          fail("store", "untold change: " + broken, node: index)
        }
      }
    }
    for index in machines.indices where failure == nil && machines[index].isUp {
      for other in 0..<scenario.nodes where other != machines[index].ordinal {
        let known = machines[index].watch.record(of: other)
        guard known > statistics.highestOwn[other] else { continue }
        fail(
          "I1", "knows \(known) of \(other), which has \(statistics.highestOwn[other])", node: index
        )
      }
    }
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
    if let broken { fail("membership", broken, node: index) }
  }
}
