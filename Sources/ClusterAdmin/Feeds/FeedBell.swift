import Synchronization

/// Rings once for any number of news, until they are taken: a busy store must not make a call of each
/// change for each reader.
final class FeedBell: Sendable {
  private let wake = Mutex<(@Sendable () -> Void)?>(nil)
  private let hasRung = Atomic(false)

  /// Says whom to wake.
  func connect(_ wake: @escaping @Sendable () -> Void) { self.wake.withLock { $0 = wake } }

  /// Something can be taken.
  func ring() {
    guard !hasRung.exchange(true, ordering: .acquiringAndReleasing) else { return }
    wake.withLock { $0 }?()
  }

  /// What there is will be taken now.
  func silence() { hasRung.store(false, ordering: .sequentiallyConsistent) }
}
