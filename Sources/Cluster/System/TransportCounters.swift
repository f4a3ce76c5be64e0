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
  /// Datagrams that the system lost because they came faster than they were read.
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

  /// What they read now.
  var snapshot: TransportCounters {
    TransportCounters(
      datagramsSent: datagramsSent.load(ordering: .relaxed),
      datagramBytesSent: datagramBytesSent.load(ordering: .relaxed),
      datagramSendErrors: datagramSendErrors.load(ordering: .relaxed),
      datagramsReceived: datagramsReceived.load(ordering: .relaxed),
      datagramBytesReceived: datagramBytesReceived.load(ordering: .relaxed),
      datagramsOversize: datagramsOversize.load(ordering: .relaxed),
      datagramsDropped: datagramsDropped.load(ordering: .relaxed),
      framesSent: framesSent.load(ordering: .relaxed),
      streamBytesSent: streamBytesSent.load(ordering: .relaxed),
      framesReceived: framesReceived.load(ordering: .relaxed),
      streamBytesReceived: streamBytesReceived.load(ordering: .relaxed),
      streamsAccepted: streamsAccepted.load(ordering: .relaxed),
      streamsRefused: streamsRefused.load(ordering: .relaxed),
      submissionsRefused: submissionsRefused.load(ordering: .relaxed))
  }
}

extension Atomic where Value == UInt64 {
  /// Counts, relaxed.
  func add(_ amount: Int) { wrappingAdd(UInt64(amount), ordering: .relaxed) }
}
