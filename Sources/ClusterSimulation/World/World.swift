import ClusterCore

/// One run of a scenario with one seed: all members, the network between them, what is due, and the
/// judges that watch. A value: a copy of it is a snapshot.
struct World {
  let scenario: Scenario
  let seed: UInt64
  let plan: Swarm.Plan?
  /// What swarm and nemesis have drawn.
  let planned: [(time: UInt64, action: Action)]
  /// When the last scheduled action comes.
  let lastAction: UInt64

  var now: UInt64 = 0
  var queue = EventQueue()
  var machines: [Machine] = []
  var network: Network
  var streams: [SimulatedStream] = []
  /// Datagrams that clogged directions hold back, oldest first.
  var held: [(from: Int, to: Int, occurrence: Occurrence)] = []
  /// The most that all of them hold back; more is lost.
  static let mostHeld = 4_096
  var effects: [Effect] = []
  var random = DriverRandomness()
  var workloadRandom: Randomness
  var workload: Workload?
  var writesDrawn: UInt64 = 0

  /// Whether a fault has happened after the start.
  var hasFaults = false
  /// Whether deaths and changes of leaders count: what members see while they are starting doesn't.
  var isCounting: Bool { hasFaults || now > 5_000_000_000 }
  /// The shape of the network, for the table of what was met.
  var shape = Coverage.Shape.whole
  /// Who reaches whom; none when it has to be found anew.
  var components: [Component]?
  var oracle: WriteOracle
  var resolvers: ResolverDesk
  var liveness = Liveness()
  /// How often everything is looked at that changed.
  static let sweepPeriod: UInt64 = 1_000_000_000
  /// When that is next.
  var nextSweep: UInt64 = sweepPeriod
  var statistics = RunStatistics()
  var hash = RunHash()
  var failure: Violation?
  var isDone = false
  var trace: TraceRecorder?
  /// What members told their embedders, when it is asked for.
  var record: [RecordedEvent]?
  /// What was done so far and when, and whether the script said it or it was drawn; kept only when it
  /// is asked for.
  var applied: [(time: UInt64, action: Action, isScripted: Bool)]?
  /// Whether the script is what is carried out.
  var isScripting = false
  /// For each process the hash of what it was told and when; kept only when it is asked for.
  var histories: [RunHash]?

  /// The draws of the driver itself: names, streams, addresses and scripts.
  struct DriverRandomness {
    var names = Randomness(seed: 0)
    var streams = Randomness(seed: 0)
    var addresses = Randomness(seed: 0)
    var script = Randomness(seed: 0)
    var disks = Randomness(seed: 0)
  }

  init(_ scenario: Scenario, seed: UInt64, traced: Bool = false) {
    self.scenario = scenario
    self.seed = seed
    plan = scenario.swarm?.plan(nodes: scenario.nodes, seed: seed)
    planned =
      (plan?.actions ?? [])
      + (scenario.nemesis?.actions(
        nodes: scenario.nodes, seed: seed, link: plan?.link ?? scenario.link) ?? [])
    lastAction = max(scenario.lastAction(seed: seed), 1_000_000_000)
    network = Network(
      count: scenario.nodes + Scenario.guests, link: plan?.link ?? scenario.link, seed: seed
    )
    workload = plan?.workload ?? scenario.workload
    workloadRandom = RandomStream.workload.generator(seed)
    oracle = WriteOracle(members: scenario.nodes + Scenario.guests)
    oracle.forgetsAbsent = scenario.tombstoneGrace < Scenario.usualGrace
    resolvers = ResolverDesk(resolver: scenario.resolver)
    trace = traced ? TraceRecorder() : nil
    random.names = RandomStream.names.generator(seed)
    random.streams = RandomStream.streams.generator(seed)
    random.addresses = RandomStream.address.generator(seed)
    random.script = RandomStream.script.generator(seed)
    random.disks = RandomStream.disks.generator(seed)
    statistics.highestOwn = Array(repeating: (0, 0), count: scenario.nodes)
    liveness.begin(self)
    populate()
  }

  /// Does the next thing that is due; false when the run has ended.
  mutating func step() -> Bool {
    guard !isDone else { return false }
    if let check = liveness.nextCheck, check <= queue.nextTime ?? .max {
      now = check
      checkLiveness()
    } else if let event = queue.pop() {
      now = event.time
      queue.cause = event.cause
      statistics.events += 1
      if now >= nextSweep { sweep() }
      carryOut(event.occurrence, sequence: event.sequence)
      if failure == nil { checkConditions() }
    } else {
      isDone = true
    }
    if failure != nil { isDone = true }
    return !isDone
  }

  /// When the next thing is due; the end of time when nothing is.
  var nextTime: UInt64 { min(liveness.nextCheck ?? .max, queue.nextTime ?? .max) }

  /// Notes what broke; only the first counts.
  mutating func fail(_ invariant: Invariant, _ detail: String, node: Int? = nil) {
    fail(invariant.rawValue, detail, node: node)
  }

  /// Notes what broke; only the first counts.
  mutating func fail(_ broken: Broken, node: Int? = nil) {
    fail(broken.invariant.rawValue, broken.detail, node: node)
  }

  /// Notes what broke; only the first counts.
  mutating func fail(_ invariant: String, _ detail: String, node: Int? = nil) {
    guard failure == nil else { return }
    failure = Violation(invariant: invariant, detail: detail, time: now, node: node)
    statistics.simulated = now
    if trace != nil { note(.failed, node, "\(invariant): \(detail)") }
  }

  private mutating func populate() {
    for ordinal in 0..<scenario.nodes {
      var clock = RandomStream.clock.generator(seed, UInt64(ordinal))
      machines.append(
        Machine(
          ordinal: ordinal, process: nil, address: Self.address(machine: ordinal, number: 0),
          clock: MachineClock(&clock)))
      guard !scenario.absent.contains(ordinal) else { continue }
      var start = RandomStream.start.generator(seed, UInt64(ordinal))
      queue.push(.start(ordinal), at: start.below(500_000_000))
    }
    for index in scenario.steps.indices {
      queue.push(.script(index), at: scenario.steps[index].time)
    }
    for index in planned.indices { queue.push(.planned(index), at: planned[index].time) }
    if let workload {
      queue.push(.write, at: Span64(workload.from).nanoseconds)
    }
  }

  mutating func carryOut(_ occurrence: Occurrence, sequence: UInt64) {
    switch occurrence {
    case .start(let index): start(index)
    case .datagram(let bytes, let source, let destination, let from):
      arrive(bytes, source: source, destination: destination, from: from)
    case .wake(let index, let life): wake(index, life: life)
    case .flush(let index, let life):
      guard machines[index].life == life else { return }
      machines[index].flushScheduled = false
      deliver(.woken, to: index, life: life)
    case .resolved(let index, let life, let ordinal):
      deliver(.resolved(ordinal: ordinal, addresses(of: ordinal)), to: index, life: life)
    case .connect(let index, let life, let ordinal, let address):
      connect(index, life: life, ordinal: ordinal, address)
    case .connectFailed(let index, let life, let ordinal, let refused):
      deliver(.connectFailed(ordinal: ordinal, refused: refused), to: index, life: life)
    case .connected(let stream, let ordinal): connected(stream, ordinal: ordinal)
    case .frame(let stream, let side): frameArrived(stream, side: side)
    case .writable(let stream, let side): becameWritable(stream, side: side)
    case .streamEnd(let stream, let side): streamEnded(stream, side: side)
    case .streamCheck(let stream): checkStream(stream)
    case .flushed(let index, let life, let number): flushed(index, life: life, number: number)
    case .resume(let index, let life): resume(index, life: life)
    case .script(let index): script(index)
    case .planned(let index):
      apply(planned[index].action)
    case .write: drawWrite()
    }
  }

  /// Where a name leads: to all hosts on which a process was started that claims the ordinal. Each
  /// expected member has the host of its number; second processes have those after them.
  private func addresses(of ordinal: Int) -> [Address] {
    var found: [Address] = []
    func add(_ index: Int) {
      guard machines[index].ordinal == ordinal, machines[index].life > 0,
        machines[index].hostAnswers
      else { return }
      found.append(machines[index].address)
    }
    if ordinal < min(scenario.nodes, machines.count) { add(ordinal) }
    for index in min(scenario.nodes, machines.count)..<machines.count { add(index) }
    return found
  }

  private mutating func drawWrite() {
    guard let workload, now < Span64(workload.until).nanoseconds else { return }
    let action = workload.draw(writesDrawn, nodes: scenario.nodes, &workloadRandom)
    writesDrawn += 1
    apply(action)
    queue.push(.write, at: now + workload.gap(&workloadRandom))
  }

  private mutating func script(_ index: Int) {
    isScripting = true
    defer { isScripting = false }
    switch scenario.steps[index].body {
    case .actions(let actions): for action in actions where failure == nil { apply(action) }
    case .closure(let body): script(body)
    }
  }

  private mutating func script(_ body: (inout Control) -> Void) {
    var control = Control(
      cluster: SimulatedCluster(self), random: random.script, nodes: scenario.nodes)
    body(&control)
    random.script = control.random
    let actions = control.actions
    for action in actions where failure == nil { apply(action) }
  }

  private mutating func checkConditions() {
    // A look at the whole cluster is taken only where something looks.
    let isWatched =
      !scenario.constants.isEmpty || !scenario.possibilities.isEmpty
      || (liveness.watchesConditions && now >= lastAction)
    guard isWatched else { return }
    let cluster = SimulatedCluster(self)
    for constant in scenario.constants where !constant.condition(cluster) {
      fail("always: \(constant.name)", "the condition does not hold")
      return
    }
    for index in scenario.possibilities.indices where !liveness.reached[index] {
      liveness.reached[index] = scenario.possibilities[index].condition(cluster)
    }
    guard now >= lastAction else { return }
    for index in scenario.eventualities.indices where !liveness.fulfilled[index] {
      liveness.fulfilled[index] = scenario.eventualities[index].condition(cluster)
    }
  }
}

/// Members that reach each other, directly or through others.
struct Component {
  var members: [Int]
  /// Whether all of them reach each other directly.
  var isWhole: Bool
}

/// What broke in one run, and where.
struct Violation: Hashable, Sendable {
  var invariant: String
  var detail: String
  var time: UInt64
  var node: Int?
}
