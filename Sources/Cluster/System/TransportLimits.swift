package import ClusterCore

/// The bounds of what a transport keeps.
package struct TransportLimits: Sendable {
  /// How many inputs of other threads may wait.
  package var submissions = 65_536
  /// How many streams that others opened there may be.
  ///
  /// When one more comes, the oldest that has never delivered a frame makes room; when there is
  /// none such, the oldest of the host that has the most, unless the new one is of that host too:
  /// then the new one is closed.
  package var acceptedStreams = 512
  /// How many bytes of unfinished frames all streams together may hold.
  ///
  /// Above it, the stream whose frame began first is closed: a sender that trickles.
  package var unfinishedFrameBytes = 64 << 20
  /// How many bytes may wait to be sent in one stream, one frame of the largest size aside.
  package var unsentBytes = 16 << 20
  /// A stream is writable again when no more than so many bytes wait.
  package var lowWater = 64 << 10
  /// How long connecting may take.
  package var connectTimeout = Span64.seconds(5)
  /// How long a stream that was closed here may take for its last bytes.
  package var closeTimeout = Span64.seconds(5)

  /// The usual bounds.
  package init() {}
}
