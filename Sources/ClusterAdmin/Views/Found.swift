import ClusterCore
import Dispatch
import Synchronization

/// Something that one thread waits for and another one finds, once.
final class Found: Sendable {
  private let address = Mutex<Address?>(nil)
  private let signal = DispatchSemaphore(value: 0)

  /// Says what was found; the first call counts.
  func give(_ found: Address?) {
    address.withLock { if $0 == nil { $0 = found } }
    signal.signal()
  }

  /// What was found, if it comes in time.
  func wait(milliseconds: Int) -> Address? {
    _ = signal.wait(timeout: .now() + .milliseconds(milliseconds))
    return address.withLock { $0 }
  }
}
