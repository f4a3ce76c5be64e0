import ClusterCore

/// One stream between two processes, seen from outside. Side 0 opened it, side 1 accepted it.
struct SimulatedStream {
  /// One end.
  struct Side {
    /// The host.
    var machine: Int
    /// Which start of its process.
    var life: Int
    /// The number by which the process knows the stream.
    var id: StreamID
    /// Whether the process still has it.
    var isOpen = true
    /// Frames on their way to this side.
    var incoming: [[UInt8]] = []
    /// When the last of them arrives.
    var lastArrival: UInt64 = 0
  }

  /// Both ends.
  var sides: [Side]
  /// Since when the network between the two has been cut; none while it isn't.
  var blockedSince: UInt64?
  /// For how long a cut is borne before both sides are told that the stream ended.
  var patience: UInt64
}
