/// All expected members as one of them holds them, and what follows from all of them together: how
/// many live, the view's digest, and when something is due next.
///
/// Intuition: an event touches one peer or two, so what is derived from all need not be derived from
/// all again. Every change goes through the subscript, which notes the ordinal; `settle` then brings
/// the sums up to date for the noted ones. Complexity of a touched peer: O(log members), for the
/// tournament of deadlines.
///
/// A peer takes hundreds of bytes, and most of what is asked of all peers in a row is a yes or no. So
/// those answers lie beside each other (`Trait`), with the count of each: "does anyone?" is O(1), and
/// a loop over a thousand members reads a few lines of the processor's cache, not thousands.
package struct PeerTable: RandomAccessCollection, Sendable {
  /// A yes or no about one peer that is asked of all of them.
  package enum Trait: UInt8, CaseIterable, Sendable {
    /// It counts as a member of the live cluster.
    case live
    /// It is held apart.
    case apart
    /// It is live, and its first exchange of the store is complete.
    case synced
    /// It is live, and its store's byte budget is used up.
    case full
    /// Fresh connections to it are tried, to see whether it ended.
    case questioned
    /// A transfer of its is arriving.
    case transferring
    /// It isn't live, or wasn't until just now, or a full exchange with it is due.
    case tended
    /// There is something to tell others of it: it was heard of, and isn't held apart.
    case told

    fileprivate var bit: UInt8 { 1 << rawValue }
  }

  private var peers: [Peer]
  private var derived: [Derived]
  /// The view that each peer last told.
  private var viewDigests: [UInt64]
  /// Peers that were changed since the sums were taken.
  private var touched: [Int] = []
  private var deadlines: Tournament
  private var viewSum: UInt64 = 0
  /// How many peers have each trait.
  private var counts = Array(repeating: 0, count: Trait.allCases.count)
  /// The present boots of all, zero for those never heard of. Valid after `settle`.
  package private(set) var boots: [UInt64]

  /// What a peer adds to the sums.
  private struct Derived {
    var traits: UInt8 = 0
    var isTouched = false
    var viewPart: UInt64 = 0
  }

  package init(count: Int) {
    peers = Array(repeating: Peer(), count: count)
    derived = Array(repeating: Derived(), count: count)
    viewDigests = Array(repeating: 0, count: count)
    boots = Array(repeating: 0, count: count)
    deadlines = Tournament(count: count)
    touched.reserveCapacity(Swift.min(count, 64))
    // None of them is live yet: the first sums are of all.
    for ordinal in 0..<count { touch(ordinal) }
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
  /// may copy a whole peer.
  package func isLive(_ ordinal: Int) -> Bool { has(.live, ordinal) }

  /// How many members of the live cluster there are, this one among them. Complexity: O(touched)
  package var liveCount: Int { count(of: .live) }

  /// How many peers have a trait. Complexity: O(touched)
  package func count(of trait: Trait) -> Int {
    var count = counts[Int(trait.rawValue)]
    for ordinal in touched {
      if derived[ordinal].traits & trait.bit != 0 { count -= 1 }
      if traits(of: ordinal) & trait.bit != 0 { count += 1 }
    }
    return count
  }

  /// The ordinals of the peers that have a trait, in order. Complexity: O(touched) where there are
  /// none, else O(members).
  package mutating func ordinals(having trait: Trait) -> [Int] {
    settle()
    guard counts[Int(trait.rawValue)] > 0 else { return [] }
    var found: [Int] = []
    found.reserveCapacity(counts[Int(trait.rawValue)])
    for ordinal in derived.indices where derived[ordinal].traits & trait.bit != 0 {
      found.append(ordinal)
    }
    return found
  }

  /// Whether a peer has a trait.
  package func has(_ trait: Trait, _ ordinal: Int) -> Bool {
    let isTouched = derived[ordinal].isTouched
    return (isTouched ? traits(of: ordinal) : derived[ordinal].traits) & trait.bit != 0
  }

  /// The live members that last told this view. Complexity: O(members)
  package mutating func liveHolders(of viewDigest: UInt64) -> [Int] {
    settle()
    var found: [Int] = []
    for ordinal in viewDigests.indices
    where viewDigests[ordinal] == viewDigest && derived[ordinal].traits & Trait.live.bit != 0 {
      found.append(ordinal)
    }
    return found
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
      let (old, new) = (derived[ordinal].traits, traits(of: ordinal))
      let (isLive, boot) = (new & Trait.live.bit != 0, peers[ordinal].boot)
      recount(from: old, to: new)
      derived[ordinal].traits = new
      boots[ordinal] = boot
      let isKnown = boot > 0 && peers[ordinal].state != .unknown
      let part = isKnown ? mix(4, UInt64(ordinal), boot, isLive ? 1 : 2) : 0
      viewSum = viewSum &- derived[ordinal].viewPart &+ part
      derived[ordinal].viewPart = part
      viewDigests[ordinal] = peers[ordinal].viewDigest
      var deadline = isLive ? Instant.distantFuture : peers[ordinal].nextContact
      if case .connecting(let until) = peers[ordinal].line.connection {
        deadline = Swift.min(deadline, until)
      }
      deadlines.set(ordinal, deadline.nanoseconds)
    }
    touched.removeAll(keepingCapacity: true)
  }

  private mutating func recount(from old: UInt8, to new: UInt8) {
    var changed = old ^ new
    while changed != 0 {
      let trait = changed.trailingZeroBitCount
      counts[trait] += new & 1 << UInt8(trait) != 0 ? 1 : -1
      changed &= changed - 1
    }
  }

  /// The traits of a peer as it is now. Field by field: a property of the whole peer might copy it.
  private func traits(of ordinal: Int) -> UInt8 {
    let state = peers[ordinal].state
    let isLive = !peers[ordinal].isApart && (state == .alive || state == .suspect)
    var traits: UInt8 = 0
    if isLive {
      traits |= Trait.live.bit
      if peers[ordinal].isSynced { traits |= Trait.synced.bit }
      if peers[ordinal].isFull { traits |= Trait.full.bit }
    }
    if peers[ordinal].isApart {
      traits |= Trait.apart.bit
    } else if peers[ordinal].boot > 0, state != .unknown {
      traits |= Trait.told.bit
    }
    if peers[ordinal].watch.inquest != nil { traits |= Trait.questioned.bit }
    if peers[ordinal].line.receivedAt != nil { traits |= Trait.transferring.bit }
    if !isLive || peers[ordinal].awaySince != nil || peers[ordinal].exchange.isWanted {
      traits |= Trait.tended.bit
    }
    return traits
  }

  @inline(__always)
  private mutating func touch(_ ordinal: Int) {
    guard !derived[ordinal].isTouched else { return }
    derived[ordinal].isTouched = true
    touched.append(ordinal)
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
