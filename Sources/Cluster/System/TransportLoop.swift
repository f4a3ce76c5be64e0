import ClusterCore
import Synchronization

/// The loop of a `Transport`, on one thread.
///
/// One turn: sleep; take in datagrams, then streams, each bounded; then what other threads gave;
/// then time. Time comes last, because a member that was stopped for a while must hear what came
/// meanwhile before it judges others: as long as datagrams wait at a socket, `.woken` does too, up to a
/// bound that a full receive buffer doesn't reach. Datagrams with writes have a queue of their own
/// (`WriteBacklog`), which neither `.woken` nor any other datagram waits for.
final class TransportLoop {
  /// How many batches of datagrams a turn takes from a socket; more where `.woken` waits for them.
  private static let batchesPerTurn = (otherwise: 8, whenDue: 64)
  /// How many turns `.woken` waits for datagrams: 3 × 64 × 64 are more than 4 MiB of buffer hold.
  private static let postponedTurns = 3
  /// How often the system's count of lost datagrams is looked up, at most.
  private static let dropsPeriod = Span64.seconds(1)

  /// How long streams may take for their last bytes once the loop ends.
  private static let lastLinger = Span64.milliseconds(250)

  private let poller: Poller
  private let meter: TransportMeter
  private let submissions: Submissions<Input>
  private let sockets: [BoundSocket]
  private var datagrams: DatagramPort
  private let streams: TransportStreams
  private let gate: PacketGate
  /// What the next `handle` is given.
  private var inputs: [Input] = []
  private var nextWake = Instant.distantFuture
  private var isWoken = false
  private var postponed = 0
  private var nextDropsCount = Instant(nanoseconds: 0)

  init(
    sockets: [(datagrams: BoundSocket, listener: BoundSocket)], poller: Poller,
    limits: TransportLimits, gate: PacketGate, meter: TransportMeter,
    submissions: Submissions<Input>
  ) {
    self.poller = poller
    self.meter = meter
    self.submissions = submissions
    self.sockets = sockets.map(\.datagrams)
    self.gate = gate
    datagrams = DatagramPort(sockets.map(\.datagrams), gate, meter)
    streams = TransportStreams(
      listeners: sockets.map(\.listener), poller: poller, limits: limits, gate: gate, meter: meter)
  }

  /// Turns until somebody asks it to stop.
  func run(_ handler: some TransportHandler) {
    var events = Poller.Events()
    var effects: [Effect] = []
    var spare: [Input] = []
    nextWake = handler.nextWake
    while true {
      let asked = poller.wait(until: deadline, &events)
      if asked.contains(.stop) { break }
      let now = takeIn(events, asked)
      let reports = gate.reports()
      if !reports.isEmpty { handler.perform(reports.map(Effect.publish)) }
      guard !inputs.isEmpty else { continue }
      swap(&inputs, &spare)
      handler.handle(spare, at: now, into: &effects)
      spare.removeAll(keepingCapacity: spare.capacity <= 4_096)
      let others = carryOut(effects, at: now.instant)
      effects.removeAll(keepingCapacity: effects.capacity <= 4_096)
      if !others.isEmpty { handler.perform(others) }
      nextWake = handler.nextWake
    }
    for socket in sockets { poller.remove(socket.descriptor) }
    streams.drain(until: Clock.instant() + Self.lastLinger, &events)
    datagrams.countDrops()
  }

  /// When to turn again at the latest.
  private var deadline: Instant {
    // Something that the last effects led to, such as a refused connection, or writes that wait.
    if !inputs.isEmpty || datagrams.hasBacklog { return Instant(nanoseconds: 0) }
    return min(nextWake, streams.earliestDeadline)
  }

  /// Makes inputs of all that has come; returns the moment at which it had come.
  private func takeIn(_ events: borrowing Poller.Events, _ asked: Poller.Requests) -> Moment {
    isWoken = isWoken || asked.contains(.wake)
    let turned = Clock.instant()
    gate.turn(at: turned)
    let isDue = isWoken || nextWake <= turned
    datagrams.beginTurn(into: &inputs)
    let areDrained = receiveDatagrams(events, all: isDue)
    streams.advance(events, into: &inputs)
    if asked.contains(.submission) { inputs.append(contentsOf: submissions.takeAll()) }
    let now = Clock.now()
    streams.expire(at: now.instant, into: &inputs)
    guard isWoken || nextWake <= now.instant else { return now }
    if isDue, areDrained || postponed >= Self.postponedTurns {
      if nextWake <= now.instant {
        meter.lateness.withLock { $0.note(now.instant.since(nextWake)) }
      }
      inputs.append(.woken)
      isWoken = false
      postponed = 0
    } else {
      postponed += 1
    }
    return now
  }

  /// Receives from the sockets that are ready, or from all; whether none has more.
  private func receiveDatagrams(_ events: borrowing Poller.Events, all: Bool) -> Bool {
    var areDrained = true
    var ready = all ? Array(sockets.indices) : []
    if !all {
      for index in 0..<events.count {
        guard case .datagrams(let socket) = events[index].target else { continue }
        ready.append(socket)
      }
    }
    for index in ready {
      let batches = all ? Self.batchesPerTurn.whenDue : Self.batchesPerTurn.otherwise
      let isDrained = datagrams.receive(index, batches: batches, into: &inputs)
      areDrained = areDrained && isDrained
    }
    let now = ready.isEmpty ? Instant(nanoseconds: 0) : Clock.instant()
    if now > nextDropsCount {
      datagrams.countDrops()
      nextDropsCount = now + Self.dropsPeriod
    }
    return areDrained
  }

  /// Does what is the transport's to do, in order; returns the rest.
  private func carryOut(_ effects: [Effect], at now: Instant) -> [Effect] {
    var others: [Effect] = []
    for effect in effects {
      switch effect {
      case .send(let bytes, let destination):
        datagrams.send(bytes, to: destination)
      case .connect(let ordinal, let address):
        streams.connect(ordinal, address, at: now, into: &inputs)
      case .sendFrame(let stream, let frame):
        streams.send(frame, to: stream, into: &inputs)
      case .closeStream(let stream):
        streams.close(stream, at: now)
      case .resolve, .publish, .changed, .flush, .append, .answer, .finish:
        others.append(effect)
      }
    }
    datagrams.flush()
    streams.flush(into: &inputs)
    return others
  }
}
