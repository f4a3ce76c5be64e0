package import ClusterCore
import Synchronization

/// A member's part of the network: datagrams, streams and timers, on one thread.
///
/// Make it (the sockets are open then), start a thread that calls `run`, and `submit(.started)`.
/// The thread sleeps until something comes in, a deadline that the handler named has come or
/// another thread asks for something. It takes in what has come, tells the handler, and does what it
/// says. What it doesn't do is decide.
package final class Transport: Sendable {
  /// The addresses that it is bound to, all with the same port.
  package let addresses: [Address]
  /// The port of its datagrams and its streams.
  package let port: UInt16

  /// How many bytes of datagrams, with what the system needs beside them, may wait to be received.
  /// Where it is less than 4 MiB, `net.core.rmem_max` is why, and bursts will be lost.
  package let receiveBuffer: Int

  private let limits: TransportLimits
  private let keyring: Keyring?
  private let poller: Poller
  private let meter = TransportMeter()
  private let rejectionMeter = RejectionMeter()
  private let submissions: Submissions<Input>
  /// The sockets, until the loop takes them: they close when it ends.
  private let sockets: Mutex<[(datagrams: BoundSocket, listener: BoundSocket)]?>

  /// Opens the sockets: datagrams and streams at each of the addresses, all at one port.
  ///
  /// `Address.any(port:)` is all addresses of both protocols, or of IPv4 where there is no IPv6.
  /// Port 0 takes one that is free for datagrams and streams. With a keyring all that leaves is sealed,
  /// and nothing else is let in.
  package init(
    bind addresses: [Address], limits: TransportLimits = TransportLimits(), keyring: Keyring? = nil
  ) throws(SystemError) {
    let pairs = try BoundSocket.pairs(at: addresses)
    self.addresses = pairs.map(\.listener.address)
    self.port = pairs.first?.listener.address.port ?? 0
    self.receiveBuffer = pairs.map(\.datagrams.receiveBuffer).min() ?? 0
    self.limits = limits
    self.keyring = keyring
    self.poller = try Poller()
    self.submissions = Submissions(capacity: limits.submissions)
    for (index, pair) in pairs.enumerated() {
      let (datagrams, listener) = (PollTarget.datagrams(index), PollTarget.listener(index))
      try poller.add(pair.datagrams.descriptor, token: datagrams.token)
      try poller.add(pair.listener.descriptor, token: listener.token)
    }
    self.sockets = Mutex(pairs)
  }

  /// Runs the loop on the calling thread until `stop`, once; its sockets are closed then.
  package func run(_ handler: some TransportHandler) {
    let loop = makeLoop()
    loop.run(handler)
  }

  /// The loop; it alone holds the sockets from now on, so that it alone decides when they close.
  private func makeLoop() -> TransportLoop {
    let sockets = self.sockets.withLock { sockets in
      defer { sockets = nil }
      return sockets
    }
    guard let sockets else { preconditionFailure("a transport runs once") }
    let session = PacketGate.session(at: Clock.now(), random: Entropy.bits())
    return TransportLoop(
      sockets: sockets, poller: poller, limits: limits,
      gate: PacketGate(keyring, session: session, rejectionMeter), meter: meter,
      submissions: submissions)
  }

  /// Gives the handler an input, from any thread; false when too many wait, and then it is lost.
  @discardableResult
  package func submit(_ input: Input) -> Bool {
    guard submissions.add(input) else {
      meter.submissionsRefused.add(1)
      return false
    }
    poller.request(.submission)
    return true
  }

  /// Causes a `handle([.woken])` soon, from any thread. However often it is called meanwhile, it is
  /// one; and only the first call to a loop that sleeps costs a system call.
  package func wake() { poller.request(.wake) }

  /// Ends the loop, from any thread. What else waits is not looked at any more; what streams were
  /// given is still sent, for a quarter of a second at most.
  package func stop() { poller.request(.stop) }

  /// What it has done so far, from any thread.
  package var counters: TransportCounters { meter.snapshot }

  /// How many packets and frames it dropped, in the order of `PacketRejection.allCases`.
  package var rejections: [UInt64] { rejectionMeter.snapshot }
}
