import ClusterCore

/// Streams that are done but for their last bytes: these are sent, the end is said, and then input is
/// thrown away until the peer ends too, or time is up.
///
/// Closing at once would do for the bytes only if nothing came in meanwhile: a socket that is
/// closed with unread input resets the connection, and a reset destroys what the peer hasn't read.
struct LingeringStreams {
  /// How many linger at most; what comes on top is given what it takes at once and closed.
  private let capacity: Int
  private var streams: [UInt64: Stream] = [:]
  private var deadlines = DeadlineQueue()

  init(capacity: Int) { self.capacity = capacity }

  /// How many linger.
  var count: Int { streams.count }

  /// Whether bytes wait to be sent in any of them.
  var hasOutput: Bool { streams.values.contains { !$0.output.isEmpty } }

  /// When time is up for the first of them.
  var earliestDeadline: Instant { deadlines.earliest }

  /// Takes over a stream, which the poller may watch already under the token.
  mutating func add(
    _ descriptor: consuming FileDescriptor, token: UInt64, output: OutputBuffer, isWatched: Bool,
    until deadline: Instant, _ poller: Poller
  ) {
    let stream = Stream(descriptor, output)
    guard streams.count < capacity else {
      _ = stream.sendRest()
      return
    }
    if !isWatched {
      guard (try? poller.add(stream.descriptor, token: token)) != nil else { return }
    }
    streams[token] = stream
    deadlines.set(token, to: deadline)
    _ = advance(token, poller)
  }

  /// Goes on with one that is ready; false when the token is none of them.
  mutating func advance(_ token: UInt64, _ poller: Poller) -> Bool {
    guard let stream = streams[token] else { return false }
    guard stream.sendRest(), stream.discardInput() else {
      close(token)
      return true
    }
    let (reads, writes) = (!stream.inputHasEnded, !stream.output.isEmpty)
    poller.change(stream.descriptor, readable: reads, writable: writes, token: token)
    return true
  }

  /// Closes those whose time is up.
  mutating func expire(at now: Instant) {
    while let token = deadlines.popDue(at: now) { streams[token] = nil }
  }

  private mutating func close(_ token: UInt64) {
    streams[token] = nil
    deadlines.remove(token)
  }

  /// One of them.
  private final class Stream {
    let descriptor: FileDescriptor
    var output: OutputBuffer
    var outputHasEnded = false
    var inputHasEnded = false

    init(_ descriptor: consuming FileDescriptor, _ output: OutputBuffer) {
      self.descriptor = descriptor
      self.output = output
    }

    /// Sends what can be sent; false when the stream is broken.
    func sendRest() -> Bool {
      if case .failed = output.write(to: descriptor) { return false }
      if output.isEmpty, !outputHasEnded {
        outputHasEnded = true
        Socket.endOutput(descriptor)
      }
      return true
    }

    /// Throws input away, bounded; false when there is nothing more to do in either direction.
    func discardInput() -> Bool {
      withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 16) { buffer in
        for _ in 0..<4 where !inputHasEnded {
          switch Socket.read(descriptor, buffer) {
          case .done(0): inputHasEnded = true
          case .done: continue
          case .wouldBlock: return true
          case .failed: return false
          }
        }
        return !inputHasEnded || !output.isEmpty
      }
    }
  }
}
