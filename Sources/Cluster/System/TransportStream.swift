import ClusterCore

/// One stream of a `Transport`: its socket, the frame that is coming in, and what is owed for it.
final class TransportStream {
  /// How many bytes a turn reads from one stream.
  private static let bytesPerTurn = 256 << 10

  /// Its socket.
  let socket: StreamSocket
  /// Its number, by which the core knows it too.
  let number: UInt64
  /// The member that it was opened to; nil when it was accepted.
  let ordinal: Int?
  /// Whether it is open; before, it is on its way to `destination`.
  var isConnected: Bool
  /// Where it goes, as long as it isn't connected.
  let destination: Address?
  /// Who is at its other end.
  let peer: Address?
  /// When the frame that is unfinished began.
  private(set) var frameBegan = Instant(nanoseconds: 0)
  /// Whether a whole frame has come, which strangers don't manage.
  private(set) var hasDeliveredFrame = false
  /// Whether a frame was given to it that `streamWritable` has not yet answered.
  var owesWritable = false
  private var reader = FrameReader()

  /// A stream that connects to `peer`, a member, or that `peer` opened.
  init(_ socket: StreamSocket, number: UInt64, ordinal: Int?, peer: Address?) {
    self.socket = socket
    self.number = number
    self.ordinal = ordinal
    self.peer = peer
    destination = ordinal == nil ? nil : peer
    isConnected = ordinal == nil
  }

  /// The number as the core has it.
  var id: StreamID { StreamID(rawValue: number) }

  /// The number as the poller has it.
  var token: UInt64 { PollTarget.stream(number).token }

  /// How many bytes of an unfinished frame it holds.
  var unfinishedBytes: Int { reader.bufferedBytes }

  /// Reads what has come, bounded, and hands out the frames that are whole; returns the number of
  /// bytes and whether more can come.
  func read(
    at now: Instant, _ gate: PacketGate, _ meter: TransportMeter, into inputs: inout [Input]
  ) -> (bytes: Int, isOpen: Bool) {
    withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) { buffer in
      var total = 0
      while total < Self.bytesPerTurn {
        switch socket.read(buffer) {
        case .wouldBlock: return (total, true)
        case .failed, .done(0): return (total, false)
        case .done(let count):
          total += count
          let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
          guard takeIn(bytes, at: now, gate, meter, into: &inputs) else { return (total, false) }
          // A short read was all there is; asking again would only be told so.
          if count < buffer.count { return (total, true) }
        }
      }
      return (total, true)
    }
  }

  /// Cuts bytes into frames; false when they are none, or one is not let in.
  private func takeIn(
    _ bytes: UnsafeRawBufferPointer, at now: Instant, _ gate: PacketGate, _ meter: TransportMeter,
    into inputs: inout [Input]
  ) -> Bool {
    let wasInside = reader.isInsideFrame
    var frames = 0
    var areAllWelcome = true
    defer {
      meter.framesReceived.add(frames)
      if frames > 0 { hasDeliveredFrame = true }
      if frames > 0 || !wasInside { frameBegan = now }
    }
    do {
      try reader.read(bytes) { frame in
        guard areAllWelcome, let packet = open(frame, gate) else {
          areAllWelcome = false
          return
        }
        frames += 1
        inputs.append(.frameReceived(id, packet))
      }
    } catch {
      gate.reject(.oversize, from: peer)
      areAllWelcome = false
    }
    if !areAllWelcome { meter.streamsRefused.add(1) }
    return areAllWelcome
  }

  private func open(_ frame: [UInt8], _ gate: PacketGate) -> [UInt8]? {
    guard gate.isSealing || SealedHeader.isSealed(frame, at: 0, count: frame.count) else {
      return frame
    }
    var bytes = frame
    let range = bytes.indices
    return gate.open(&bytes, range, as: .frames, from: peer).map { Array(bytes[$0]) }
  }
}
