import Synchronization

/// The keys of a running member, and what it knows of the others' keys: shared by the loop, which
/// seals and opens, by whoever changes the list, and by those who only look.
package final class Keyring: Sendable {
  /// The cluster's identity.
  let cluster: UInt64
  /// This member's ordinal, counted from zero.
  let ordinal: Int
  /// How many members are expected.
  let size: Int
  let library: CryptoLibrary

  private struct State {
    var list: KeyList
    var peers: [PeerKeys?]
  }

  private let state: Mutex<State>
  /// Grows with each change of the list, so that the loop needs no lock to see that there was none.
  /// Released after the list was stored, acquired before it is read.
  private let generation = Atomic<UInt64>(1)

  init(_ list: KeyList, cluster: UInt64, ordinal: Int, size: Int, _ library: CryptoLibrary) {
    self.cluster = cluster
    self.ordinal = ordinal
    self.size = size
    self.library = library
    state = Mutex(State(list: list, peers: Array(repeating: nil, count: size)))
  }

  /// The keys in force.
  var list: KeyList { state.withLock { $0.list } }

  /// Puts other keys in force; the loop takes them up at its next turn.
  func replace(with list: KeyList) {
    state.withLock { $0.list = list }
    generation.wrappingAdd(1, ordering: .releasing)
  }

  /// The keys in force if they changed since `known`, which is brought up to date.
  func list(since known: inout UInt64) -> KeyList? {
    let present = generation.load(ordering: .acquiring)
    guard present != known else { return nil }
    known = present
    return list
  }

  /// Notes what a member's packets say of its keys.
  func note(_ keys: PeerKeys, of ordinal: Int) { state.withLock { $0.peers[ordinal] = keys } }

  /// What each member's packets last said; nothing of those that never sent one, and of this one.
  var peers: [PeerKeys?] { state.withLock { $0.peers } }
}

/// What a member's packets say of its keys.
struct PeerKeys: Hashable, Sendable {
  /// The key that seals them.
  var seals: KeyFingerprint
  /// The signature of the keys that it accepts.
  var signature: UInt32
}
