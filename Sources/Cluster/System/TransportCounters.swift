import Synchronization

/// What a transport has done so far.
package struct TransportCounters: Hashable, Sendable {
  /// Datagrams given to the system.
  package var datagramsSent: UInt64 = 0
  /// Their bytes, without headers of the network's.
  package var datagramBytesSent: UInt64 = 0
  /// Datagrams that the system refused, or had no room for.
  package var datagramSendErrors: UInt64 = 0
  /// Datagrams that came in whole.
  package var datagramsReceived: UInt64 = 0
  /// Their bytes.
  package var datagramBytesReceived: UInt64 = 0
  /// Datagrams that were larger than any may be, and thrown away.
  package var datagramsOversize: UInt64 = 0
  /// Datagrams that were lost here because they came faster than they could be taken in.
  package var datagramsDropped: UInt64 = 0
  /// Frames given to streams.
  package var framesSent: UInt64 = 0
  /// Bytes that streams took, headers of frames included.
  package var streamBytesSent: UInt64 = 0
  /// Frames that came in whole.
  package var framesReceived: UInt64 = 0
  /// Bytes that streams brought.
  package var streamBytesReceived: UInt64 = 0
  /// Streams that others opened.
  package var streamsAccepted: UInt64 = 0
  /// Streams that were closed here because a limit was passed or a frame was none.
  package var streamsRefused: UInt64 = 0
  /// Inputs of other threads for which there was no room.
  package var submissionsRefused: UInt64 = 0
  /// How late the loop came to what was due at a time.
  package var lateness = Lateness()

  /// Nothing has been done.
  package init() {}
}

/// The counters of a running transport. Each is written by one thread and read by any; they are
/// relaxed, because nothing is concluded from one about another.
final class TransportMeter: Sendable {
  let datagramsSent = Atomic<UInt64>(0)
  let datagramBytesSent = Atomic<UInt64>(0)
  let datagramSendErrors = Atomic<UInt64>(0)
  let datagramsReceived = Atomic<UInt64>(0)
  let datagramBytesReceived = Atomic<UInt64>(0)
  let datagramsOversize = Atomic<UInt64>(0)
  let datagramsDropped = Atomic<UInt64>(0)
  let framesSent = Atomic<UInt64>(0)
  let streamBytesSent = Atomic<UInt64>(0)
  let framesReceived = Atomic<UInt64>(0)
  let streamBytesReceived = Atomic<UInt64>(0)
  let streamsAccepted = Atomic<UInt64>(0)
  let streamsRefused = Atomic<UInt64>(0)
  let submissionsRefused = Atomic<UInt64>(0)
  let lateness = Mutex(Lateness())

  /// What they read now.
  var snapshot: TransportCounters {
    var counters = TransportCounters()
    counters.datagramsSent = datagramsSent.load(ordering: .relaxed)
    counters.datagramBytesSent = datagramBytesSent.load(ordering: .relaxed)
    counters.datagramSendErrors = datagramSendErrors.load(ordering: .relaxed)
    counters.datagramsReceived = datagramsReceived.load(ordering: .relaxed)
    counters.datagramBytesReceived = datagramBytesReceived.load(ordering: .relaxed)
    counters.datagramsOversize = datagramsOversize.load(ordering: .relaxed)
    counters.datagramsDropped = datagramsDropped.load(ordering: .relaxed)
    counters.framesSent = framesSent.load(ordering: .relaxed)
    counters.streamBytesSent = streamBytesSent.load(ordering: .relaxed)
    counters.framesReceived = framesReceived.load(ordering: .relaxed)
    counters.streamBytesReceived = streamBytesReceived.load(ordering: .relaxed)
    counters.streamsAccepted = streamsAccepted.load(ordering: .relaxed)
    counters.streamsRefused = streamsRefused.load(ordering: .relaxed)
    counters.submissionsRefused = submissionsRefused.load(ordering: .relaxed)
    counters.lateness = lateness.withLock { $0 }
    return counters
  }
}

extension Atomic where Value == UInt64 {
  /// Counts, relaxed.
  func add(_ amount: Int) { wrappingAdd(UInt64(amount), ordering: .relaxed) }
}
