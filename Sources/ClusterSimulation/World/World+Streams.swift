import ClusterCore

/// Streams between members: ordered, without loss, stalled by a cut and ended by a long one.
extension World {
  private static let retry: UInt64 = 50_000_000
  private static let connectPatience: UInt64 = 2_000_000_000

  /// A process asks for a stream: its first segment leaves.
  mutating func connect(_ index: Int, life: Int, ordinal: Int, _ address: Address) {
    guard machines[index].life == life, machines[index].isUp else { return }
    let target = Int((address.low & 0xFF_FFFF) >> 10)
    guard machines.indices.contains(target), machine(at: address) == target,
      network.connects(index, target),
      machines[target].isUp || machines[target].hostAnswers
    else {
      queue.push(
        .connectFailed(index, life: life, ordinal: ordinal, refused: false),
        at: now + Self.connectPatience)
      return
    }
    let there = network.streamDelay(from: index, to: target, size: 64)
    let back = network.streamDelay(from: target, to: index, size: 64)
    guard machines[target].isUp else {
      queue.push(
        .connectFailed(index, life: life, ordinal: ordinal, refused: true), at: now + there + back)
      return
    }
    let stream = streams.count
    let near = open(stream, side: 0, at: index)
    let far = open(stream, side: 1, at: target)
    let patience = 5_000_000_000 + random.streams.below(10_000_000_000)
    streams.append(SimulatedStream(sides: [near, far], blockedSince: nil, patience: patience))
    streams[stream].sides[0].lastArrival = now + there + back
    queue.push(.connected(stream: stream, ordinal: ordinal), at: now + there + back)
    deliver(.streamAccepted(far.id), to: target, life: machines[target].life)
  }

  /// The connecting side hears that its stream is open.
  mutating func connected(_ stream: Int, ordinal: Int) {
    let side = streams[stream].sides[0]
    guard side.isOpen else { return }
    deliver(.streamConnected(side.id, ordinal: ordinal), to: side.machine, life: side.life)
  }

  /// A process gives a frame to one of its streams.
  mutating func sendFrame(_ bytes: [UInt8], on id: StreamID, from index: Int) {
    guard bytes.count <= Limits.frame else {
      fail(.wire, "a frame of \(bytes.count) bytes", node: index)
      return
    }
    guard let entry = machines[index].streams.first(where: { $0.id == id }) else { return }
    statistics.frames += 1
    statistics.bytes += UInt64(bytes.count)
    let other = 1 - entry.side
    let target = streams[entry.stream].sides[other].machine
    let delay = network.streamDelay(from: index, to: target, size: bytes.count)
    let gone = UInt64(bytes.count) * 1_000_000_000 / network.link(index, target).bytesPerSecond
    queue.push(.writable(stream: entry.stream, side: entry.side), at: now + gone + 20_000)
    guard streams[entry.stream].sides[other].isOpen else { return }
    let arrival = max(streams[entry.stream].sides[other].lastArrival, now) + delay
    streams[entry.stream].sides[other].lastArrival = arrival
    streams[entry.stream].sides[other].incoming.append(bytes)
    let cause =
      trace == nil ? 0 : begin(.streamed, index, "to=\(target) \(TraceWords.packet(bytes))")
    queue.push(.frame(stream: entry.stream, side: other), at: arrival)
    queue.cause = cause
  }

  /// A process closes one of its streams; the other side hears of it.
  mutating func closeStream(_ id: StreamID, of index: Int) {
    guard let place = machines[index].streams.firstIndex(where: { $0.id == id }) else { return }
    let entry = machines[index].streams.remove(at: place)
    leaveStream(entry.stream, side: entry.side)
  }

  /// One side is gone; the other one hears of it after what is under way.
  mutating func leaveStream(_ stream: Int, side: Int) {
    streams[stream].sides[side].isOpen = false
    streams[stream].sides[side].incoming = []
    let other = 1 - side
    guard streams[stream].sides[other].isOpen else { return }
    let (from, to) = (streams[stream].sides[side].machine, streams[stream].sides[other].machine)
    let delay = network.streamDelay(from: from, to: to, size: 64)
    let arrival = max(streams[stream].sides[other].lastArrival, now) + delay
    queue.push(.streamEnd(stream: stream, side: other), at: arrival)
  }

  /// The next frame arrives, unless the network is cut: then it tries again.
  mutating func frameArrived(_ stream: Int, side: Int) {
    guard streams[stream].sides[side].isOpen, !streams[stream].sides[side].incoming.isEmpty
    else { return }
    guard isUsable(stream) else {
      queue.push(.frame(stream: stream, side: side), at: now + Self.retry)
      return
    }
    let bytes = streams[stream].sides[side].incoming.removeFirst()
    let end = streams[stream].sides[side]
    deliver(.frameReceived(end.id, bytes), to: end.machine, life: end.life)
  }

  /// A side may send more, unless what it sent is stuck.
  mutating func becameWritable(_ stream: Int, side: Int) {
    guard streams[stream].sides[side].isOpen else { return }
    guard isUsable(stream) else {
      queue.push(.writable(stream: stream, side: side), at: now + Self.retry)
      return
    }
    let end = streams[stream].sides[side]
    deliver(.streamWritable(end.id), to: end.machine, life: end.life)
  }

  /// A side hears that the stream ended, unless the network is cut.
  mutating func streamEnded(_ stream: Int, side: Int) {
    guard streams[stream].sides[side].isOpen else { return }
    guard isUsable(stream) else {
      queue.push(.streamEnd(stream: stream, side: side), at: now + Self.retry)
      return
    }
    tellEnd(stream, side: side)
  }

  /// The network changed: streams that are cut now will end if it lasts.
  mutating func noteBlockedStreams() {
    for index in streams.indices where streams[index].sides.contains(where: \.isOpen) {
      guard !isUsable(index) else {
        streams[index].blockedSince = nil
        continue
      }
      guard streams[index].blockedSince == nil else { continue }
      streams[index].blockedSince = now
      queue.push(.streamCheck(stream: index), at: now + streams[index].patience)
    }
  }

  /// A stream that was cut for too long ends on both sides.
  mutating func checkStream(_ stream: Int) {
    guard let since = streams[stream].blockedSince, now - since >= streams[stream].patience
    else { return }
    for side in 0...1 where streams[stream].sides[side].isOpen { tellEnd(stream, side: side) }
  }

  mutating func tellEnd(_ stream: Int, side: Int) {
    let end = streams[stream].sides[side]
    streams[stream].sides[side].isOpen = false
    streams[stream].sides[side].incoming = []
    if machines[end.machine].life == end.life {
      machines[end.machine].streams.removeAll { $0.id == end.id }
    }
    deliver(.streamClosed(end.id), to: end.machine, life: end.life)
  }

  private mutating func open(_ stream: Int, side: Int, at index: Int) -> SimulatedStream.Side {
    let id = StreamID(rawValue: machines[index].nextStream)
    machines[index].nextStream += 1
    machines[index].streams.append((id, stream, side))
    return SimulatedStream.Side(machine: index, life: machines[index].life, id: id)
  }

  /// Whether segments and their acknowledgements pass. A host that vanished acknowledges nothing.
  private func isUsable(_ stream: Int) -> Bool {
    let (a, b) = (streams[stream].sides[0].machine, streams[stream].sides[1].machine)
    return network.carries(a, b) && machines[a].hostAnswers && machines[b].hostAnswers
  }
}
