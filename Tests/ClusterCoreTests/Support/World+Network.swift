@testable import ClusterCore

/// Shorthands that more than one test needs.
extension World {
  /// Members that have started together and agree.
  static func settled(
    _ size: Int, seed: UInt64 = 1, configure: (inout NodeConfiguration) -> Void = { _ in }
  ) -> World {
    var world = World(size, seed: seed, configure: configure)
    world.startAll()
    world.run(seconds: 8) { $0.isGreen && $0.leader == 0 }
    world.run(seconds: 1)
    return world
  }

  /// What one member believes of another.
  func state(of ordinal: Int, at observer: Int) -> Member.State {
    nodes[observer].member(ordinal).state
  }

  /// What a member holds of a key.
  func register(_ key: String, at ordinal: Int) -> Register? {
    (try? Key(key)).flatMap { nodes[ordinal].store.register($0) }
  }

  /// The ordinal whose leadership a member confirms.
  func leader(at ordinal: Int) -> Int? {
    let leadership = nodes[ordinal].leadership
    return leadership.isConfirmed ? leadership.member?.ordinal : nil
  }

  /// The term that a member confirms.
  func term(at ordinal: Int) -> UInt64? {
    if case .confirmed(_, let term) = nodes[ordinal].leadership { term } else { nil }
  }

  /// A packet as the member `source` would send it, changed as a test likes, and sealed.
  func packet(
    from source: Int, to destination: Int, _ sections: [Section] = [],
    _ change: (inout Header) -> Void = { _ in }
  ) -> [UInt8] {
    var sender = nodes[source]
    let receiver = nodes[destination]
    var header = sender.header(to: destination, boot: receiver.boot, at: moment)
    change(&header)
    return Packet(header: header, sections: sections).encoded()
  }

  /// Gives a member a datagram as if it came from another one.
  mutating func deliver(_ bytes: [UInt8], from source: Int, to destination: Int) {
    give(.datagramReceived(bytes, source: Self.address(source)), to: destination)
  }

  /// How often a member told of something.
  func count(at ordinal: Int, _ isWanted: (ClusterEvent) -> Bool) -> Int {
    events[ordinal].count(where: isWanted)
  }
}

/// What a packet that was refused must not change.
struct NodeTrace: Equatable {
  var members: [Member]
  var digests: [UInt64]
  var leadership: Leadership
  var counters: Node.Counters
  var storeCounters: Store.Counters
  var boot: UInt64
  var incarnation: UInt64
  var recovery: Recovery
  var keys: Int

  init(_ node: Node) {
    members = node.members
    digests = [node.viewDigest, node.storeDigest, node.clockDigest, node.groupDigest]
    leadership = node.leadership
    counters = node.counters
    counters.packetsRejected = []
    storeCounters = node.store.counters
    boot = node.boot
    incarnation = node.incarnation
    recovery = node.recovery
    keys = node.registerCount
  }
}

extension Node {
  func rejected(_ reason: Rejection) -> UInt64 { counters.packetsRejected[reason.index] }
  var rejectedInAll: UInt64 { counters.packetsRejected.reduce(0, +) }
}
