import CClusterLinux
import ClusterCore
import Glibc
import Synchronization

/// What one loop thread sleeps on: descriptors, a deadline, and requests from other threads.
///
/// A request costs a system call only when the loop sleeps and nobody has woken it yet. All of that
/// is one atomic word, so that no request can fall between the loop's last look and its sleep: the
/// loop adds `sleeping` and sees what was asked before; a thread adds its request and sees whether
/// the loop sleeps. One of the two is first.
package final class Poller: Sendable {
  /// What other threads ask of a loop.
  struct Requests: OptionSet {
    var rawValue: UInt32
    /// Set by the loop itself while it sleeps or is about to.
    static let sleeping = Requests(rawValue: 1)
    /// Do what is due.
    static let wake = Requests(rawValue: 2)
    /// Look into the queue.
    static let submission = Requests(rawValue: 4)
    /// End.
    static let stop = Requests(rawValue: 8)
  }

  /// Readiness as the system reported it, of at most `capacity` descriptors at once.
  struct Events: ~Copyable {
    static let capacity = 128
    fileprivate var buffer = [cluster_event](repeating: cluster_event(), count: capacity)
    /// How many were reported last.
    fileprivate(set) var count = 0

    subscript(index: Int) -> Event {
      let event = buffer[index]
      return Event(
        target: PollTarget(token: event.token), isReadable: event.readable != 0,
        isWritable: event.writable != 0, hasFailed: event.failed != 0)
    }
  }

  /// One descriptor's readiness.
  struct Event {
    /// Whose it is.
    var target: PollTarget
    /// Something can be read: bytes, the end of input, or an error.
    var isReadable: Bool
    /// Something can be written, or an error waits.
    var isWritable: Bool
    /// Both directions have ended or an error waits; this is told whether asked for or not.
    var hasFailed: Bool
  }

  /// The token of the descriptor that other threads wake the loop by. Nobody else may use it.
  private static let alarmToken = UInt64.max

  private let epoll: FileDescriptor
  private let alarm: FileDescriptor
  private let requests = Atomic<UInt32>(0)

  init() throws(SystemError) {
    epoll = try FileDescriptor(SystemCall { cluster_epoll_create() }, "create an epoll instance")
    alarm = try FileDescriptor(SystemCall { cluster_eventfd() }, "create an eventfd")
    try add(alarm, token: Self.alarmToken)
  }

  /// Asks something of the loop, from any thread.
  func request(_ request: Requests) {
    // Asked and not looked at yet: the loop's next look comes after this, and after what the caller did
    // before. Relaxed, because the lock that guards what it did orders it against that look.
    if request == .wake, requests.load(ordering: .relaxed) & request.rawValue != 0 { return }
    let (before, _) = requests.bitwiseOr(request.rawValue, ordering: .acquiringAndReleasing)
    // Only the first one after the loop fell asleep has to ring.
    guard before == Requests.sleeping.rawValue else { return }
    var one: UInt64 = 1
    _ = SystemCall { write(alarm.number, &one, 8) }
  }

  /// Sleeps until a descriptor is ready, somebody asks for something or the deadline has come, and
  /// returns what was asked since the last call. `.distantFuture` is no deadline.
  func wait(until deadline: Instant, _ events: inout Events) -> Requests {
    let sleeping = Requests.sleeping.rawValue
    let (before, _) = requests.bitwiseOr(sleeping, ordering: .acquiringAndReleasing)
    let timeout = before == 0 ? Self.milliseconds(until: deadline) : 0
    let capacity = Int32(Events.capacity)
    let count = events.buffer.withUnsafeMutableBufferPointer { buffer in
      cluster_epoll_wait(epoll.number, buffer.baseAddress, capacity, timeout)
    }
    // An interrupted sleep is not slept on: the timeout has become wrong, above all when the
    // process was stopped and continued.
    precondition(count >= 0 || errno == EINTR, "wait for sockets: \(SystemError.name(of: errno))")
    let asked = Requests(rawValue: requests.exchange(0, ordering: .acquiringAndReleasing))
    events.count = Int(max(count, 0))
    removeAlarm(from: &events)
    return asked.subtracting(.sleeping)
  }

  /// Starts to watch a descriptor; what it reports bears the token.
  func add(
    _ descriptor: borrowing FileDescriptor, readable: Bool = true, writable: Bool = false,
    token: UInt64
  ) throws(SystemError) {
    let number = descriptor.number
    try SystemCall {
      cluster_epoll_add(epoll.number, number, readable ? 1 : 0, writable ? 1 : 0, token)
    }.orThrow("watch a socket")
  }

  /// Changes what is watched of a descriptor. Errors of it are reported in any case.
  func change(
    _ descriptor: borrowing FileDescriptor, readable: Bool, writable: Bool, token: UInt64
  ) {
    let number = descriptor.number
    let result = SystemCall {
      cluster_epoll_change(epoll.number, number, readable ? 1 : 0, writable ? 1 : 0, token)
    }
    precondition(result == .done(0), "change what is watched of a socket: \(result)")
  }

  /// Ends watching a descriptor, errors included. Closing one does the same.
  func remove(_ descriptor: borrowing FileDescriptor) {
    let number = descriptor.number
    _ = SystemCall { cluster_epoll_remove(epoll.number, number) }
  }

  /// Silences the alarm and takes it out of what the caller sees.
  private func removeAlarm(from events: inout Events) {
    var index = 0
    while index < events.count {
      guard events.buffer[index].token == Self.alarmToken else {
        index += 1
        continue
      }
      var count: UInt64 = 0
      _ = SystemCall { read(alarm.number, &count, 8) }
      events.count -= 1
      events.buffer.swapAt(index, events.count)
    }
  }

  /// The span up to a deadline, rounded up: a loop that wakes too early turns in vain.
  private static func milliseconds(until deadline: Instant) -> Int32 {
    guard deadline != .distantFuture else { return -1 }
    let nanoseconds = deadline.since(Clock.instant()).nanoseconds
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000)
    return Int32(clamping: quotient + (remainder > 0 ? 1 : 0))
  }
}
