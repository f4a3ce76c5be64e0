package import ClusterCore
import Synchronization

/// Serves TCP connections, each driven by a machine of its own, on one thread.
///
/// It decides nothing of the protocol. It bounds: how many connections there are, in all and from
/// one address, how much waits to be sent, and how long for.
package final class StreamServer<Machine: ByteStreamMachine>: Sendable {
  /// The addresses that it listens at, all with the same port.
  package let addresses: [Address]
  /// The port.
  package let port: UInt16

  /// Makes the machine of a new connection, on the loop's thread.
  package typealias MakeMachine = @Sendable (ConnectionID, Address) -> Machine
  /// What is done to a machine by another thread's wish.
  package typealias Post = @Sendable (inout Machine, Instant) -> Void

  private let limits: StreamServerLimits
  private let makeMachine: MakeMachine
  private let closed: @Sendable (ConnectionID) -> Void
  private let poller: Poller
  private let meter = StreamServerMeter()
  private let posts: Submissions<(ConnectionID, Post)>
  private let drainNanoseconds = Atomic<UInt64>(0)
  /// The listeners, until the loop takes them: they close when it drains.
  private let listeners: Mutex<[BoundSocket]?>

  /// Starts to listen; connections wait until `run`.
  ///
  /// - Parameters:
  ///   - addresses: where; `Address.any(port:)` is all addresses of both protocols.
  ///   - makeMachine: makes a new connection's machine, on the loop's thread.
  ///   - closed: told of each connection with a machine that is gone, on the loop's thread.
  package init(
    bind addresses: [Address], limits: StreamServerLimits = StreamServerLimits(),
    makeMachine: @escaping MakeMachine,
    closed: @escaping @Sendable (ConnectionID) -> Void = { _ in }
  ) throws(SystemError) {
    let listeners = try BoundSocket.listeners(at: addresses)
    self.addresses = listeners.map(\.address)
    self.port = listeners.first?.address.port ?? 0
    self.limits = limits
    self.makeMachine = makeMachine
    self.closed = closed
    self.posts = Submissions(capacity: limits.posts)
    self.poller = try Poller()
    for (index, listener) in listeners.enumerated() {
      try poller.add(listener.descriptor, token: PollTarget.listener(index).token)
    }
    self.listeners = Mutex(listeners)
  }

  /// Serves on the calling thread until `stop`, once.
  package func run() {
    let loop = makeLoop()
    loop.run { Span64(nanoseconds: drainNanoseconds.load(ordering: .acquiring)) }
  }

  /// The loop; it alone holds the listeners from now on, so that it alone decides when they close.
  private func makeLoop() -> StreamServerLoop<Machine> {
    let listeners = self.listeners.withLock { listeners in
      defer { listeners = nil }
      return listeners
    }
    guard let listeners else { preconditionFailure("a server runs once") }
    return StreamServerLoop(
      listeners: listeners, poller: poller, limits: limits, meter: meter, posts: posts,
      makeMachine: makeMachine, closed: closed)
  }

  /// Does something to a connection's machine soon, from any thread; nothing if it is gone. False
  /// when too many wait, and then it isn't done.
  @discardableResult
  package func post(to connection: ConnectionID, _ body: @escaping Post) -> Bool {
    guard posts.add((connection, body)) else { return false }
    poller.request(.submission)
    return true
  }

  /// Ends the server, from any thread: no connection is accepted and no input read any more, each
  /// machine is told that its input is closed, and what is done by the end of `span` is still sent.
  /// Calling it again can only make it shorter.
  package func stop(drainingFor span: Span64 = .zero) {
    drainNanoseconds.store(span.nanoseconds, ordering: .releasing)
    poller.request(.stop)
  }

  /// What it has done so far, from any thread.
  package var counters: StreamServerCounters { meter.snapshot }
}

/// The counters of a running server, written by its thread and read by any; relaxed, because
/// nothing is concluded from one about another.
final class StreamServerMeter: Sendable {
  let accepted = Atomic<UInt64>(0)
  let refused = Atomic<UInt64>(0)
  let open = Atomic<UInt64>(0)

  /// What they read now.
  var snapshot: StreamServerCounters {
    StreamServerCounters(
      accepted: accepted.load(ordering: .relaxed), refused: refused.load(ordering: .relaxed),
      open: open.load(ordering: .relaxed))
  }
}
