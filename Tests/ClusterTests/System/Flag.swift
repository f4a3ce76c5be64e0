import Glibc
import Synchronization

/// Something that happens once, told from one thread to another.
final class Flag: Sendable {
  private let value = Atomic(false)

  /// Whether it has happened.
  var isRaised: Bool { value.load(ordering: .acquiring) }

  /// Says that it has happened.
  func raise() { value.store(true, ordering: .releasing) }

  /// Keeps the thread until it has happened, and leaves the processor to others meanwhile.
  ///
  /// There is no limit: whoever raises the flag may wait long for its turn among hundreds of tests,
  /// and a thread that went on without it would make another test of this one.
  func wait() {
    while !isRaised { _ = poll(nil, 0, 1) }
  }
}
