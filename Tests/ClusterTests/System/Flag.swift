import Cluster
import Synchronization

/// Something that happens once, told from one thread to another.
final class Flag: Sendable {
  private let value = Atomic(false)

  /// Whether it has happened.
  var isRaised: Bool { value.load(ordering: .acquiring) }

  /// Says that it has happened.
  func raise() { value.store(true, ordering: .releasing) }

  /// Keeps the thread busy until it has happened, at most 10 s.
  func spinUntilRaised() {
    let deadline = Clock.instant() + .seconds(60)
    while !isRaised, Clock.instant() < deadline {}
  }
}
