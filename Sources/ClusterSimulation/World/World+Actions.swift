import ClusterCore

/// What scenarios, swarms and workloads do to the world.
extension World {
  /// Carries out one action.
  mutating func apply(_ action: Action) {
    applied?.append((now, action, isScripting))
    let cause = queue.cause
    defer { queue.cause = cause }
    if action.isFault {
      hasFaults = hasFaults || now > 0
      sweep()
      liveness.faultHappened(at: now)
      if trace != nil { _ = begin(.action, nil, "\(action)") }
    }
    hash.combine(now)
    switch action {
    case .partition(let groups): partition(groups)
    case .heal:
      topologyChanged { $0.reachability { _, _ in true } }
      for direction in network.allClogged { unclog(direction.from, direction.to) }
    case .cut(let from, let to): topologyChanged { $0.set(from, to, open: false) }
    case .mend(let from, let to): topologyChanged { $0.set(from, to, open: true) }
    case .clog(let from, let to): topologyChanged { $0.setClogged(from, to, true) }
    case .unclog(let from, let to): unclog(from, to)
    case .sever(let a, let b): sever(a, b)
    case .drift(let node, let perMillion):
      machines[node].clock.setDrift(perMillion, at: now)
      if machines[node].isUp { rescheduleWake(node) }
    case .move(let node): move(node)
    case .upgrade(let node):
      machines[node].speaksLater = true
      restart(node, keepingDisk: keepsDisk(false))
    case .link(let a, let b, let link): network.setLink(a, b, link)
    case .links(let link): network.setLinks(link)
    case .crash(let node, let silently): crash(node, silently: silently)
    case .restart(let node, let keepingDisk): restart(node, keepingDisk: keepsDisk(keepingDisk))
    case .duplicate(let node): duplicate(node)
    case .pause(let node, let span): pause(node, for: span)
    case .skew(let node, let milliseconds):
      machines[node].clock.skew += milliseconds
      noteWalls()
    case .put(let key, let value, let node): put(key, value, at: node)
    case .delete(let key, let node):
      guard let key = try? Key(key) else { return }
      write(.delete(key), at: node)
    case .fill(let prefix, let count, let size, let node):
      for number in 0..<count {
        put("\(prefix)\(number)", Workload.value(UInt64(number), size: size), at: node)
      }
    case .command(let node, let command): give(command, to: node)
    case .commandLowest(let command):
      guard let node = machines.firstIndex(where: \.isActive) else { return }
      give(command, to: node)
    }
  }

  private mutating func put(_ key: String, _ value: [UInt8], at node: Int) {
    do throws(StoreError) {
      write(.put(try Key(key), value, expires: nil), at: node)
    } catch {
      statistics.refusedWrites += 1
    }
  }

  private mutating func partition(_ groups: [[Int]]) {
    var group = Array(repeating: groups.count, count: scenario.nodes + Scenario.guests)
    for (number, members) in groups.enumerated() {
      for member in members { group[member] = number }
    }
    topologyChanged { $0.reachability { group[$0] == group[$1] } }
  }

  private mutating func topologyChanged(_ change: (inout Network) -> Void) {
    change(&network)
    components = nil
    shape = network.shape(among: scenario.nodes)
    noteNetwork()
    noteBlockedStreams()
  }

  private mutating func crash(_ node: Int, silently: Bool) {
    guard machines[node].isUp else { return }
    liveness.detections.begin(node, boot: machines[node].process?.core.boot ?? 0, self)
    if silently { machines[node].hostAnswers = false }
    stop(node)
    if silently { noteBlockedStreams() }
  }

  private mutating func restart(_ node: Int, keepingDisk: Bool) {
    if machines[node].isUp { stop(node) }
    liveness.detections.end(node)
    let moves = !machines[node].hostAnswers || random.addresses.chance(1, in: 2)
    if moves && machines[node].life > 0 {
      move(node)
      machines[node].clock.move(&random.addresses, at: now)
    }
    start(node, keepingDisk: keepingDisk)
    noteBlockedStreams()
  }

  private mutating func move(_ node: Int) {
    machines[node].moves += 1
    machines[node].address = Self.address(machine: node, number: machines[node].moves)
  }

  private mutating func unclog(_ from: Int, _ to: Int) {
    topologyChanged { $0.setClogged(from, to, false) }
    let waiting = held.filter { $0.from == from && $0.to == to }
    held.removeAll { $0.from == from && $0.to == to }
    for letter in waiting {
      let delay = network.streamDelay(from: from, to: to, size: 0)
      queue.push(letter.occurrence, at: now + delay)
    }
  }

  /// A middlebox forgets all streams between two hosts.
  private mutating func sever(_ a: Int, _ b: Int) {
    for index in streams.indices where streams[index].sides.contains(where: \.isOpen) {
      let ends = streams[index].sides.map(\.machine)
      guard ends == [a, b] || ends == [b, a] else { continue }
      for side in 0...1 where streams[index].sides[side].isOpen { tellEnd(index, side: side) }
    }
  }

  private mutating func duplicate(_ node: Int) {
    let index = machines.count
    guard index < scenario.nodes + Scenario.guests else { return }
    var clock = RandomStream.clock.generator(seed, UInt64(index))
    machines.append(
      Machine(
        ordinal: node, process: nil, address: Self.address(machine: index, number: 0),
        clock: MachineClock(&clock)))
    start(index)
  }

  private mutating func pause(_ node: Int, for span: Span64) {
    guard machines[node].isUp else { return }
    let until = max(machines[node].resumesAt ?? 0, now + span.nanoseconds)
    machines[node].resumesAt = until
    liveness.faultHappened(at: until)
    queue.push(.resume(node, life: machines[node].life), at: until)
  }

  private mutating func give(_ command: Command, to node: Int) {
    guard machines[node].isActive else { return }
    components = nil
    switch command {
    case .leave: machines[node].isLeaving = true
    case .disconnect: machines[node].isSeparated = true
    case .rejoin: machines[node].isSeparated = false
    case .setRecovery(let recovery):
      liveness.recovery = recovery
      if recovery == .automatic {
        for index in machines.indices { machines[index].isSeparated = false }
      }
    case .join(let ordinal):
      machines[node].isSeparated = false
      machines[ordinal].isSeparated = false
    case .recover: machines[node].isSeparated = false
    case .dismiss(let ordinal, let how):
      if how == .disconnect { machines[ordinal].isSeparated = true }
    }
    deliver(.commanded(command), to: node, life: machines[node].life)
  }
}
