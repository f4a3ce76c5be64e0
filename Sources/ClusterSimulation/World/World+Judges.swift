import ClusterCore

/// What is checked while a scenario runs: after each event on the member that it touched.
extension World {
  /// A member wrote: the oracle is told what it had seen.
  mutating func noteWrite(_ operation: StoreOperation, before: [Candidate], at index: Int) {
    guard let node = machines[index].node else { return }
    let key = operation.key
    let after = node.candidates(key)
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
    let candidates = machines[index].node?.candidates(key) ?? []
    if trace != nil {
      note(.changed, index, "\(key.text) \(change.cause) \(TraceWords.text(candidates))")
    }
    if let broken = oracle.changed(key, to: candidates, at: index) {
      fail("store", broken, node: index)
    }
    if candidates.count > 1 { statistics.conflicts += 1 }
    if let broken = resolvers.meet(key, candidates) { fail("I10", broken, node: index) }
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
    guard let node = machines[index].node else { return }
    if let broken = node.checkInvariants() {
      fail("core", broken, node: index)
      return
    }
    let digest = node.viewDigest
    guard digest != machines[index].watch.digest else { return }
    look(index, digest: digest)
  }

  /// A process ends: nobody may ever know more of it than it did itself.
  mutating func noteFinalIncarnation(_ index: Int) {
    guard let node = machines[index].node else { return }
    look(index, digest: node.viewDigest)
    let own = machines[index].watch.record(of: machines[index].ordinal)
    noteOwn(own, of: machines[index].ordinal)
  }

  /// Looks at everything: at each fault, and at the end.
  mutating func sweep() {
    for index in machines.indices where failure == nil {
      guard let node = machines[index].node else { continue }
      look(index, digest: node.viewDigest)
      let own = machines[index].watch.record(of: machines[index].ordinal)
      noteOwn(own, of: machines[index].ordinal)
      for key in oracle.keys {
        if let broken = oracle.changed(key, to: node.candidates(key), at: index) {
          fail("store", "untold change: " + broken, node: index)
        }
      }
    }
    for index in machines.indices where machines[index].node != nil {
      for other in 0..<scenario.nodes where other != machines[index].ordinal {
        let known = machines[index].watch.record(of: other)
        guard known > statistics.highestOwn[other] else { continue }
        fail(
          "I1", "knows \(known) of \(other), which has \(statistics.highestOwn[other])", node: index
        )
      }
    }
  }

  private mutating func noteOwn(_ own: (boot: UInt64, incarnation: UInt64), of ordinal: Int) {
    if own > statistics.highestOwn[ordinal] { statistics.highestOwn[ordinal] = own }
  }

  private mutating func look(_ index: Int, digest: UInt64) {
    guard let node = machines[index].node else { return }
    let broken = machines[index].watch.look(
      node.members, digest: digest, own: machines[index].ordinal,
      isLeaving: machines[index].isLeaving)
    if let broken { fail("membership", broken, node: index) }
  }
}
