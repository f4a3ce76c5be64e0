import ClusterCore
import Synchronization

/// The loop of a `StreamServer`, on one thread.
final class StreamServerLoop<Machine: ByteStreamMachine> {
  /// How many connections a turn accepts at each listener.
  private static var acceptsPerTurn: Int { 64 }
  /// How long accepting pauses when the process has no descriptor left.
  private static var acceptPause: Span64 { .milliseconds(100) }
  /// How long closed connections wait for the peer at most, once the server ends: peers that keep
  /// theirs open for nothing are common, and they shall not hold up a restart.
  private static var lastLinger: Span64 { .milliseconds(250) }
  /// How many pieces of output a machine is asked for in a row before others get their turn.
  private static var piecesPerTurn: Int { 2 }
  /// How long a turn goes on with connections that had more to give: whoever asks anew meanwhile is
  /// kept waiting for no longer by those that ask for much ahead.
  private static var unsettledTime: Span64 { .milliseconds(2) }

  private var listeners: [BoundSocket]
  private let poller: Poller
  private let limits: StreamServerLimits
  private let meter: StreamServerMeter
  private let posts: Submissions<(ConnectionID, StreamServer<Machine>.Post)>
  private let makeMachine: StreamServer<Machine>.MakeMachine
  private let closed: @Sendable (ConnectionID) -> Void
  private var connections: [UInt64: Connection] = [:]
  private var connectionsByAddress: [Address: Int] = [:]
  private var lingering: LingeringStreams
  /// Of connections, by number, and of listeners that pause, by `UInt64.max - place`.
  private var deadlines = DeadlineQueue()
  private var lastNumber: UInt64 = 0
  /// Connections that had more to give than one turn takes, those that wait longest first.
  private var unsettled: [UInt64] = []
  /// When to end at the latest, once it was asked to.
  private var end: Instant?

  init(
    listeners: [BoundSocket], poller: Poller, limits: StreamServerLimits,
    meter: StreamServerMeter,
    posts: Submissions<(ConnectionID, StreamServer<Machine>.Post)>,
    makeMachine: @escaping StreamServer<Machine>.MakeMachine,
    closed: @escaping @Sendable (ConnectionID) -> Void
  ) {
    self.listeners = listeners
    self.poller = poller
    self.limits = limits
    self.meter = meter
    self.posts = posts
    self.makeMachine = makeMachine
    self.closed = closed
    lingering = LingeringStreams(capacity: limits.lingering)
  }

  /// One of them.
  private final class Connection {
    let socket: StreamSocket
    let number: UInt64
    let address: Address
    var machine: Machine
    /// When the peer last took a byte, or there was none to take.
    var lastProgress: Instant
    var knowsThatInputIsClosed = false
    /// Whether it is among the unsettled ones.
    var isUnsettled = false

    var token: UInt64 { PollTarget.stream(number).token }

    init(
      _ socket: StreamSocket, _ number: UInt64, _ address: Address, _ machine: Machine,
      at now: Instant
    ) {
      self.socket = socket
      self.number = number
      self.address = address
      self.machine = machine
      lastProgress = now
    }
  }

  /// Turns until it is asked to stop and has drained, for at most the span asked for then.
  func run(drainingFor span: () -> Span64) {
    var events = Poller.Events()
    while true {
      let asked = poller.wait(until: nextDeadline, &events)
      let now = Clock.instant()
      if asked.contains(.stop) { drain(until: now + span(), at: now) }
      for index in 0..<events.count { advance(events[index], at: now) }
      settleAgain(at: now)
      if asked.contains(.submission) { carryOutPosts(at: now) }
      expire(at: now)
      if let end, end <= now || (connections.isEmpty && lingering.count == 0) { break }
    }
    for connection in Array(connections.values) { drop(connection) }
  }

  private var nextDeadline: Instant {
    guard unsettled.isEmpty else { return Instant(nanoseconds: 0) }
    return min(deadlines.earliest, lingering.earliestDeadline, end ?? .distantFuture)
  }

  /// Accepts and reads nothing more; what the machines have to say is still sent.
  private func drain(until deadline: Instant, at now: Instant) {
    end = min(end ?? .distantFuture, deadline)
    for index in listeners.indices { deadlines.remove(UInt64.max - UInt64(index)) }
    listeners = []
    for connection in Array(connections.values) {
      closeInput(connection, at: now)
      settle(connection, at: now)
    }
  }

  private func advance(_ event: Poller.Event, at now: Instant) {
    switch event.target {
    case .datagrams: break
    case .listener(let index): accept(index, at: now)
    case .stream(let number):
      guard let connection = connections[number] else {
        _ = lingering.advance(event.target.token, poller)
        return
      }
      if event.isReadable, reads(connection) {
        guard read(connection, at: now) else {
          drop(connection)
          return
        }
      } else if event.hasFailed {
        drop(connection)
        return
      }
      settle(connection, at: now)
    }
  }

  /// Goes on with connections that had more to give, for so long; each at most once in a turn.
  private func settleAgain(at now: Instant) {
    let end = Clock.instant() + Self.unsettledTime
    var waiting = unsettled
    unsettled = []
    var settled = 0
    for number in waiting {
      settled += 1
      guard let connection = connections[number] else { continue }
      connection.isUnsettled = false
      settle(connection, at: now)
      if Clock.instant() >= end { break }
    }
    waiting.removeFirst(settled)
    unsettled = waiting + unsettled
  }

  private func carryOutPosts(at now: Instant) {
    for (id, body) in posts.takeAll() {
      guard let connection = connections[id.rawValue] else { continue }
      body(&connection.machine, now)
      settle(connection, at: now)
    }
  }

  private func expire(at now: Instant) {
    lingering.expire(at: now)
    while let number = deadlines.popDue(at: now) {
      guard let connection = connections[number] else {
        let index = Int(UInt64.max - number)
        let token = PollTarget.listener(index).token
        poller.change(listeners[index].descriptor, readable: true, writable: false, token: token)
        continue
      }
      if stallDeadline(connection) <= now {
        drop(connection)
      } else if !connection.machine.isFinished, connection.machine.deadline <= now {
        connection.machine.timedOut(at: now)
        let isStuck = !connection.machine.isFinished && connection.machine.deadline <= now
        if isStuck { drop(connection) } else { settle(connection, at: now) }
      } else {
        settle(connection, at: now)
      }
    }
  }

  // MARK: One connection

  /// Whether its input is wanted.
  private func reads(_ connection: Connection) -> Bool {
    end == nil && !connection.socket.inputHasEnded && connection.machine.wantsInput
      && connection.socket.output.count <= limits.unsentBytes
  }

  /// Reads once; false when the connection is broken.
  private func read(_ connection: Connection, at now: Instant) -> Bool {
    let (bytes, isWhole) = withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) {
      buffer -> ([UInt8], Bool) in
      switch connection.socket.read(buffer) {
      case .done(let count): ([UInt8](UnsafeRawBufferPointer(rebasing: buffer[..<count])), true)
      case .wouldBlock: ([], true)
      case .failed: ([], false)
      }
    }
    if !bytes.isEmpty { connection.machine.received(bytes, at: now) }
    if connection.socket.inputHasEnded { closeInput(connection, at: now) }
    return isWhole
  }

  private func closeInput(_ connection: Connection, at now: Instant) {
    guard !connection.knowsThatInputIsClosed else { return }
    connection.knowsThatInputIsClosed = true
    connection.machine.inputClosed(at: now)
  }

  /// Sends what the machine has, and sets what is waited for next.
  private func settle(_ connection: Connection, at now: Instant) {
    guard let isEmptied = sendOutput(connection, at: now) else {
      drop(connection)
      return
    }
    let waiting = !connection.socket.output.isEmpty
    if isEmptied, !waiting, connection.machine.isFinished {
      forget(connection)
      let span = end == nil ? limits.linger : min(limits.linger, Self.lastLinger)
      let deadline = min(now + span, end ?? .distantFuture)
      lingering.add(connection.socket, token: connection.token, until: deadline, poller)
      return
    }
    let reads = reads(connection)
    let token = connection.token
    guard connection.socket.watch(readable: reads, writable: waiting, token: token, poller) else {
      drop(connection)
      return
    }
    let machineDeadline =
      connection.machine.isFinished ? .distantFuture : connection.machine.deadline
    deadlines.set(connection.number, to: min(machineDeadline, stallDeadline(connection)))
  }

  /// Asks the machine for output and sends it; whether the machine has no more, or nil when the
  /// connection is broken.
  private func sendOutput(_ connection: Connection, at now: Instant) -> Bool? {
    for _ in 0..<Self.piecesPerTurn {
      let before = connection.socket.output.count
      if before == 0 { connection.lastProgress = now }
      if case .failed = connection.socket.flush() { return nil }
      if connection.socket.output.count < before { connection.lastProgress = now }
      // What is asked for later is asked for when there is room, which the poller tells.
      guard connection.socket.output.count <= limits.unsentBytes else { return false }
      let bytes = connection.machine.takeOutput()
      if bytes.isEmpty { return true }
      connection.socket.output.append(bytes)
    }
    if !connection.isUnsettled { unsettled.append(connection.number) }
    connection.isUnsettled = true
    return false
  }

  /// When the peer will have taken nothing for too long.
  private func stallDeadline(_ connection: Connection) -> Instant {
    if connection.socket.output.isEmpty { return .distantFuture }
    return connection.lastProgress + limits.stallTimeout
  }

  /// Closes a connection at once.
  private func drop(_ connection: Connection) { forget(connection) }

  /// Drops a connection from the books; its socket closes when nobody else holds it.
  private func forget(_ connection: Connection) {
    guard connections.removeValue(forKey: connection.number) != nil else { return }
    deadlines.remove(connection.number)
    let host = connection.address.with(port: 0)
    let rest = (connectionsByAddress[host] ?? 1) - 1
    connectionsByAddress[host] = rest > 0 ? rest : nil
    meter.open.wrappingSubtract(1, ordering: .relaxed)
    closed(ConnectionID(rawValue: connection.number))
  }

  // MARK: Accepting

  private func accept(_ index: Int, at now: Instant) {
    guard listeners.indices.contains(index) else { return }
    for _ in 0..<Self.acceptsPerTurn {
      switch Socket.accept(listeners[index]) {
      case .nothing: return
      case .failed: continue
      case .exhausted:
        let token = PollTarget.listener(index).token
        poller.change(listeners[index].descriptor, readable: false, writable: false, token: token)
        deadlines.set(UInt64.max - UInt64(index), to: now + Self.acceptPause)
        return
      case .stream(let descriptor, let address):
        Socket.prepareStream(descriptor)
        open(StreamSocket(descriptor), from: address, at: now)
      }
    }
  }

  private func open(_ socket: StreamSocket, from address: Address, at now: Instant) {
    lastNumber += 1
    let number = lastNumber
    let host = address.with(port: 0)
    let fromThere = connectionsByAddress[host] ?? 0
    guard connections.count < limits.connections, fromThere < limits.connectionsPerAddress else {
      meter.refused.wrappingAdd(1, ordering: .relaxed)
      socket.output.append(limits.refusal)
      let token = PollTarget.stream(number).token
      lingering.add(socket, token: token, until: now + limits.linger, poller)
      return
    }
    let machine = makeMachine(ConnectionID(rawValue: number), address)
    let connection = Connection(socket, number, address, machine, at: now)
    connections[number] = connection
    connectionsByAddress[host] = fromThere + 1
    meter.accepted.wrappingAdd(1, ordering: .relaxed)
    meter.open.wrappingAdd(1, ordering: .relaxed)
    settle(connection, at: now)
  }
}
