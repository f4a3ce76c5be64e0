import ClusterCore

/// Everything that can be due in the simulated world. Members are meant by their index; `life` says
/// which start of the process is meant, so that what was due to an earlier one is dropped.
enum Occurrence {
  /// A member starts for the first time.
  case start(Int)
  /// A datagram reaches its destination.
  case datagram([UInt8], source: Address, destination: Address, from: Int)
  /// A member's timer is due.
  case wake(Int, life: Int)
  /// The line is free for a member's waiting writes.
  case flush(Int, life: Int)
  /// A name's addresses are known.
  case resolved(Int, life: Int, ordinal: Int)
  /// A connect succeeds or fails.
  case connect(Int, life: Int, ordinal: Int, Address)
  /// A connect fails.
  case connectFailed(Int, life: Int, ordinal: Int, refused: Bool)
  /// The connecting side hears that its stream is open.
  case connected(stream: Int, ordinal: Int)
  /// The next frame of one direction of a stream arrives at `side`.
  case frame(stream: Int, side: Int)
  /// `side` of a stream may send more.
  case writable(stream: Int, side: Int)
  /// `side` of a stream hears that the stream ended.
  case streamEnd(stream: Int, side: Int)
  /// A stream may have been blocked for too long.
  case streamCheck(stream: Int)
  /// A member's disk has flushed a piece.
  case flushed(Int, life: Int, number: UInt64)
  /// A paused process goes on.
  case resume(Int, life: Int)
  /// The script's next step.
  case script(Int)
  /// The swarm's next action.
  case planned(Int)
  /// The workload's next write.
  case write
}
