import ClusterCore

/// The driver's part: inputs in, effects out, for every member as `Cluster` does it for one.
extension World {
  /// Starts a member's process with an empty memory, and what its disk holds, if that is kept.
  mutating func start(_ index: Int, keepingDisk: Bool = false) {
    components = nil
    machines[index].life += 1
    let life = machines[index].life
    machines[index].hostAnswers = true
    machines[index].resumesAt = nil
    machines[index].waiting = []
    machines[index].scheduledWake = .max
    machines[index].flushScheduled = false
    machines[index].streams = []
    machines[index].nextStream = 1
    machines[index].isSeparated = false
    machines[index].isLeaving = false
    machines[index].ending = nil
    machines[index].lastLeader = nil
    machines[index].lastTerm = 0
    machines[index].watch.begin(members: scenario.nodes)
    var random = RandomStream.node.generator(seed, UInt64(index), UInt64(life))
    var configuration = NodeConfiguration(
      clusterID: 0xC105_7E12, ordinal: machines[index].ordinal, size: scenario.nodes,
      baseName: "node", seed: random.next())
    configuration.recovery = scenario.recovery
    configuration.leadershipPolicy = scenario.leadershipPolicy
    configuration.resolverName = scenario.resolver.name
    configuration.timing = scenario.timing
    configuration.tombstoneGrace = Span64(scenario.tombstoneGrace)
    configuration.plantedFaults = scenario.plantedFaults
    machines[index].process = Process(
      Node(configuration: configuration, at: machines[index].moment(at: now)))
    oracle.begin(index)
    restore(index, keeping: keepingDisk)
    hand(.started, to: index)
  }

  /// Ends a member's process: its memory is gone, its streams end.
  mutating func stop(_ index: Int) {
    guard machines[index].isUp else { return }
    noteFinalIncarnation(index)
    crashDisk(index)
    note(.ended, index)
    machines[index].process = nil
    machines[index].glance = .none
    components = nil
    machines[index].resumesAt = nil
    machines[index].waiting = []
    oracle.end(index)
    for entry in machines[index].streams { leaveStream(entry.stream, side: entry.side) }
    machines[index].streams = []
  }

  /// Tells a process something, now or, when it is paused, as soon as it goes on.
  mutating func deliver(_ input: Input, to index: Int, life: Int) {
    guard machines[index].life == life, machines[index].isUp else { return }
    guard machines[index].resumesAt == nil else {
      wait(input, at: index)
      return
    }
    hand(input, to: index)
  }

  /// A member's timer is due.
  mutating func wake(_ index: Int, life: Int) {
    guard machines[index].life == life, machines[index].isUp,
      machines[index].scheduledWake <= now
    else { return }
    machines[index].scheduledWake = .max
    guard machines[index].resumesAt == nil else { return }
    if machines[index].glance.nextWake <= machines[index].moment(at: now).instant {
      hand(.woken, to: index)
    } else {
      scheduleWake(index)
    }
  }

  /// A paused process goes on: what waited comes at once, and then the timer, which is late.
  mutating func resume(_ index: Int, life: Int) {
    guard machines[index].life == life, let until = machines[index].resumesAt, until <= now
    else { return }
    machines[index].resumesAt = nil
    let inputs = machines[index].waiting
    machines[index].waiting = []
    let cause = trace == nil ? 0 : begin(.resumed, index, "waiting=\(inputs.count)")
    if scenario.plantedFaults.contains(.stallUnnoticed) { deliver(.woken, to: index, life: life) }
    for input in inputs { deliver(input, to: index, life: life) }
    deliver(.woken, to: index, life: life)
    queue.cause = cause
  }

  /// Writes at a member; the oracle is told what the write had seen. False when it was refused.
  @discardableResult
  mutating func write(_ operation: StoreOperation, at index: Int) -> Bool {
    guard machines[index].isActive else {
      statistics.refusedWrites += 1
      return false
    }
    hash.combine(now)
    hash.combine(UInt64(index) << 8 | 0x20)
    if histories != nil { histories?[index].combine(mix(now, 0x20, operation.hash)) }
    let before = machines[index].process?.look { $0.candidates(operation.key) } ?? []
    effects.removeAll(keepingCapacity: true)
    let moment = machines[index].moment(at: now)
    do throws(StoreError) {
      try machines[index].process?.core.write([operation], at: moment, into: &effects)
    } catch {
      statistics.refusedWrites += 1
      if trace != nil { note(.refused, index, "\(operation.text): \(error)") }
      return false
    }
    machines[index].glance = machines[index].process?.look { $0.glance() } ?? .none
    statistics.writes += 1
    let cause = trace == nil ? 0 : begin(.wrote, index, operation.text)
    noteWrite(operation, before: before, at: index)
    perform(index)
    queue.cause = cause
    return true
  }

  private mutating func hand(_ input: Input, to index: Int) {
    hash.combine(input, to: index, at: now)
    if histories != nil { histories?[index].combine(input, to: index, at: now) }
    let cause = trace == nil ? 0 : begin(input, index)
    effects.removeAll(keepingCapacity: true)
    let moment = machines[index].moment(at: now)
    guard let glance = machines[index].process?.handle(input, at: moment, into: &effects) else {
      return
    }
    let before = machines[index].glance
    machines[index].glance = glance
    if glance.probes != before.probes { statistics.coverage.note(.probe, under: shape) }
    if glance.isAsking, !before.isAsking {
      statistics.coverage.note(.indirectProbe, under: shape)
    }
    if glance.incarnation != before.incarnation { checkOwnIncarnation(before, glance, at: index) }
    perform(index)
    queue.cause = cause
  }

  /// Tells a process of a datagram, and lets it use the datagram's memory afterwards.
  mutating func deliver(datagram bytes: consuming [UInt8], source: Address, to index: Int) {
    guard machines[index].isUp else { return }
    let input = Input.datagramReceived(bytes, source: source)
    guard machines[index].resumesAt == nil else {
      wait(input, at: index)
      return
    }
    hand(input, to: index)
    if case .datagramReceived(let memory, _) = consume input {
      machines[index].process?.recycle(memory)
    }
  }

  private mutating func perform(_ index: Int) {
    var taken: [Effect] = []
    swap(&taken, &effects)
    for effect in taken { perform(effect, of: index) }
    swap(&taken, &effects)
    guard machines[index].isUp else { return }
    scheduleWake(index)
    if failure == nil { checkTouched(index) }
  }

  private mutating func perform(_ effect: Effect, of index: Int) {
    let life = machines[index].life
    switch effect {
    case .send(let bytes, let destination):
      send(bytes, to: destination, from: index)
    case .resolve(let ordinal):
      guard machines.indices.contains(ordinal) else {
        fail(.driver, "asks for the address of \(ordinal)", node: index)
        return
      }
      let delay = 200_000 + random.names.below(3_000_000)
      queue.push(.resolved(index, life: life, ordinal: ordinal), at: now + delay)
    case .connect(let ordinal, let address):
      queue.push(.connect(index, life: life, ordinal: ordinal, address), at: now)
    case .sendFrame(let stream, let bytes): sendFrame(bytes, on: stream, from: index)
    case .closeStream(let stream): closeStream(stream, of: index)
    case .publish(let event): published(event, by: index)
    case .changed(let change): changed(change, at: index)
    case .append(let record): append(record, of: index)
    case .answer: break
    case .flush:
      guard !machines[index].flushScheduled else { return }
      machines[index].flushScheduled = true
      queue.push(.flush(index, life: life), at: now)
    case .finish(let ending):
      if trace != nil { note(.event, index, "finished \(ending)") }
      machines[index].ending = ending
      stop(index)
    }
  }

  /// The host's clock runs otherwise from now on: its timer is due at another moment.
  mutating func rescheduleWake(_ index: Int) {
    machines[index].scheduledWake = .max
    scheduleWake(index)
  }

  private mutating func scheduleWake(_ index: Int) {
    let wanted = machines[index].glance.nextWake
    guard wanted != .distantFuture else { return }
    // A wake that is under way comes in time for all that is due later than what it is for.
    guard machines[index].scheduledWake == .max || wanted < machines[index].scheduledFor else {
      return
    }
    let time = max(machines[index].clock.time(of: wanted), now + 1)
    guard time < machines[index].scheduledWake, time != .max else { return }
    machines[index].scheduledWake = time
    machines[index].scheduledFor = wanted
    queue.push(.wake(index, life: machines[index].life), at: time)
  }

  private mutating func wait(_ input: Input, at index: Int) {
    if input == .woken { return }
    if case .datagramReceived = input, machines[index].waiting.count >= 512 {
      statistics.droppedDatagrams += 1
      return
    }
    machines[index].waiting.append(input)
  }
}

extension StoreOperation {
  /// A hash of what is written.
  var hash: UInt64 {
    var hash = RunHash()
    hash.combine(Array(text(TraceWords.bytes).utf8))
    return hash.value
  }

  /// The operation in a line of a trace.
  var text: String { text(TraceWords.value) }

  private func text(_ words: ([UInt8]) -> String) -> String {
    switch self {
    case .put(let key, let value, _): "put \(key.text) \(words(value))"
    case .delete(let key): "delete \(key.text)"
    }
  }
}
