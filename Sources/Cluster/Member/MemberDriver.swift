import ClusterCore
import Synchronization

/// Drives one `Node`: what its transport brings goes in, what it asks for is done.
///
/// One lock guards the node. It is held for one input or one local write at a time, never over a call
/// to the outside: a resolver, a log handler, a socket. What changed in the store is put into the feed
/// while it is held, so that watchers see a key's changes in the order in which they were made.
final class MemberDriver: Sendable {
  let node: Mutex<Node>
  let feed: ChangeFeed
  let events = EventHub()
  let logger: Logger
  let views: ResolvedViews
  let census = PacketCensus()
  let tally = EventTally()
  let operations = OperationTally()
  /// What stands between the member and its network; nothing does but in demonstrations and tests.
  let filter: LinkFilter?
  let answers = AwaitedAnswers()
  /// The keys that protect packets; none for plaintext.
  let keyring: Keyring?
  private let endpoints: [HostAndPort]
  private let names: [String]
  private let resolver = NameResolver()
  private let life = Mutex(Life())
  private let leaderReasons = Mutex(LeaderReasons())
  private let transport = Mutex<Transport?>(nil)
  /// What writes to the data directory, if there is one.
  let journal = Mutex<JournalThread?>(nil)
  /// Nanoseconds of the monotonic clock when the loop last came round; relaxed: it is only shown.
  private let lastRound = Atomic<UInt64>(0)
  private let presentBoot: Atomic<UInt64>

  /// The member's way from its creation to its end.
  private struct Life {
    var hasRun = false
    var hasEnded = false
    var isSynced = false
    var ending: Ending?
    var waiters: [UInt64: CheckedContinuation<Bool, Never>] = [:]
    var enders: [CheckedContinuation<Void, Never>] = []
    var nextWaiter: UInt64 = 0
  }

  init(
    node configuration: NodeConfiguration, endpoints: [HostAndPort], resolver: ConflictResolver,
    keyring: Keyring?, logger: Logger, filter: LinkFilter? = nil
  ) {
    self.filter = filter
    let member = Node(configuration: configuration, at: Clock.now())
    presentBoot = Atomic(member.boot)
    node = Mutex(member)
    views = ResolvedViews(resolver: resolver, logger: logger)
    feed = ChangeFeed()
    names = (0..<configuration.size).map(configuration.name)
    self.endpoints = endpoints
    self.keyring = keyring
    self.logger = logger
  }

  /// The present boot, without the node's lock. Relaxed: it changes before anything is written under
  /// it, and whoever was told of a write has seen what was stored before that.
  var boot: UInt64 { presentBoot.load(ordering: .relaxed) }

  /// Looks at the node, or changes what has no effects.
  func withNode<Result: Sendable>(_ body: (inout Node) -> Result) -> Result {
    node.withLock { node in
      defer { presentBoot.store(node.boot, ordering: .relaxed) }
      return body(&node)
    }
  }

  // MARK: - Life

  /// Begins the member's only run.
  func begin() throws(ClusterError) {
    let isFirst = life.withLock { life in
      defer { life.hasRun = true }
      return !life.hasRun
    }
    guard isFirst else { throw .alreadyRun }
  }

  /// Opens the sockets.
  func open(at addresses: [Address]) throws(ClusterError) -> Transport {
    do {
      let opened = try Transport(bind: addresses, keyring: keyring)
      transport.withLock { $0 = opened }
      return opened
    } catch {
      end(nil)
      throw .cannotListen("\(error)")
    }
  }

  /// Runs the loop on a thread of its own until the member ends.
  func run(_ transport: Transport) async {
    filter?.connect { [weak transport] in _ = transport?.submit($0) }
    transport.submit(.started)
    if life.withLock({ $0.hasEnded }) { transport.submit(.commanded(.leave)) }
    await withCheckedContinuation { continuation in
      do {
        _ = try LoopThread(name: "cluster") {
          transport.run(LoopHandler(driver: self))
          self.end(nil)
          continuation.resume()
        }
      } catch {
        logger.log(.critical, "cannot start a thread", ["reason": "\(error)"])
        end(nil)
        continuation.resume()
      }
    }
  }

  var ending: Ending? { life.withLock { $0.ending } }

  func end(_ ending: Ending?) {
    journal.withLock { $0 }?.stop()
    let (waiters, enders) = life.withLock { life in
      life.hasEnded = true
      life.ending = life.ending ?? ending
      defer {
        life.waiters = [:]
        life.enders = []
      }
      return (life.waiters.values.map { $0 }, life.enders)
    }
    for waiter in waiters { waiter.resume(returning: false) }
    for ender in enders { ender.resume() }
    events.finish()
    feed.finish()
    answers.finish()
  }

  /// Asks the member to leave; one that never ran has ended.
  func shutDown() {
    if transport.withLock({ $0 }) != nil {
      submit(.commanded(.leave))
    } else if life.withLock({
      $0.hasRun = true; return true
    }) {
      end(nil)
    }
  }

  /// Returns when the member has ended.
  func ended() async {
    await withCheckedContinuation { continuation in
      let isOver = life.withLock { life in
        if !life.hasEnded { life.enders.append(continuation) }
        return life.hasEnded
      }
      if isOver { continuation.resume() }
    }
  }

  /// Returns when the member is synced.
  func ready() async throws {
    let id = life.withLock { life in
      life.nextWaiter += 1
      return life.nextWaiter
    }
    let isSynced = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = life.withLock { life in
          if life.hasEnded { return false }
          if life.isSynced { return true }
          if Task.isCancelled { return false }
          life.waiters[id] = continuation
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      life.withLock { $0.waiters.removeValue(forKey: id) }?.resume(returning: false)
    }
    try Task.checkCancellation()
    guard isSynced else { throw ClusterError.ended }
  }

  // MARK: - Inputs of other threads

  @discardableResult
  func submit(_ input: Input) -> Bool { transport.withLock { $0 }?.submit(input) ?? false }

  /// Whether the member has ended.
  var isOver: Bool { life.withLock { $0.hasEnded } }

  /// Has the loop come round now.
  func wake() { transport.withLock { $0 }?.wake() }

  /// Hands a command to the loop; false when there is none.
  func command(_ command: Command) -> Bool {
    guard !life.withLock({ $0.hasEnded }), let transport = transport.withLock({ $0 }) else {
      return false
    }
    return transport.submit(.commanded(command))
  }

  // MARK: - The loop

  /// Takes what has come in. On the loop's thread.
  fileprivate func handle(_ inputs: [Input], at now: Moment, into effects: inout [Effect])
    -> Instant
  {
    lastRound.store(now.instant.nanoseconds, ordering: .relaxed)
    census.count(inputs)
    var made: [Effect] = []
    let (nextWake, isSynced) = node.withLock { node in
      for input in inputs { node.handle(input, at: now, into: &made) }
      presentBoot.store(node.boot, ordering: .relaxed)
      // A decision of an operator writes keys anew as they were: nothing is to be told.
      for case .changed(let change) in made where change.cause != .recovery {
        feed.append(change)
      }
      return (node.nextWake, node.isSynced)
    }
    census.count(made)
    made.removeAll { if case .changed = $0 { true } else { false } }
    if effects.isEmpty { swap(&effects, &made) } else { effects += made }
    if isSynced { becomeSynced() }
    views.reportSlow(at: now.instant)
    return nextWake
  }

  private func becomeSynced() {
    let waiters = life.withLock { life in
      guard !life.isSynced else { return [CheckedContinuation<Bool, Never>]() }
      life.isSynced = true
      defer { life.waiters = [:] }
      return life.waiters.values.map { $0 }
    }
    for waiter in waiters { waiter.resume(returning: true) }
  }

  /// Does what the transport doesn't do itself. On the loop's thread.
  fileprivate func perform(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .resolve(let ordinal): resolve(ordinal)
      case .publish(let event): tell(event)
      case .flush: transport.withLock { $0 }?.wake()
      case .append(let record): journal.withLock { $0 }?.submit(record)
      case .finish(let ending):
        logger.log(.info, "ended", ["reason": ending == .left ? "left" : "superseded"])
        life.withLock { $0.ending = ending }
        transport.withLock { $0 }?.stop()
      case .answer(let answer): answers.deliver(answer)
      case .send, .connect, .sendFrame, .closeStream, .changed: break
      }
    }
  }

  private func resolve(_ ordinal: Int) {
    resolver.resolve(endpoints[ordinal]) { [self] answer in
      if let failure = answer.failure {
        logger.log(.debug, "name not resolved", ["member": names[ordinal], "reason": failure])
      }
      submit(.resolved(ordinal: ordinal, answer.addresses))
    }
  }

  /// Tells whoever wants to know, and the log.
  func tell(_ event: ClusterEvent) {
    events.publish(event)
    tally.count(event, wallMilliseconds: Clock.now().wallMilliseconds)
    log(event)
  }

  func log(_ event: ClusterEvent) {
    // A busy store makes them by the thousand: no words are made that nobody asked for.
    if case .conflict = event, logger.minimum > .debug { return }
    let line = EventLine(event, reason: leaderReasons.withLock { $0.reason(of: event) })
    let sightings = Sightings.of(event, to: self)
    logger.log(line.level, line.message, line.metadata.merging(sightings) { own, _ in own })
  }

  /// Whether the loop came round lately. It wakes twice a second when nothing happens.
  package var isResponsive: Bool {
    let last = lastRound.load(ordering: .relaxed)
    guard last > 0, !life.withLock({ $0.hasEnded }) else { return false }
    return Clock.instant().since(Instant(nanoseconds: last)) < .seconds(2)
  }

  /// How many packets were dropped before the node saw them, in the order of
  /// `PacketRejection.allCases`.
  var rejections: [UInt64] { transport.withLock { $0 }?.rejections ?? [] }

  /// What the transport counted; nothing before it was opened.
  package var traffic: TransportCounters {
    transport.withLock { $0 }?.counters ?? TransportCounters()
  }
}

/// What the transport calls: the driver, and the deadline that it was last given.
private final class LoopHandler: TransportHandler {
  private let driver: MemberDriver
  var nextWake = Instant.distantFuture

  init(driver: MemberDriver) { self.driver = driver }

  func handle(_ inputs: [Input], at now: Moment, into effects: inout [Effect]) {
    guard let filter = driver.filter else {
      nextWake = driver.handle(inputs, at: now, into: &effects)
      return
    }
    var closing: [Effect] = []
    let admitted = filter.admit(inputs, closing: &closing)
    nextWake = driver.handle(admitted, at: now, into: &effects)
    effects = filter.pass(effects) + closing
  }

  func perform(_ effects: [Effect]) { driver.perform(effects) }
}
