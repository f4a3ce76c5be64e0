public import ClusterCore
import Synchronization

/// What happens in the cluster, as this member sees it, from the moment at which it was asked for.
public struct ClusterEvents: AsyncSequence, Sendable {
  /// How many events wait for a reader that doesn't read; beyond that the oldest are dropped.
  public static let capacity = 1_024

  private let hub: EventHub
  private let first: EventHub.Ticket

  init(hub: EventHub) {
    self.hub = hub
    first = hub.subscribe()
  }

  /// Starts reading: the first iterator at the moment at which the sequence was asked for, each
  /// further one now.
  public func makeAsyncIterator() -> Iterator {
    Iterator(ticket: first.claim() ? first : hub.subscribe())
  }

  /// Reads events; a subscription that ends with it.
  public struct Iterator: AsyncIteratorProtocol, Sendable {
    private let ticket: EventHub.Ticket

    fileprivate init(ticket: EventHub.Ticket) { self.ticket = ticket }

    /// The next event; none when the member has ended or the task is cancelled.
    public func next() async -> ClusterEvent? { await ticket.subscription.next() }

    /// The next event; none when the member has ended or the task is cancelled.
    public func next(isolation actor: isolated (any _Concurrency.Actor)?) async -> ClusterEvent? {
      await ticket.subscription.next()
    }
  }
}

/// Gives events to all who read them.
final class EventHub: Sendable {
  /// A reader's place; it is given up when nobody holds it any more.
  final class Ticket: Sendable {
    let subscription: Subscription<ClusterEvent>
    private let id: UInt64
    private let hub: EventHub
    private let isClaimed = Atomic(false)

    fileprivate init(_ subscription: Subscription<ClusterEvent>, id: UInt64, hub: EventHub) {
      self.subscription = subscription
      self.id = id
      self.hub = hub
    }

    /// Whether this call is the first.
    func claim() -> Bool { !isClaimed.exchange(true, ordering: .acquiringAndReleasing) }

    deinit { hub.readers.withLock { $0.open[id] = nil } }
  }

  private struct Readers {
    var open: [UInt64: Subscription<ClusterEvent>] = [:]
    var next: UInt64 = 0
    var isFinished = false
  }

  private let readers = Mutex(Readers())
  /// The latest events.
  let record = EventRecord()

  func subscribe() -> Ticket {
    let subscription = Subscription<ClusterEvent>()
    let (id, isFinished) = readers.withLock { readers in
      readers.next += 1
      if !readers.isFinished { readers.open[readers.next] = subscription }
      return (readers.next, readers.isFinished)
    }
    if isFinished { subscription.finish() }
    return Ticket(subscription, id: id, hub: self)
  }

  func publish(_ event: ClusterEvent) {
    record.append(event, wallMilliseconds: Clock.now().wallMilliseconds)
    for subscription in readers.withLock({ Array($0.open.values) }) {
      guard !subscription.offer(event, capacity: ClusterEvents.capacity) else { continue }
      subscription.update { buffer in
        buffer.removeFirst()
        buffer.append(event)
      }
    }
  }

  func finish() {
    let open = readers.withLock { readers in
      readers.isFinished = true
      defer { readers.open = [:] }
      return Array(readers.open.values)
    }
    for subscription in open { subscription.finish() }
  }
}
