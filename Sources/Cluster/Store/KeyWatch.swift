import ClusterCore

/// A watch of keys for a reader that is called rather than waits: what `StoreChanges` is to tasks.
package final class KeyWatch: Sendable {
  /// What can be taken from a watch.
  package enum Step: Sendable {
    /// A change, or the end of a snapshot.
    case change(StoreChange)
    /// The reader fell so far behind that changes are lost: all keys come again, as a snapshot.
    case overrun
    /// Nothing now.
    case nothing
    /// Nothing ever again: the member has ended.
    case over
  }

  private let driver: MemberDriver
  private let prefix: [UInt8]
  private let ticket: ChangeFeed.Ticket

  init(driver: MemberDriver, prefix: [UInt8], from start: ChangeStart) {
    self.driver = driver
    self.prefix = prefix
    ticket = driver.subscribe(prefix: prefix, from: start)
    _ = ticket.claim()
  }

  /// Calls `wake`, from whatever thread it comes, whenever there is something to take.
  package func onChange(_ wake: @escaping @Sendable () -> Void) {
    ticket.subscription.onElement(wake)
  }

  /// Takes the next step.
  package func next() -> Step {
    let (item, isOver) = ticket.subscription.poll()
    switch item {
    case nil: return isOver ? .over : .nothing
    case .change(let change, let number, let place):
      return .change(driver.describe(change, number: number, place))
    case .snapshotEnd(let number): return .change(driver.snapshotEnd(number: number))
    case .overrun:
      driver.refill(ticket, prefix: prefix)
      return .overrun
    }
  }
}

extension Cluster {
  /// Watches the keys that begin with `prefix`.
  package func watch(prefix: [UInt8], from start: ChangeStart) -> KeyWatch {
    KeyWatch(driver: driver, prefix: prefix, from: start)
  }
}
