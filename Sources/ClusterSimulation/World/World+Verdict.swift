import ClusterCore

/// What is checked after the last action, until everything has come true or is overdue.
extension World {
  /// Looks at the whole cluster.
  mutating func checkLiveness() {
    liveness.nextCheck = now + Liveness.period(members: scenario.nodes)
    checkEventualities()
    guard failure == nil, now > liveness.lastFault else { return }
    guard isJudged else {
      finishWhenFulfilled(after: max(lastAction, liveness.lastFault) + Liveness.quiet)
      return
    }
    let problem = unsettled()
    if let settled = liveness.settledAt {
      if let problem, network.isOrderly(among: machines.indices.filter { machines[$0].isActive }) {
        fail(.quiet, problem.detail)
      } else if !zip(liveness.digests, machines).allSatisfy({ $0 == $1.glance.storeDigest }) {
        fail(.quiet, "a store changed after all had converged and nothing was written")
      } else if resolvers.calls != liveness.resolverCalls {
        fail(.quiet, "the resolver was asked after all had converged and nothing was written")
      } else if let noise = noise(since: settled) {
        fail(.quiet, noise)
      } else {
        finishWhenFulfilled(after: settled + Liveness.quiet)
      }
    } else if let problem {
      guard isOverdue(problem.invariant) else { return }
      fail(problem)
    } else {
      liveness.settledAt = now
      liveness.digests = machines.map(\.glance.storeDigest)
      liveness.datagrams = statistics.datagrams
      liveness.resolverCalls = resolvers.calls
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
      fail("eventually: \(due.name)", "not within \(ScenarioWord.span(due.within))")
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
    mutating get {
      guard liveness.recovery == .automatic else { return false }
      return findComponents().allSatisfy { $0.isWhole }
    }
  }

  /// Too many packets for a cluster in which nothing happens: each member is probed once in an interval
  /// and answers, news is told a few times more, and who isn't there is looked for. A resolver that
  /// two members play ping-pong with sends thousands.
  private func noise(since settled: UInt64) -> String? {
    let running = UInt64(machines.count { $0.isUp })
    let missing = UInt64(scenario.nodes) - min(running, UInt64(scenario.nodes))
    let seconds = (now - settled) / 1_000_000_000 + 1
    let intervals = seconds * 1_000_000_000 / scenario.timing.probeInterval.nanoseconds + 1
    let most = running * (8 * intervals + 80 + missing * (8 * seconds + 8)) * 2
    let sent = statistics.datagrams - liveness.datagrams
    return sent > most ? "\(sent) datagrams in \(seconds) s, where \(most) are enough" : nil
  }

  private func isOverdue(_ invariant: Invariant) -> Bool {
    let last = max(lastAction, liveness.lastFault)
    let quick = Bounds(members: scenario.nodes, timing: scenario.timing, isLossy: false)
    guard now > last + quick.limit(of: invariant) else { return false }
    let isLossy = network.loses(among: Array(machines.indices))
    let bounds = Bounds(members: scenario.nodes, timing: scenario.timing, isLossy: isLossy)
    return now > last + bounds.limit(of: invariant)
  }

  /// The groups that should agree now, found anew after each change of network or processes.
  private mutating func findComponents() -> [Component] {
    if let found = components { return found }
    let running = machines.indices.filter { machines[$0].isUp }
    let apart = running.filter { machines[$0].isSeparated }
    let found =
      network.components(of: running.filter { !machines[$0].isSeparated })
      + apart.map { Component(members: [$0], isWhole: true) }
    components = found
    return found
  }

  /// The first promise that doesn't hold yet; none when all do.
  private mutating func unsettled() -> Broken? {
    for component in findComponents() {
      if let problem = unsettled(component.members) { return problem }
    }
    return nil
  }

  private mutating func unsettled(_ members: [Int]) -> Broken? {
    guard let first = members.first else { return nil }
    let model = machines[first].glance
    for index in members where machines[index].isUp {
      let glance = machines[index].glance
      guard machines[index].resumesAt == nil else { return Broken(.accuracy, "\(index) is paused") }
      guard glance.isSynced else { return Broken(.equality, "\(index) is not ready and synced") }
      guard glance.viewDigest == model.viewDigest else {
        return wrongView(index, members) ?? wrongView(first, members)
          ?? Broken(.accuracy, viewDifference(index, first))
      }
      // Equal digests, equal boots and equal members live.
      if index == first, let problem = wrongView(index, members) { return problem }
      guard glance.storeDigest == model.storeDigest else {
        return Broken(.equality, storeDifference(index, first))
      }
      // Afterwards it may differ again for a moment: ended boots are sealed by one before another.
      guard glance.clockDigest == model.clockDigest || liveness.settledAt != nil else {
        return Broken(.equality, "\(index) and \(first) know different writes")
      }
      if members.count == scenario.nodes, glance.tombstones > 0 {
        return Broken(.equality, "\(index) still keeps \(glance.tombstones) deletes")
      }
    }
    return wrongLeader(members) ?? openSuspicion(members)
  }

  /// A suspicion may still become a death, until it is refuted: nothing has settled before.
  private mutating func openSuspicion(_ members: [Int]) -> Broken? {
    guard liveness.settledAt == nil else { return nil }
    let count = scenario.nodes
    for index in members {
      let suspect = machines[index].process?.look { core in
        (0..<count).first { core.belief($0).state == .suspect }
      }
      if let suspect = suspect ?? nil { return Broken(.accuracy, "\(index) suspects \(suspect)") }
    }
    return nil
  }

  private func storeDifference(_ index: Int, _ first: Int) -> String {
    guard let core = machines[index].node, let model = machines[first].node else { return "" }
    var text = ""
    for key in oracle.keys {
      let (here, there) = (Self.remaining(key, core), Self.remaining(key, model))
      guard here != there else { continue }
      text = " (\(key.text): \(TraceWords.text(here)), \(TraceWords.text(there)))"
      break
    }
    let clocks = core.clockDigest == model.clockDigest ? "equal" : "different"
    return "\(index) and \(first) differ in store\(text), clocks \(clocks)"
  }

  private func viewDifference(_ a: Int, _ b: Int) -> String {
    guard let left = machines[a].node, let right = machines[b].node else { return "" }
    for ordinal in 0..<left.size {
      let (here, there) = (left.belief(ordinal), right.belief(ordinal))
      guard here.boot != there.boot || here.isLive != there.isLive || here.shown != there.shown
      else { continue }
      return "\(a) takes \(ordinal) for \(here.shown) of boot \(here.boot),"
        + " \(b) for \(there.shown) of boot \(there.boot)"
    }
    return "\(a) and \(b) have different digests of equal views"
  }

  private mutating func wrongView(_ index: Int, _ members: [Int]) -> Broken? {
    let count = scenario.nodes
    let beliefs = machines[index].process?.look { core in (0..<count).map { core.belief($0) } }
    var boots: [UInt64?] = Array(repeating: nil, count: scenario.nodes)
    for member in members {
      let ordinal = machines[member].ordinal
      guard boots[ordinal] == nil else {
        return Broken(.accuracy, "two processes claim \(ordinal)")
      }
      boots[ordinal] = machines[member].glance.boot
    }
    for (ordinal, member) in (beliefs ?? []).enumerated() {
      guard member.isLive == (boots[ordinal] != nil) else {
        return Broken(
          member.isLive ? .completeness : .accuracy,
          "\(index) takes \(ordinal) for \(member.shown)")
      }
      guard boots[ordinal] == nil || boots[ordinal] == member.boot else {
        return Broken(.accuracy, "\(index) knows an old boot of \(ordinal)")
      }
    }
    return nil
  }

  private func wrongLeader(_ members: [Int]) -> Broken? {
    let policy = scenario.leadershipPolicy
    if policy == .majority && members.count * 2 <= scenario.nodes { return nil }
    let eligible = SimulatedCluster.eligible(members, machines)
    let lowest = eligible.lazy.map { machines[$0].ordinal }.min()
    for index in members {
      guard let leader = machines[index].glance.leader else {
        return Broken(.agreement, "\(index) has no confirmed leader")
      }
      guard leader == lowest else {
        return Broken(.agreement, "\(index) takes \(leader) for the leader")
      }
    }
    let term = members.first.map { machines[$0].glance.term }
    guard members.allSatisfy({ machines[$0].glance.term == term }) else {
      return Broken(.agreement, "terms differ: \(members.map { machines[$0].glance.term })")
    }
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
    for component in findComponents() {
      guard let first = component.members.first, let model = machines[first].process else {
        continue
      }
      for index in component.members.dropFirst() {
        guard let process = machines[index].process else { continue }
        for key in oracle.keys {
          let (here, there) = (
            Self.remaining(key, process.core), Self.remaining(key, model.core)
          )
          guard here != there else { continue }
          fail(
            .equality,
            "\(key.text): \(TraceWords.text(here)) here, \(TraceWords.text(there)) at \(first)",
            node: index)
        }
      }
      if let missing = oracle.missing(among: component.members) { fail(missing) }
    }
  }
}
