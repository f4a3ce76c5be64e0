/// One member of the cluster: the whole protocol as a value.
///
/// `handle` is told everything that happens and answers with what is to be done. Nothing else goes in
/// or out: no clock, no socket, no random source but the seed, no log. The same inputs at the same
/// moments give the same effects on every machine, so that a run in production can be replayed.
///
/// What the driver owes:
/// 1. It gives `.started` first, and nothing after `Effect.finish`.
/// 2. `now` never goes back by its monotonic clock.
/// 3. It carries out the effects in their order, and gives each answer that an effect asks for.
/// 4. It calls `handle(.woken)` no later than at `nextWake`. After a pause it first gives what has
///    arrived meanwhile: a member that was asleep must not judge others by letters it hasn't opened.
/// 5. After `Effect.flush` it calls `handle(.woken)` as soon as what it sent has left.
public struct Node: Sendable {
  /// What the member is doing with its life.
  package enum Phase: Hashable, Sendable {
    /// Not started.
    case idle
    /// Asking who is there. Ends with the first answer, or with the join window.
    case joining(since: Instant)
    /// A member.
    case running
    /// Telling everyone that it leaves, until all have noted it or the deadline comes.
    case leaving(until: Instant, nextAt: Instant)
    /// Over.
    case ended
  }

  /// Nothing. An existential makes a type one that is passed by its address: methods read a node in
  /// place. Without it the compiler loads all of it, more than a kilobyte with some forty references
  /// to count, for each call of a method that doesn't change it (measured: a sixth of a simulation).
  private let addressOnly: (any Sendable)? = nil
  package let configuration: NodeConfiguration
  package let faults: FaultSet
  /// The other expected ordinals.
  let others: [Int]
  package internal(set) var phase = Phase.idle
  package internal(set) var peers: PeerTable
  package internal(set) var store: Store
  /// The number of this start; newer than that of every earlier one.
  public internal(set) var boot: UInt64
  package internal(set) var incarnation: UInt64 = 0
  package internal(set) var counters = Counters()

  var randomness: Randomness
  var probes = ProbeCycle()
  var proxies: [ProxyProbe] = []
  var health = LocalHealth()
  var news = Dissemination()
  /// Members that should hear a packet at the next gossip tick, whatever it carries.
  var pendingAnnouncements = OrdinalSet()
  var convergence: Convergence
  var leader = LeaderElection()
  var group = Group() { didSet { groupDigest = group.digest } }
  package private(set) var groupDigest = Group().digest
  /// The hash of the resolver's name, never zero.
  let resolverHash: UInt32
  var recoveryWord: UInt64
  /// Members that an operator wants to be merged with as soon as their group is known.
  var wantedJoins: [Int] = []
  var dismissals: [PendingDismissal] = []
  var contest: Contest? { didSet { isContested = contest != nil } }
  /// Whether there is a contest: asked after each input, where asking `contest` copies it.
  private(set) var isContested = false
  /// While a datagram is read, what may go to where it came from if that is in doubt.
  var allowance: Allowance?
  /// Open streams: whose they are, and which boot has spoken over them.
  var streams: [(stream: StreamID, ordinal: Int?, boot: UInt64?)] = []
  /// When a watch or an inquiry is due.
  var watchesDueAt = Instant.distantFuture
  /// What refusal evidence of others' end is told of, for a moment.
  var refusals: [(refusal: Refusal, until: Instant)] = []
  /// What this member notices of its own fitness.
  package var conduct = Conduct()
  var silence = Silence()
  /// When it last raised its incarnation, above what others accused.
  var raisedAt = Instant(nanoseconds: 0)
  /// Who says of itself that it is degraded.
  var degraded = OrdinalSet()
  /// Whose suspicion runs.
  var suspects = OrdinalSet()
  /// When this member, leading by majority, pings it again.
  var majorityPingAt = Instant.distantFuture
  /// The edition of this member's row of the reachability matrix.
  var row = ReachabilityRow(cells: [])
  var rowEdition: UInt64 = 0
  /// When a row may be told to anybody again.
  var rowNextAt = Instant(nanoseconds: 0)
  var episode = PartitionEpisode()
  var stall = StallRecord()
  /// What the store of the first synced peer knew: this member is synced when it knows as much.
  var syncTarget: StoreClock?
  var syncStartedAt: Instant?
  package internal(set) var hasSynced = false
  var lastStatus: ClusterStatus?
  /// Where the next full view, or the next digest, begins when it doesn't fit into one packet.
  var viewCursor = 0
  var viewPace = ViewPace()
  var digestCursor = 0
  /// Who was asked last for all that this member lacks.
  var question: Question?
  var flushedCursor = 0
  var nextSweep = Instant(nanoseconds: 0)
  /// When the sweep has to be, if nothing else wakes the member before.
  var sweptBy = Instant(nanoseconds: 0)
  /// What was found on the disk.
  package internal(set) var restored = Restored()
  /// Ordinals that have been away for longer than deletes are remembered for.
  package internal(set) var evicted = OrdinalSet()
  /// What was found out of groups that are apart.
  package internal(set) var previews: [Preview] = []
  var survey: Survey?
  var settlement: Settlement?
  var nextPreview = Instant(nanoseconds: 0)
  /// Writes whose callers wait until others have them.
  var awaited: [AwaitedWrite] = []
  /// Memory of datagrams that were sent or read, to write the next ones into.
  var spares: [[UInt8]] = []
  /// Memory of the sections of a packet that was read.
  var spareSections: [Section] = []

  /// When `handle(.woken)` is due.
  public internal(set) var nextWake: Instant

  /// Creates a member that hasn't started.
  ///
  /// - Precondition: `configuration.size` is 1 to `Limits.members` and holds the ordinal.
  public init(configuration: NodeConfiguration, at now: Moment) {
    precondition(
      (1...Limits.members).contains(configuration.size)
        && (0..<configuration.size).contains(configuration.ordinal),
      "ordinal \(configuration.ordinal) of \(configuration.size)")
    self.configuration = configuration
    faults = FaultSet(configuration.plantedFaults)
    resolverHash = UInt32(
      truncatingIfNeeded: RegisterTable.hash(configuration.resolverName.utf8) | 1)
    others = (0..<configuration.size).filter { $0 != configuration.ordinal }
    randomness = Randomness(seed: configuration.seed)
    boot = Self.boot(at: now, bits: randomness.next())
    recoveryWord = configuration.recovery == .manual ? 1 : 0
    peers = PeerTable(count: configuration.size)
    peers[configuration.ordinal].boot = boot
    peers[configuration.ordinal].state = .alive
    convergence = Convergence(size: configuration.size)
    store = Store(
      actor: Actor(ordinal: configuration.ordinal, boot: boot), size: configuration.size,
      budget: configuration.storeBytes, seed: randomness.next(), faults: faults)
    nextWake = now.instant
  }

  /// The boot number of a start at a moment: wall milliseconds, and 20 random bits.
  static func boot(at now: Moment, bits: UInt64) -> UInt64 {
    max(1, min(now.wallMilliseconds, 1 << 42) << 20 | bits >> 44)
  }

  /// Takes what happened, and says what is to be done.
  public mutating func handle(
    _ input: Input, at now: Moment, into effects: inout [Effect]
  ) {
    guard phase != .ended else { return }
    noticeStall(at: now, into: &effects)
    switch input {
    case .started: start(at: now, into: &effects)
    case .woken: break
    case .datagramReceived(let bytes, let source):
      receive(bytes, from: .address(source), at: now, into: &effects)
    case .resolved(let ordinal, let addresses):
      contact(ordinal, at: addresses, now: now, into: &effects)
    case .streamConnected(let stream, let ordinal):
      streamConnected(stream, to: ordinal, at: now, into: &effects)
    case .connectFailed(let ordinal, let refused):
      connectFailed(ordinal, refused: refused, at: now, into: &effects)
    case .streamAccepted(let stream): streams.append((stream, nil, nil))
    case .frameReceived(let stream, let bytes):
      receive(bytes, from: .stream(stream), at: now, into: &effects)
    case .streamWritable(let stream): streamWritable(stream, at: now, into: &effects)
    case .streamClosed(let stream): streamClosed(stream, at: now, into: &effects)
    case .commanded(let command): obey(command, at: now, into: &effects)
    case .appended(let number): journalAppended(number, at: now, into: &effects)
    case .appendFailed(let number, let losesFile):
      store.journal?.failed(number, losesFile: losesFile)
    }
    if case .woken = input { runTimers(at: now, into: &effects) }
    settle(at: now, into: &effects)
  }

  /// Writes into the store. All of a batch or nothing; local, at once, never waiting for others.
  ///
  /// - Throws: Why nothing was written.
  public mutating func write(
    _ operations: [StoreOperation], at now: Moment, into effects: inout [Effect]
  ) throws(StoreError) {
    try admitWrites()
    try store.admit(operations, isPeerFull: peers.count(of: .full) > 0)
    let start = store.queueEnd
    defer { if operations.count > 1 { store.noteBatch(from: start) } }
    for operation in operations {
      if let change = store.write(operation, wallMilliseconds: now.wallMilliseconds) {
        effects.append(.changed(change))
      }
    }
    if queueLeaves() { effects.append(.flush) }
  }

  /// Writes one step, as `write(_:at:into:)` does, and answers what it came to: for drivers that write
  /// a million times a second.
  ///
  /// - Throws: Why nothing was written.
  package mutating func write(
    _ operation: StoreOperation, wallMilliseconds: UInt64
  ) throws(StoreError) -> (change: KeyChange?, needsFlush: Bool) {
    try admitWrites()
    try store.admit(CollectionOfOne(operation), isPeerFull: peers.count(of: .full) > 0)
    let change = store.write(operation, wallMilliseconds: wallMilliseconds)
    return (change, queueLeaves())
  }

  /// Whether what waits is to leave. Where nobody is to be told the loop needn't be woken, but for a
  /// disk, and at times to forget.
  private mutating func queueLeaves() -> Bool {
    guard store.hasQueued else { return false }
    let isLong = store.unstable.count % Self.mostUnswept == 0
    if store.hasJournal || isLong || hasReceivers { return true }
    store.dropQueued()
    return false
  }

  private func admitWrites() throws(StoreError) {
    switch phase {
    case .idle, .joining: throw .notReady
    case .ended: throw .ended
    case .running, .leaving: break
    }
    // Whose ordinal it is must be known first: writes of a superseded boot may be ignored.
    if isContested { throw .notReady }
    // What is in quarantine may be all there is of a write: a newer one must have seen it, and can't.
    if !restored.quarantine.isEmpty { throw .notReady }
    guard configuration.minority == .readWrite || seesMajority else {
      throw .minority(live: peers.liveCount, size: configuration.size)
    }
  }

  private mutating func start(at now: Moment, into effects: inout [Effect]) {
    guard phase == .idle else { return }
    phase = .joining(since: now.instant)
    store.rename(boot: boot)
    convergence.isDirty = true
    probes.nextAt = now.instant + configuration.timing.joinWindow
    peers[ordinal].fitness = []
    scheduleFirstContacts(at: now)
    if configuration.size == 1 { finishJoining(at: now, into: &effects) }
    runTimers(at: now, into: &effects)
  }

  /// Brings derived things up to date after an input: digest, leader, status, and the next wake.
  private mutating func settle(at now: Moment, into effects: inout [Effect]) {
    guard phase != .ended else { return }
    // Nobody is left from whom there were anything to learn.
    if !hasSynced, phase == .running, !hasLiveOthers { hasSynced = true }
    refreshFitness(at: now, into: &effects)
    readmitQuarantined(at: now, into: &effects)
    if let record = store.nextJournalRecord() { effects.append(.append(record)) }
    refreshView(at: now)
    updateLeadership(at: now, into: &effects)
    updateStatus(into: &effects)
    reviewAwaited(at: now, into: &effects)
    peers.settle()
    nextWake = earliestDeadline(at: now)
  }

  /// Whether another member is live.
  var hasLiveOthers: Bool { peers.liveCount > (peers.isLive(configuration.ordinal) ? 1 : 0) }

  private mutating func updateStatus(into effects: inout [Effect]) {
    guard status != lastStatus else { return }
    if lastStatus != nil || phase == .running { effects.append(.publish(.statusChanged(status))) }
    lastStatus = status
  }

  /// Totals since the start.
  package struct Counters: Hashable, Sendable {
    package var packetsRejected: [UInt64] = Array(repeating: 0, count: Rejection.allCases.count)
    package var suspicionsRaised: UInt64 = 0
    package var suspicionsRefuted: UInt64 = 0
    package var elections: UInt64 = 0
    package var partitions: UInt64 = 0
    package var storeConnections: UInt64 = 0
    package var storeDisconnections: UInt64 = 0
    package var probes: UInt64 = 0
    /// Of them, those that the member itself answered.
    package var probesAnswered: UInt64 = 0
    /// Those for which another member vouched.
    package var probesVouched: UInt64 = 0
    package var probesFailed: UInt64 = 0
    /// Direct probes' round trips.
    package var roundTrips = SpanHistogram.roundTrips
    /// Deaths that were found by refused connections.
    package var refusalDeaths: UInt64 = 0
    /// Deaths that turned out to be none: the member came back with the same boot.
    package var falseDeaths: UInt64 = 0
    /// Accusations by degraded members that were passed over.
    package var accusationsIgnored: UInt64 = 0
    /// How often this member itself became degraded.
    package var degradations: UInt64 = 0
  }

  /// Why a packet was dropped.
  package enum Rejection: String, CaseIterable, Sendable {
    case malformed, version, cluster, unknownMember, stale, destination, group, mark, forged

    /// Its place in `Counters.packetsRejected`.
    var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  mutating func reject(_ reason: Rejection) { counters.packetsRejected[reason.index] += 1 }
}
