import ClusterCore

/// A few cores whose datagrams a test holds back or loses one by one: for counterexamples that need
/// exactly this order of things. Streams can't be opened; names resolve at once.
struct HandDrivenNodes {
  /// One datagram on its way.
  struct Datagram {
    var from: Int
    var to: Int
    var bytes: [UInt8]
  }

  private(set) var nodes: [Node?]
  private var addresses: [Address]
  private var wall: UInt64 = 1_800_000_000_000
  private var elapsed: UInt64 = 5_000_000_000
  private var starts: [Int]
  private var faults: Set<PlantedFault>
  private var skews: [Int64]
  private var underWay: [(Input, Int)] = []
  /// Which datagrams are kept in `held` instead of being delivered.
  var holds: (Int, Int) -> Bool = { _, _ in false }
  /// Which datagrams are lost.
  var loses: (Int, Int) -> Bool = { _, _ in false }
  /// What was held back, oldest first.
  var held: [Datagram] = []

  init(_ count: Int, faults: Set<PlantedFault> = []) {
    nodes = Array(repeating: nil, count: count)
    starts = Array(repeating: 0, count: count)
    skews = Array(repeating: 0, count: count)
    addresses = (0..<count).map { Self.address($0, 0) }
    self.faults = faults
    for index in 0..<count { start(index) }
    run(for: 6_000)
  }

  /// Starts a member with nothing in memory, at a new address.
  mutating func start(_ index: Int) {
    starts[index] += 1
    addresses[index] = Self.address(index, starts[index])
    var configuration = NodeConfiguration(
      clusterID: 7, ordinal: index, size: nodes.count, baseName: "n",
      seed: UInt64(index * 100 + starts[index]))
    configuration.plantedFaults = faults
    nodes[index] = Node(configuration: configuration, at: moment(index))
    give(.started, to: index)
  }

  /// Kills a member.
  mutating func crash(_ index: Int) { nodes[index] = nil }

  /// Sets a member's wall clock.
  mutating func skew(_ index: Int, milliseconds: Int64) { skews[index] = milliseconds }

  /// Writes, or deletes, at a member; what it sends leaves at once.
  mutating func write(_ key: String, _ value: String?, at index: Int) throws {
    let key = try Key(key)
    let operation: StoreOperation =
      value.map { .put(key, Array($0.utf8), expires: nil) } ?? .delete(key)
    var effects: [Effect] = []
    let now = moment(index)
    try nodes[index]?.write([operation], at: now, into: &effects)
    perform(effects, of: index)
    settle()
  }

  /// Lets time pass, in steps of one millisecond.
  mutating func run(for milliseconds: Int) {
    for _ in 0..<milliseconds {
      elapsed += 1_000_000
      for index in nodes.indices {
        guard let node = nodes[index], node.nextWake <= moment(index).instant else { continue }
        give(.woken, to: index)
      }
      settle()
    }
  }

  /// Delivers what was held back.
  mutating func release() {
    let datagrams = held
    held = []
    for datagram in datagrams { deliver(datagram) }
    settle()
  }

  /// The values that a member holds of a key, oldest first; "-" for a delete.
  func values(_ key: String, at index: Int) -> [String] {
    guard let key = try? Key(key) else { return [] }
    return (nodes[index]?.candidates(key, wallMilliseconds: 0) ?? []).map { $0.string ?? "-" }
  }

  private mutating func give(_ input: Input, to index: Int) {
    var effects: [Effect] = []
    let now = moment(index)
    nodes[index]?.handle(input, at: now, into: &effects)
    perform(effects, of: index)
  }

  /// Delivers what is under way, and what comes of it.
  private mutating func settle() {
    var next = 0
    while next < underWay.count {
      let (input, index) = underWay[next]
      next += 1
      give(input, to: index)
    }
    underWay = []
  }

  private mutating func perform(_ effects: [Effect], of index: Int) {
    for effect in effects {
      switch effect {
      case .send(let bytes, let address):
        guard let to = addresses.firstIndex(of: address), !loses(index, to) else { continue }
        let datagram = Datagram(from: index, to: to, bytes: bytes)
        if holds(index, to) { held.append(datagram) } else { deliver(datagram) }
      case .resolve(let ordinal):
        underWay.append((.resolved(ordinal: ordinal, [addresses[ordinal]]), index))
      case .connect(let ordinal, _):
        underWay.append((.connectFailed(ordinal: ordinal, refused: false), index))
      case .answer: break
      case .flush: underWay.append((.woken, index))
      case .sendFrame, .closeStream, .publish, .changed, .append, .finish: break
      }
    }
  }

  private mutating func deliver(_ datagram: Datagram) {
    let source = addresses[datagram.from]
    underWay.append((.datagramReceived(datagram.bytes, source: source), datagram.to))
  }

  private func moment(_ index: Int) -> Moment {
    let milliseconds = Int64(wall + elapsed / 1_000_000) + skews[index]
    return Moment(
      instant: Instant(nanoseconds: elapsed), wallMilliseconds: UInt64(milliseconds))
  }

  private static func address(_ index: Int, _ start: Int) -> Address {
    Address(family: .v4, high: 0, low: UInt64(10 << 24 | index << 8 | start), port: 7946)
  }
}
