import ClusterCore

/// What is checked after the last action, until everything has come true or is overdue.
extension World {
  /// Looks at the whole cluster.
  mutating func checkLiveness() {
    liveness.nextCheck = now + Liveness.period
    checkEventualities()
    guard failure == nil, now > liveness.lastFault else { return }
    guard isJudged else {
      finishWhenFulfilled(after: max(lastAction, liveness.lastFault) + Liveness.quiet)
      return
    }
    let problem = unsettled()
    if let settled = liveness.settledAt {
      let active = machines.indices.filter { machines[$0].isActive }
      if let problem, network.isOrderly(among: active) {
        fail("L5 quiet", problem)
      } else if liveness.digests != storeDigests {
        fail("L5 quiet", "a store changed after all had converged and nothing was written")
      } else {
        finishWhenFulfilled(after: settled + Liveness.quiet)
      }
    } else if let problem {
      let isLossy = network.loses(among: Array(machines.indices))
      let bounds = Bounds(
        members: scenario.nodes, timing: scenario.timing, isLossy: isLossy)
      guard now > max(lastAction, liveness.lastFault) + bounds.convergence else { return }
      fail("liveness", problem)
    } else {
      liveness.settledAt = now
      liveness.digests = storeDigests
      statistics.convergence = now - max(lastAction, liveness.lastFault)
    }
  }

  private mutating func checkEventualities() {
    guard failure == nil, liveness.watchesConditions else { return }
    let cluster = SimulatedCluster(self)
    for index in scenario.eventualities.indices where !liveness.fulfilled[index] {
      let due = scenario.eventualities[index]
      liveness.fulfilled[index] = due.condition(cluster)
      guard !liveness.fulfilled[index], now > lastAction + due.within else { continue }
      fail("eventually: \(due.name)", "not within \(due.within / 1_000_000) ms")
      return
    }
  }

  private mutating func finishWhenFulfilled(after time: UInt64) {
    guard now >= time, liveness.fulfilled.allSatisfy({ $0 }) else { return }
    sweep()
    if failure == nil, isJudged { judgeStores() }
    statistics.simulated = now
    isDone = true
  }

  /// Whether the protocol's own promises are due: in manual recovery it is the scenario that says
  /// what should come, and where some members reach each other only through others there is no
  /// single right view.
  private var isJudged: Bool {
    guard liveness.recovery == .automatic else { return false }
    return components.allSatisfy { $0.isWhole }
  }

  private var storeDigests: [UInt64] { machines.map { $0.node?.storeDigest ?? 0 } }

  /// The groups that should agree now.
  private var components: [(members: [Int], isWhole: Bool)] {
    let running = machines.indices.filter { machines[$0].node != nil }
    let apart = running.filter { machines[$0].isSeparated }
    return network.components(of: running.filter { !machines[$0].isSeparated })
      + apart.map { (members: [$0], isWhole: true) }
  }

  /// The first promise that doesn't hold yet; none when all do.
  private func unsettled() -> String? {
    for component in components {
      if let problem = unsettled(component.members) { return problem }
    }
    return nil
  }

  private func unsettled(_ members: [Int]) -> String? {
    guard let first = members.first, let model = machines[first].node else { return nil }
    for index in members {
      guard let node = machines[index].node else { continue }
      guard machines[index].resumesAt == nil else { return "\(index) is paused" }
      guard node.isReady, node.isSynced else { return "\(index) is not ready and synced" }
      guard node.viewDigest == model.viewDigest else {
        return Self.difference(index, node, first, model)
      }
      if let problem = wrongView(node, index, members) { return problem }
      guard node.storeDigest == model.storeDigest else {
        let key = oracle.keys.first { Self.remaining($0, node) != Self.remaining($0, model) }
        let text = key.map {
          " (\($0.text): \(TraceWords.text(node.candidates($0))), \(TraceWords.text(model.candidates($0))))"
        }
        let clocks = node.clockDigest == model.clockDigest ? "equal" : "different"
        return "\(index) and \(first) differ in store\(text ?? ""), clocks \(clocks)"
      }
      // Afterwards it may differ again for a moment: ended boots are sealed by one before another.
      guard node.clockDigest == model.clockDigest || liveness.settledAt != nil else {
        return "\(index) and \(first) know different writes"
      }
      if members.count == scenario.nodes, node.tombstoneCount > 0 {
        return "\(index) still keeps \(node.tombstoneCount) deletes"
      }
    }
    return wrongLeader(members)
  }

  private static func difference(_ a: Int, _ left: Node, _ b: Int, _ right: Node) -> String {
    for (left, right) in zip(left.members, right.members)
    where left.boot != right.boot || left.isLive != right.isLive || left.state != right.state {
      return "\(a) takes \(left.ordinal) for \(left.state) of boot \(left.boot),"
        + " \(b) for \(right.state) of boot \(right.boot)"
    }
    return "\(a) and \(b) have different digests of equal views"
  }

  private func wrongView(_ node: Node, _ index: Int, _ members: [Int]) -> String? {
    for member in node.members {
      let here = members.filter { machines[$0].ordinal == member.ordinal }
      guard here.count < 2 else { return "two processes claim \(member.ordinal)" }
      let isHere = !here.isEmpty
      guard member.isLive == isHere else {
        return "\(index) takes \(member.ordinal) for \(member.state)"
      }
      guard here.allSatisfy({ machines[$0].node?.boot == member.boot }) else {
        return "\(index) knows an old boot of \(member.ordinal)"
      }
    }
    return nil
  }

  private func wrongLeader(_ members: [Int]) -> String? {
    let policy = scenario.leadershipPolicy
    if policy == .majority && members.count * 2 <= scenario.nodes { return nil }
    var terms: [UInt64] = []
    let lowest = members.map { machines[$0].ordinal }.min()
    for index in members {
      guard case .confirmed(let leader, let term)? = machines[index].node?.leadership else {
        return "\(index) has no confirmed leader"
      }
      guard leader.ordinal == lowest else {
        return "\(index) takes \(leader.ordinal) for the leader"
      }
      terms.append(term)
    }
    guard terms.allSatisfy({ $0 == terms.first }) else { return "terms differ: \(terms)" }
    return nil
  }

  /// What is read of. Deletes alone are nothing: one member may have forgotten them before another.
  private static func remaining(_ key: Key, _ node: Node) -> [Candidate] {
    let candidates = node.candidates(key)
    return candidates.allSatisfy { $0.value == nil } ? [] : candidates
  }

  /// Equal digests are not enough: every key must have the same candidates everywhere, so that
  /// every member reads the same, and nothing that was acknowledged may be missing.
  private mutating func judgeStores() {
    for component in components {
      guard let first = component.members.first, let model = machines[first].node else { continue }
      for index in component.members.dropFirst() {
        guard let node = machines[index].node else { continue }
        for key in oracle.keys where Self.remaining(key, node) != Self.remaining(key, model) {
          fail(
            "L4 equality",
            "\(key.text): \(TraceWords.text(node.candidates(key))) here,"
              + " \(TraceWords.text(model.candidates(key))) at \(first)",
            node: index)
        }
      }
      if let missing = oracle.missing(among: component.members) { fail("L6 lost write", missing) }
    }
  }
}
