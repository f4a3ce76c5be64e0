import Cluster
import ClusterCore
import Synchronization

/// How many feeds may be open: fewer than connections, so that readers who stay for hours cannot keep
/// probes and operators out; and no client may have them all.
final class FeedSeats: Sendable {
  /// The most feeds at once.
  static let limit = 128
  /// The most of them for one address.
  static let limitPerAddress = 64

  /// What is fed.
  enum Kind: String, CaseIterable, Sendable { case events, keys }

  /// Why there is no seat.
  enum Refusal: Error {
    /// All are taken.
    case full
    /// The client has as many as it may.
    case tooMany
  }

  private struct State {
    var events = 0
    var keys = 0
    var byAddress: [Address: Int] = [:]
  }

  private let state = Mutex(State())

  /// Takes a seat for a client, whatever its port.
  func take(_ kind: Kind, for client: Address) throws(Refusal) {
    let host = client.with(port: 0)
    let refusal: Refusal? = state.withLock { state in
      if state.events + state.keys >= Self.limit { return .full }
      let taken = state.byAddress[host] ?? 0
      if taken >= Self.limitPerAddress { return .tooMany }
      state.byAddress[host] = taken + 1
      if kind == .events { state.events += 1 } else { state.keys += 1 }
      return nil
    }
    if let refusal { throw refusal }
  }

  /// Gives a seat back.
  func free(_ kind: Kind, of client: Address) {
    let host = client.with(port: 0)
    state.withLock { state in
      if kind == .events { state.events -= 1 } else { state.keys -= 1 }
      let rest = (state.byAddress[host] ?? 1) - 1
      state.byAddress[host] = rest > 0 ? rest : nil
    }
  }

  /// How many seats are taken, by kind.
  var count: (events: Int, keys: Int) { state.withLock { ($0.events, $0.keys) } }
}
