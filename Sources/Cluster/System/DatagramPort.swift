import CClusterLinux
import ClusterCore
import Glibc

/// Datagrams in and out of one member's sockets, up to 64 at a system call.
///
/// Nothing that the system says of a datagram is fatal: the network's errors (refused, unreachable,
/// forbidden) are about one packet that was lost, and losing packets is what packets are for.
struct DatagramPort: ~Copyable {
  /// A slot holds the largest datagram and one byte more, which tells a larger one.
  private static let slot = 1_280
  private static let batch = Int(CLUSTER_BATCH)

  private let sockets: [BoundSocket]
  private let meter: TransportMeter
  private let gate: PacketGate
  private var inArena = [UInt8](repeating: 0, count: slot * batch)
  private var peers = [cluster_address](repeating: cluster_address(), count: batch)
  private var lengths = [UInt32](repeating: 0, count: batch)
  private var outArena = [UInt8](repeating: 0, count: slot * batch)
  private var destinations = [cluster_address](repeating: cluster_address(), count: batch)
  private var outLengths = [UInt32](repeating: 0, count: batch)
  private var outCount = 0
  private var outSocket = 0
  private var drops: [UInt32]
  private var writes = WriteBacklog()

  init(_ sockets: [BoundSocket], _ gate: PacketGate, _ meter: TransportMeter) {
    self.sockets = sockets
    self.gate = gate
    self.meter = meter
    drops = Array(repeating: 0, count: sockets.count)
  }

  /// Whether datagrams that have come wait for the next turn.
  var hasBacklog: Bool { !writes.isEmpty }

  /// Begins a turn of the loop, with those that wait.
  mutating func beginTurn(into inputs: inout [Input]) { writes.beginTurn(into: &inputs) }

  /// Receives at most so many batches from a socket; false when more may wait.
  mutating func receive(_ index: Int, batches: Int, into inputs: inout [Input]) -> Bool {
    for _ in 0..<batches {
      switch receiveBatch(index) {
      case .wouldBlock: return true
      case .failed: continue
      case .done(let count):
        deliver(count, into: &inputs)
        if count < Self.batch { return true }
      }
    }
    return false
  }

  /// Takes up a datagram; it leaves when a batch is full, or at `flush`.
  mutating func send(_ bytes: [UInt8], to destination: Address) {
    let found = sockets.firstIndex { $0.reaches(destination) }
    guard let found, bytes.count <= gate.largestPacket else {
      meter.datagramSendErrors.add(1)
      return
    }
    if outCount == Self.batch || (outCount > 0 && outSocket != found) { flush() }
    outSocket = found
    guard let length = put(bytes, at: outCount * Self.slot) else {
      meter.datagramSendErrors.add(1)
      return
    }
    destinations[outCount] = cluster_address(destination)
    outLengths[outCount] = UInt32(length)
    outCount += 1
  }

  /// Puts a packet into its slot as it leaves; returns how long it is there.
  private mutating func put(_ bytes: [UInt8], at start: Int) -> Int? {
    if gate.isSealing { return gate.seal(bytes, into: &outArena, at: start, as: .datagrams) }
    outArena.withUnsafeMutableBytes { arena in
      UnsafeMutableRawBufferPointer(rebasing: arena[start..<start + bytes.count]).copyBytes(
        from: bytes)
    }
    return bytes.count
  }

  /// Sends what was taken up.
  mutating func flush() {
    var sent = 0
    var failures = 0
    while sent < outCount {
      switch sendBatch(from: sent) {
      case .done(let count):
        failures = 0
        countSent(sent..<sent + count)
        sent += max(count, 1)
      case .failed where failures == 0:
        // It may be about an earlier datagram: the system tells at the next call.
        failures = 1
      case .failed, .wouldBlock:
        failures = 0
        meter.datagramSendErrors.add(1)
        sent += 1
      }
    }
    outCount = 0
  }

  /// Looks up how many datagrams the system has lost for want of room.
  mutating func countDrops() {
    for (index, socket) in sockets.enumerated() {
      var now: UInt32 = 0
      let number = socket.descriptor.number
      guard SystemCall({ cluster_receive_drops(number, &now) }) == .done(0) else { continue }
      meter.datagramsDropped.add(Int(now &- drops[index]))
      drops[index] = now
    }
  }

  private mutating func receiveBatch(_ index: Int) -> SystemCall {
    let number = sockets[index].descriptor.number
    let slot = Self.slot
    return inArena.withUnsafeMutableBufferPointer { arena in
      SystemCall { cluster_receive_batch(number, arena.baseAddress, slot, &peers, &lengths) }
    }
  }

  private mutating func deliver(_ count: Int, into inputs: inout [Input]) {
    for index in 0..<count {
      guard let source = peers[index].address, lengths[index] <= UInt32(Limits.datagram) else {
        meter.datagramsOversize.add(1)
        gate.reject(.oversize, from: peers[index].address)
        continue
      }
      let (start, length) = (index * Self.slot, Int(lengths[index]))
      meter.datagramsReceived.add(1)
      meter.datagramBytesReceived.add(length)
      let range = start..<start + length
      guard let packet = gate.open(&inArena, range, as: .datagrams, from: source) else { continue }
      let bytes = Array(inArena[packet])
      let input = Input.datagramReceived(bytes, source: source)
      if !Packet.carriesWrites(bytes) {
        inputs.append(input)
      } else if !writes.take(input, into: &inputs) {
        meter.datagramsDropped.add(1)
      }
    }
  }

  private mutating func sendBatch(from first: Int) -> SystemCall {
    let socket = sockets[outSocket]
    let (number, v6, slot) = (socket.descriptor.number, socket.isV6 ? Int32(1) : 0, Self.slot)
    let count = Int32(outCount - first)
    return outArena.withUnsafeMutableBufferPointer { arena in
      destinations.withUnsafeBufferPointer { peers in
        outLengths.withUnsafeBufferPointer { lengths in
          SystemCall {
            guard let arena = arena.baseAddress, let peers = peers.baseAddress,
              let lengths = lengths.baseAddress
            else { return Int32(0) }
            return cluster_send_batch(
              number, v6, arena + first * slot, slot, peers + first, lengths + first, count)
          }
        }
      }
    }
  }

  private func countSent(_ range: Range<Int>) {
    meter.datagramsSent.add(range.count)
    meter.datagramBytesSent.add(outLengths[range].reduce(0) { $0 + Int($1) })
  }
}
