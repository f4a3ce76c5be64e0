package import ClusterCore

/// The bounds of a `StreamServer`.
package struct StreamServerLimits: Sendable {
  /// How many connections there may be.
  package var connections = 256
  /// How many of them may come from one address, whatever their ports.
  package var connectionsPerAddress = 256
  /// A machine whose connection has more bytes than this to send is neither read for nor asked.
  package var unsentBytes = 1 << 20
  /// How long a peer may take none of the bytes that wait for it.
  package var stallTimeout = Span64.seconds(30)
  /// How long a closed connection may wait for the peer to have read everything.
  package var linger = Span64.seconds(2)
  /// How many closed or refused connections may do so.
  package var lingering = 256
  /// How many posts may wait.
  package var posts = 65_536
  /// What a connection above the caps is told before it is closed, such as an HTTP 503.
  package var refusal: [UInt8] = []

  /// The usual bounds.
  package init() {}
}

/// What a server has done so far.
package struct StreamServerCounters: Hashable, Sendable {
  /// Connections that were given a machine.
  package var accepted: UInt64
  /// Connections above the caps.
  package var refused: UInt64
  /// Connections that have a machine now.
  package var open: UInt64

  /// Creates figures.
  package init(accepted: UInt64 = 0, refused: UInt64 = 0, open: UInt64 = 0) {
    self.accepted = accepted
    self.refused = refused
    self.open = open
  }
}
