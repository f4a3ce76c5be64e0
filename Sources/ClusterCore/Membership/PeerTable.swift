/// All expected members as one of them holds them, and what follows from all of them together: how
/// many live, the view's digest, and when something is due next.
///
/// Intuition: an event touches one peer or two, so what is derived from all need not be derived from
/// all again. Every change goes through the subscript, which notes the ordinal; `settle` then brings
/// the sums up to date for the noted ones. Complexity of a touched peer: O(log members), for the
/// tournament of deadlines.
package struct PeerTable: RandomAccessCollection, Sendable {
  private var peers: [Peer]
  private var derived: [Derived]
  /// Peers that were changed since the sums were taken.
  private var touched: [Int] = []
  private var deadlines: Tournament
  private var viewSum: UInt64 = 0
  private var live = 0

  /// What a peer adds to the sums.
  private struct Derived {
    var isLive = false
    var viewPart: UInt64 = 0
    var isTouched = false
  }

  package init(count: Int) {
    peers = Array(repeating: Peer(), count: count)
    derived = Array(repeating: Derived(), count: count)
    deadlines = Tournament(count: count)
    touched.reserveCapacity(Swift.min(count, 64))
  }

  package var startIndex: Int { 0 }
  package var endIndex: Int { peers.count }

  package subscript(ordinal: Int) -> Peer {
    @inline(__always) _read { yield peers[ordinal] }
    @inline(__always) _modify {
      touch(ordinal)
      yield &peers[ordinal]
    }
  }

  /// Whether a member counts as one of the live cluster. Reads one byte, where the subscript's `isLive`
  /// may copy a whole peer: for loops over all of them.
  package func isLive(_ ordinal: Int) -> Bool {
    derived[ordinal].isTouched ? peers[ordinal].isLive : derived[ordinal].isLive
  }

  /// How many members of the live cluster there are, this one among them.
  package var liveCount: Int {
    touched.isEmpty ? live : indices.count { peers[$0].isLive }
  }

  /// The sum of the hashes of each ordinal's boot and whether it is live. Valid after `settle`.
  package var viewDigest: UInt64 { viewSum }

  /// When the first deadline of any peer comes. Valid after `settle`.
  package var earliest: Instant { Instant(nanoseconds: deadlines.first) }

  /// The peers of which a deadline has come, in order of their ordinals.
  package mutating func due(at now: Instant) -> [Int] {
    settle()
    guard deadlines.first <= now.nanoseconds else { return [] }
    return deadlines.due(at: now.nanoseconds)
  }

  /// Brings the sums up to date.
  package mutating func settle() {
    guard !touched.isEmpty else { return }
    for ordinal in touched {
      derived[ordinal].isTouched = false
      let isLive = peers[ordinal].isLive
      if isLive != derived[ordinal].isLive {
        live += isLive ? 1 : -1
        derived[ordinal].isLive = isLive
      }
      let boot = peers[ordinal].boot
      let isKnown = boot > 0 && peers[ordinal].state != .unknown
      let part = isKnown ? mix(4, UInt64(ordinal), boot, isLive ? 1 : 2) : 0
      viewSum = viewSum &- derived[ordinal].viewPart &+ part
      derived[ordinal].viewPart = part
      deadlines.set(ordinal, peers[ordinal].deadline.nanoseconds)
    }
    touched.removeAll(keepingCapacity: true)
  }

  @inline(__always)
  private mutating func touch(_ ordinal: Int) {
    guard !derived[ordinal].isTouched else { return }
    derived[ordinal].isTouched = true
    touched.append(ordinal)
  }
}

extension Peer {
  /// When something is to be done about this peer whatever else happens: a suspicion expires, it is
  /// contacted anew, or a connect is given up.
  var deadline: Instant {
    var deadline = isLive ? Instant.distantFuture : nextContact
    if let end = suspicion?.deadline { deadline = Swift.min(deadline, end) }
    if case .connecting(let until) = line.connection { deadline = Swift.min(deadline, until) }
    return deadline
  }
}

/// The smallest of many numbers while single ones change: a tree in which each node holds the smaller
/// of its two children (Knuth, volume 3, 5.2.3, tree selection).
struct Tournament: Sendable {
  private let count: Int
  private let leaves: Int
  private var nodes: [UInt64]

  init(count: Int) {
    self.count = count
    var leaves = 1
    while leaves < count { leaves *= 2 }
    self.leaves = leaves
    nodes = Array(repeating: .max, count: 2 * leaves)
  }

  /// The smallest number.
  var first: UInt64 { nodes[1] }

  /// Sets one number.
  mutating func set(_ index: Int, _ value: UInt64) {
    var node = leaves + index
    guard nodes[node] != value else { return }
    nodes[node] = value
    while node > 1 {
      node /= 2
      let smaller = Swift.min(nodes[2 * node], nodes[2 * node + 1])
      guard nodes[node] != smaller else { return }
      nodes[node] = smaller
    }
  }

  /// The indices of all numbers up to `limit`, in order.
  func due(at limit: UInt64) -> [Int] {
    var found: [Int] = []
    collect(1, limit, &found)
    return found
  }

  private func collect(_ node: Int, _ limit: UInt64, _ found: inout [Int]) {
    guard nodes[node] <= limit else { return }
    if node >= leaves {
      found.append(node - leaves)
    } else {
      collect(2 * node, limit, &found)
      collect(2 * node + 1, limit, &found)
    }
  }
}
