@testable import ClusterCore

/// A few members, a virtual clock, and a wire that delivers in order after one millisecond unless a
/// test says otherwise.
struct World {
  struct Letter {
    var at: UInt64
    var from: Int
    var to: Int
    var bytes: [UInt8]
  }

  struct Pipe {
    var ends: (Int, StreamID)
    var other: (Int, StreamID)
  }

  var nodes: [Node]
  var isDown: [Bool]
  var now: UInt64 = 1_000_000_000
  var wall: UInt64 = 1_700_000_000_000
  var letters: [Letter] = []
  var inputs: [(at: UInt64, node: Int, input: Input)] = []
  var pipes: [Pipe] = []
  var nextStream: UInt64 = 1
  /// Pairs that cannot reach each other, one way.
  var cuts: Set<[Int]> = []
  /// Members whose port refuses connections although they live.
  var refuses: Set<Int> = []
  /// Members that are down and whose systems take connections all the same: they stand still.
  var standing: Set<Int> = []
  /// Letters that a test holds back instead of having them delivered.
  var heldBack: (Letter) -> Bool = { _ in false }
  var held: [Letter] = []
  var events: [[ClusterEvent]]
  var changes: [[KeyChange]]
  var answers: [[Answer]]
  var endings: [Ending?]
  /// The members' disks; none for a member that keeps its store in memory only.
  var disks: [MemoryDisk?]
  var configurations: [NodeConfiguration]
  var datagrams = 0
  /// How long a frame is on its way.
  var frameNanoseconds: UInt64 = 1_000_000
  var largestFrame = 0
  /// Every letter that was sent, while a test wants to have them.
  var transcript: [Letter]?

  init(
    _ size: Int, seed: UInt64 = 1, faults: Set<PlantedFault> = [],
    configure: (inout NodeConfiguration) -> Void = { _ in }
  ) {
    configurations = (0..<size).map { ordinal in
      var configuration = NodeConfiguration(
        clusterID: 7, ordinal: ordinal, size: size, baseName: "app",
        seed: mix(seed, UInt64(ordinal)))
      configuration.plantedFaults = faults
      configure(&configuration)
      return configuration
    }
    let start = Moment(
      instant: Instant(nanoseconds: 1_000_000_000), wallMilliseconds: 1_700_000_000_000)
    nodes = configurations.map { Node(configuration: $0, at: start) }
    isDown = Array(repeating: true, count: size)
    events = Array(repeating: [], count: size)
    changes = Array(repeating: [], count: size)
    answers = Array(repeating: [], count: size)
    endings = Array(repeating: nil, count: size)
    disks = Array(repeating: nil, count: size)
  }

  var moment: Moment {
    Moment(
      instant: Instant(nanoseconds: now),
      wallMilliseconds: wall + (now - 1_000_000_000) / 1_000_000)
  }

  static func address(_ ordinal: Int) -> Address {
    Address(family: .v4, high: 0, low: UInt64(0x7F00_0001 + ordinal), port: 7_946)
  }

  mutating func startAll() { for ordinal in nodes.indices { start(ordinal) } }

  mutating func start(_ ordinal: Int) {
    isDown[ordinal] = false
    give(.started, to: ordinal)
  }

  /// Ends a process without a word, and all its memory with it.
  mutating func crash(_ ordinal: Int) {
    isDown[ordinal] = true
    let closed = pipes.filter { $0.ends.0 == ordinal || $0.other.0 == ordinal }
    pipes.removeAll { $0.ends.0 == ordinal || $0.other.0 == ordinal }
    for pipe in closed {
      for end in [pipe.ends, pipe.other] where end.0 != ordinal {
        give(.streamClosed(end.1), to: end.0)
      }
    }
  }

  /// Something on the way ends all streams; both sides of each are told.
  mutating func endStreams() {
    let closed = pipes
    pipes = []
    for pipe in closed {
      give(.streamClosed(pipe.ends.1), to: pipe.ends.0)
      give(.streamClosed(pipe.other.1), to: pipe.other.0)
    }
  }

  mutating func restart(_ ordinal: Int) {
    configurations[ordinal].seed = mix(configurations[ordinal].seed, now)
    nodes[ordinal] = Node(configuration: configurations[ordinal], at: moment)
    letters.removeAll { $0.to == ordinal }
    start(ordinal)
  }

  mutating func give(_ input: Input, to ordinal: Int) {
    guard !isDown[ordinal] else { return }
    var effects: [Effect] = []
    nodes[ordinal].handle(input, at: moment, into: &effects)
    perform(effects, of: ordinal)
  }

  mutating func put(_ key: String, _ value: String, at ordinal: Int) throws {
    try write([.put(try Key(key), Array(value.utf8), expires: nil)], at: ordinal)
  }

  mutating func delete(_ key: String, at ordinal: Int) throws {
    try write([.delete(try Key(key))], at: ordinal)
  }

  mutating func write(_ operations: [StoreOperation], at ordinal: Int) throws {
    var effects: [Effect] = []
    try nodes[ordinal].write(operations, at: moment, into: &effects)
    perform(effects, of: ordinal)
  }

  func value(_ key: String, at ordinal: Int) -> String? {
    guard let key = try? Key(key) else { return nil }
    return nodes[ordinal].candidates(key, wallMilliseconds: moment.wallMilliseconds).last?.string
  }

  mutating func perform(_ effects: [Effect], of ordinal: Int) {
    for effect in effects {
      switch effect {
      case .send(let bytes, let address):
        datagrams += 1
        let to = Int(truncatingIfNeeded: address.low) &- 0x7F00_0001
        let letter = Letter(at: now + 1_000_000, from: ordinal, to: to, bytes: bytes)
        transcript?.append(letter)
        if heldBack(letter) { held.append(letter) } else { letters.append(letter) }
      case .resolve(let other):
        inputs.append((now, ordinal, .resolved(ordinal: other, [Self.address(other)])))
      case .connect(let other, _):
        let isCut = cuts.contains([ordinal, other]) || cuts.contains([other, ordinal])
        let listens = !isDown[other] || standing.contains(other)
        guard listens, !isCut, !refuses.contains(other) else {
          inputs.append(
            (now + 1_000_000, ordinal, .connectFailed(ordinal: other, refused: !isCut)))
          continue
        }
        let (here, there) = (StreamID(rawValue: nextStream), StreamID(rawValue: nextStream + 1))
        nextStream += 2
        pipes.append(Pipe(ends: (ordinal, here), other: (other, there)))
        inputs.append((now + 1_000_000, other, .streamAccepted(there)))
        inputs.append((now + 1_000_000, ordinal, .streamConnected(here, ordinal: other)))
      case .sendFrame(let stream, let bytes):
        guard let (to, id) = otherEnd(of: stream, at: ordinal) else { continue }
        largestFrame = max(largestFrame, bytes.count)
        inputs.append((now + frameNanoseconds, to, .frameReceived(id, bytes)))
        inputs.append((now + frameNanoseconds, ordinal, .streamWritable(stream)))
      case .closeStream(let stream):
        guard let (to, id) = otherEnd(of: stream, at: ordinal) else { continue }
        pipes.removeAll { $0.ends.1 == stream || $0.other.1 == stream }
        inputs.append((now + 1_000_000, to, .streamClosed(id)))
      case .publish(let event): events[ordinal].append(event)
      case .changed(let change): changes[ordinal].append(change)
      case .append(let record): append(record, of: ordinal)
      case .answer(let answer): answers[ordinal].append(answer)
      case .flush: inputs.append((now, ordinal, .woken))
      case .finish(let ending):
        endings[ordinal] = ending
        isDown[ordinal] = true
      }
    }
  }

  private func otherEnd(of stream: StreamID, at ordinal: Int) -> (Int, StreamID)? {
    for pipe in pipes {
      if pipe.ends.0 == ordinal, pipe.ends.1 == stream { return pipe.other }
      if pipe.other.0 == ordinal, pipe.other.1 == stream { return pipe.ends }
    }
    return nil
  }

  mutating func partition(_ sides: [Int]...) {
    for (index, side) in sides.enumerated() {
      for other in sides[(index + 1)...] {
        for a in side {
          for b in other {
            cuts.insert([a, b])
            cuts.insert([b, a])
          }
        }
      }
    }
  }

  mutating func heal() { cuts = [] }

  /// Lets time pass until a condition holds; false when the time is over first.
  @discardableResult
  mutating func run(
    seconds: Double, until condition: (World) -> Bool = { _ in false }
  ) -> Bool {
    let end = now + UInt64(seconds * 1_000_000_000)
    while true {
      if condition(self) { return true }
      guard let next = nextEvent, next <= end else {
        now = end
        return condition(self)
      }
      now = max(now, next)
      deliver()
    }
  }

  private var nextEvent: UInt64? {
    let wakes = nodes.indices.filter { !isDown[$0] }.map { nodes[$0].nextWake.nanoseconds }
    return [letters.map(\.at).min(), inputs.map(\.at).min(), wakes.min()].compactMap { $0 }.min()
  }

  private mutating func deliver() {
    let due = letters.filter { $0.at <= now }
    letters.removeAll { $0.at <= now }
    for letter in due where nodes.indices.contains(letter.to) {
      guard !cuts.contains([letter.from, letter.to]) else { continue }
      give(
        .datagramReceived(letter.bytes, source: Self.address(letter.from)), to: letter.to)
    }
    let ready = inputs.filter { $0.at <= now }
    inputs.removeAll { $0.at <= now }
    for entry in ready { give(entry.input, to: entry.node) }
    for ordinal in nodes.indices where !isDown[ordinal] {
      if nodes[ordinal].nextWake.nanoseconds <= now { give(.woken, to: ordinal) }
    }
  }

  var running: [Int] { nodes.indices.filter { !isDown[$0] } }

  /// The ordinal that all running members confirm.
  var leader: Int? {
    let leaders = running.map { nodes[$0].leadership }
    guard leaders.allSatisfy(\.isConfirmed) else { return nil }
    let ordinals = Set(leaders.compactMap { $0.member?.ordinal })
    return ordinals.count == 1 ? ordinals.first : nil
  }

  var isGreen: Bool { running.allSatisfy { nodes[$0].status == .green } }

  var storesAreEqual: Bool {
    Set(running.map { nodes[$0].storeDigest }).count == 1
      && Set(running.map { nodes[$0].clockDigest }).count == 1
  }

  var brokenInvariant: String? {
    running.lazy.compactMap { nodes[$0].checkInvariants() }.first
  }
}
