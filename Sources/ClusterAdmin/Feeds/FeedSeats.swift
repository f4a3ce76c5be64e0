import Synchronization

/// How many feeds may be open: fewer than connections, so that readers who stay for hours cannot keep
/// probes and operators out.
final class FeedSeats: Sendable {
  /// The most feeds at once.
  static let limit = 128

  /// What is fed.
  enum Kind: String, CaseIterable, Sendable { case events, keys }

  private let taken = Mutex((events: 0, keys: 0))

  /// Takes a seat; false when all are taken.
  func take(_ kind: Kind) -> Bool {
    taken.withLock { taken in
      guard taken.events + taken.keys < Self.limit else { return false }
      if kind == .events { taken.events += 1 } else { taken.keys += 1 }
      return true
    }
  }

  /// Gives a seat back.
  func free(_ kind: Kind) {
    taken.withLock { taken in
      if kind == .events { taken.events -= 1 } else { taken.keys -= 1 }
    }
  }

  /// How many seats are taken, by kind.
  var count: (events: Int, keys: Int) { taken.withLock { $0 } }
}
