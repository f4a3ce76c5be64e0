import ClusterCore

/// Streams that are done but for their last bytes: these are sent, the end is said, and then input
/// is thrown away until the peer ends too, or time is up.
///
/// Closing at once would do for the bytes only if nothing came in meanwhile: a socket that is
/// closed with unread input resets the connection, and a reset destroys what the peer hasn't read.
struct LingeringStreams {
  /// How many linger at most; what comes on top is given what it takes at once and closed.
  private let capacity: Int
  private var streams: [UInt64: StreamSocket] = [:]
  private var deadlines = DeadlineQueue()

  init(capacity: Int) { self.capacity = capacity }

  /// How many linger.
  var count: Int { streams.count }

  /// Whether bytes wait to be sent in any of them.
  var hasOutput: Bool { streams.values.contains { !$0.output.isEmpty } }

  /// When time is up for the first of them.
  var earliestDeadline: Instant { deadlines.earliest }

  /// Takes over a stream, whatever of it is watched now.
  mutating func add(
    _ stream: StreamSocket, token: UInt64, until deadline: Instant, _ poller: Poller
  ) {
    guard streams.count < capacity else {
      _ = stream.flush()
      return
    }
    streams[token] = stream
    deadlines.set(token, to: deadline)
    _ = advance(token, poller)
  }

  /// Goes on with one that is ready; false when the token is none of them.
  mutating func advance(_ token: UInt64, _ poller: Poller) -> Bool {
    guard let stream = streams[token] else { return false }
    if !Self.isDone(stream),
      stream.watch(
        readable: !stream.inputHasEnded, writable: !stream.output.isEmpty, token: token, poller)
    {
      return true
    }
    streams[token] = nil
    deadlines.remove(token)
    return true
  }

  /// Sends what can be sent and throws input away; whether nothing is left to do.
  private static func isDone(_ stream: StreamSocket) -> Bool {
    if case .failed = stream.flush() { return true }
    if stream.output.isEmpty { stream.endOutput() }
    let isBroken = withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 16) { buffer in
      for _ in 0..<4 where !stream.inputHasEnded {
        switch stream.read(buffer) {
        case .done: continue
        case .wouldBlock: return false
        case .failed: return true
        }
      }
      return false
    }
    return isBroken || (stream.inputHasEnded && stream.output.isEmpty)
  }

  /// Closes those whose time is up.
  mutating func expire(at now: Instant) {
    while let token = deadlines.popDue(at: now) { streams[token] = nil }
  }
}
