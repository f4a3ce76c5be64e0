import ClusterCore
import Glibc

/// The streams of a `Transport`: those that others opened, those that it opened, and those that
/// only linger for their last bytes.
final class TransportStreams {
  /// How many bytes a turn reads from all streams together: what a heartbeat may wait for.
  private static let bytesPerTurn = 512 << 10
  /// How many connections a turn accepts at each listener.
  private static let acceptsPerTurn = 64
  /// How long accepting pauses when the process has no descriptor left.
  private static let acceptPause = Span64.milliseconds(100)

  private var listeners: [BoundSocket]
  private let poller: Poller
  private let limits: TransportLimits
  private let gate: PacketGate
  private let meter: TransportMeter
  private var streams: [UInt64: TransportStream] = [:]
  private var lingering = LingeringStreams(capacity: 1_024)
  /// Of streams that connect, by number, and of listeners that pause, by `UInt64.max - place`.
  private var deadlines = DeadlineQueue()
  private var lastNumber: UInt64 = 0
  private var acceptedCount = 0
  private var unfinishedBytes = 0
  /// Streams that were given frames since the last flush.
  private var unflushed: [UInt64] = []
  /// Where a turn begins among the ready ones, so that the same don't always come first.
  private var rotation = 0

  init(
    listeners: [BoundSocket], poller: Poller, limits: TransportLimits, gate: PacketGate,
    meter: TransportMeter
  ) {
    self.listeners = listeners
    self.poller = poller
    self.limits = limits
    self.gate = gate
    self.meter = meter
  }

  /// When something is due at the latest.
  var earliestDeadline: Instant { min(deadlines.earliest, lingering.earliestDeadline) }

  /// Goes on with everything that is ready.
  func advance(_ events: borrowing Poller.Events, into inputs: inout [Input]) {
    let now = Clock.instant()
    var budget = Self.bytesPerTurn
    rotation &+= 1
    for step in 0..<events.count {
      let event = events[(step + rotation % events.count) % events.count]
      switch event.target {
      case .datagrams: continue
      case .listener(let index): accept(index, at: now, into: &inputs)
      case .stream(let number):
        if let stream = streams[number] {
          let (reads, writes) = (event.isReadable && budget > 0, event.isWritable)
          budget -= advance(stream, reads: reads, writes: writes, at: now, into: &inputs)
        } else {
          _ = lingering.advance(event.target.token, poller)
        }
      }
    }
    boundUnfinishedFrames(into: &inputs)
  }

  /// Does what is due.
  func expire(at now: Instant, into inputs: inout [Input]) {
    lingering.expire(at: now)
    while let number = deadlines.popDue(at: now) {
      if let stream = streams[number] {
        end(stream, into: &inputs)
      } else {
        listen(Int(UInt64.max - number), true)
      }
    }
  }

  /// Opens a stream; what becomes of it is an input.
  func connect(_ ordinal: Int, _ address: Address, at now: Instant, into inputs: inout [Input]) {
    guard let source = listeners.first(where: { $0.reaches(address) }) else {
      inputs.append(.connectFailed(ordinal: ordinal, refused: false))
      return
    }
    do throws(SystemError) {
      let connecting = try Socket.connect(to: address, from: source)
      let isConnected = connecting.isConnected
      let stream = makeStream(connecting.take(), ordinal: ordinal, peer: address)
      guard watch(stream, readable: false, writable: true) else {
        inputs.append(.connectFailed(ordinal: ordinal, refused: false))
        return
      }
      streams[stream.number] = stream
      if isConnected {
        finishConnecting(stream, into: &inputs)
      } else {
        deadlines.set(stream.number, to: now + limits.connectTimeout)
      }
    } catch {
      inputs.append(.connectFailed(ordinal: ordinal, refused: error.code == ECONNREFUSED))
    }
  }

  /// Gives a frame to a stream; it leaves at `flush`.
  func send(_ frame: [UInt8], to id: StreamID, into inputs: inout [Input]) {
    guard let stream = streams[id.rawValue], stream.isConnected else { return }
    let waiting = stream.socket.output.count
    guard waiting <= limits.unsentBytes, let frame = gate.sealed(frame: frame),
      frame.count <= Limits.frame
    else {
      meter.streamsRefused.add(1)
      end(stream, into: &inputs)
      return
    }
    stream.socket.output.append(FrameReader.header(of: frame))
    stream.socket.output.append(frame)
    stream.owesWritable = true
    meter.framesSent.add(1)
    unflushed.append(stream.number)
  }

  /// Closes a stream after its last bytes; no input comes of it.
  func close(_ id: StreamID, at now: Instant) {
    guard let stream = streams[id.rawValue] else { return }
    forget(stream)
    let deadline = now + limits.closeTimeout
    lingering.add(stream.socket, token: stream.token, until: deadline, poller)
  }

  /// Sends what streams were given.
  func flush(into inputs: inout [Input]) {
    for number in unflushed {
      guard let stream = streams[number] else { continue }
      write(stream, into: &inputs)
    }
    unflushed.removeAll(keepingCapacity: true)
  }

  /// Closes listeners and idle streams at once, and the others when their last bytes have left.
  func drain(until deadline: Instant, _ events: inout Poller.Events) {
    listeners = []
    for stream in Array(streams.values) where stream.isConnected && !stream.socket.output.isEmpty {
      lingering.add(stream.socket, token: stream.token, until: deadline, poller)
    }
    streams = [:]
    while lingering.count > 0, Clock.instant() < deadline {
      _ = poller.wait(until: deadline, &events)
      for index in 0..<events.count {
        _ = lingering.advance(events[index].target.token, poller)
      }
    }
  }

  // MARK: One stream

  /// Goes on with a stream; returns how many bytes it read.
  private func advance(
    _ stream: TransportStream, reads: Bool, writes: Bool, at now: Instant,
    into inputs: inout [Input]
  ) -> Int {
    guard stream.isConnected else {
      finishConnecting(stream, into: &inputs)
      return 0
    }
    if writes { write(stream, into: &inputs) }
    // Writing may have found that it is broken.
    guard reads, streams[stream.number] != nil else { return 0 }
    let before = stream.unfinishedBytes
    let (bytes, isOpen) = stream.read(at: now, gate, meter, into: &inputs)
    meter.streamBytesReceived.add(bytes)
    unfinishedBytes += stream.unfinishedBytes - before
    if !isOpen { end(stream, into: &inputs) }
    return bytes
  }

  /// Sends what waits, and says when the stream may have another frame.
  private func write(_ stream: TransportStream, into inputs: inout [Input]) {
    let before = stream.socket.output.count
    let result = stream.socket.flush()
    let waiting = stream.socket.output.count
    meter.streamBytesSent.add(before - waiting)
    if case .failed = result {
      end(stream, into: &inputs)
      return
    }
    guard watch(stream, readable: true, writable: waiting > 0) else {
      end(stream, into: &inputs)
      return
    }
    if stream.owesWritable, waiting <= limits.lowWater {
      stream.owesWritable = false
      inputs.append(.streamWritable(stream.id))
    }
  }

  private func finishConnecting(_ stream: TransportStream, into inputs: inout [Input]) {
    guard let ordinal = stream.ordinal else { preconditionFailure("only opened streams connect") }
    deadlines.remove(stream.number)
    var code = Socket.pendingError(stream.socket.descriptor)
    // A port of this machine at which nobody listens may be the very one that the system chose to
    // connect from: then the socket has met itself.
    if code == 0, Socket.localAddress(stream.socket.descriptor) == stream.destination {
      code = ECONNREFUSED
    }
    // It was taken, and ended before this turn came to it: so ends whoever is just being killed, whose
    // streams the system closes before its listener.
    if code == ECONNRESET {
      forget(stream)
      inputs += [.streamConnected(stream.id, ordinal: ordinal), .streamClosed(stream.id)]
      return
    }
    guard code == 0, watch(stream, readable: true, writable: false) else {
      forget(stream)
      inputs.append(.connectFailed(ordinal: ordinal, refused: code == ECONNREFUSED))
      return
    }
    stream.isConnected = true
    inputs.append(.streamConnected(stream.id, ordinal: ordinal))
  }

  /// Closes a stream at once and says so.
  private func end(_ stream: TransportStream, into inputs: inout [Input]) {
    forget(stream)
    if let ordinal = stream.ordinal, !stream.isConnected {
      inputs.append(.connectFailed(ordinal: ordinal, refused: false))
    } else {
      inputs.append(.streamClosed(stream.id))
    }
  }

  /// Drops a stream from the books; its socket closes when nobody else holds it.
  private func forget(_ stream: TransportStream) {
    guard streams.removeValue(forKey: stream.number) != nil else { return }
    deadlines.remove(stream.number)
    unfinishedBytes -= stream.unfinishedBytes
    if stream.ordinal == nil { acceptedCount -= 1 }
  }

  private func makeStream(
    _ descriptor: consuming FileDescriptor, ordinal: Int?, peer: Address?
  ) -> TransportStream {
    lastNumber += 1
    let socket = StreamSocket(descriptor)
    return TransportStream(socket, number: lastNumber, ordinal: ordinal, peer: peer)
  }

  private func watch(_ stream: TransportStream, readable: Bool, writable: Bool) -> Bool {
    stream.socket.watch(readable: readable, writable: writable, token: stream.token, poller)
  }

  // MARK: All streams

  private func accept(_ index: Int, at now: Instant, into inputs: inout [Input]) {
    for _ in 0..<Self.acceptsPerTurn {
      switch Socket.accept(listeners[index]) {
      case .nothing: return
      case .failed: continue
      case .exhausted:
        listen(index, false)
        deadlines.set(UInt64.max - UInt64(index), to: now + Self.acceptPause)
        return
      case .stream(let descriptor, let peer):
        Socket.prepareStream(descriptor)
        let stream = makeStream(descriptor, ordinal: nil, peer: peer)
        guard makeRoom(for: peer, into: &inputs), watch(stream, readable: true, writable: false)
        else {
          meter.streamsRefused.add(1)
          continue
        }
        streams[stream.number] = stream
        acceptedCount += 1
        meter.streamsAccepted.add(1)
        inputs.append(.streamAccepted(stream.id))
      }
    }
  }

  /// Makes room for one more accepted stream; false when there is none to be had.
  private func makeRoom(for peer: Address, into inputs: inout [Input]) -> Bool {
    guard acceptedCount >= limits.acceptedStreams else { return true }
    let accepted = streams.values.filter { $0.ordinal == nil }
    let candidates = accepted.filter { !$0.hasDeliveredFrame }
    let dispensable = candidates.isEmpty ? crowd(in: accepted, besides: peer) : candidates
    guard let oldest = dispensable.min(by: { $0.number < $1.number }) else { return false }
    meter.streamsRefused.add(1)
    end(oldest, into: &inputs)
    return true
  }

  /// The streams of the host that has the most, if it has more than a newcomer's host has already:
  /// whoever opens them all keeps nobody else out.
  private func crowd(
    in accepted: [TransportStream], besides newcomer: Address
  ) -> [TransportStream] {
    let hosts = Dictionary(grouping: accepted) { $0.peer?.with(port: 0) }
    let own = hosts[newcomer.with(port: 0)]?.count ?? 0
    let crowds = hosts.values.filter { $0.count > own + 1 }
    return crowds.max { ($0.count, $1[0].number) < ($1.count, $0[0].number) } ?? []
  }

  /// Closes the streams that have been at one frame for longest, until the others fit.
  private func boundUnfinishedFrames(into inputs: inout [Input]) {
    while unfinishedBytes > limits.unfinishedFrameBytes {
      let candidates = streams.values.lazy.filter { $0.unfinishedBytes > 0 }
      let slowest = candidates.min { left, right in
        (left.frameBegan, left.number) < (right.frameBegan, right.number)
      }
      guard let slowest else { preconditionFailure("\(unfinishedBytes) bytes of no stream") }
      meter.streamsRefused.add(1)
      end(slowest, into: &inputs)
    }
  }

  /// Accepts at a listener, or doesn't for now.
  private func listen(_ index: Int, _ accepts: Bool) {
    let token = PollTarget.listener(index).token
    poller.change(listeners[index].descriptor, readable: accepts, writable: false, token: token)
  }
}
