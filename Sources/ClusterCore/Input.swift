/// Everything that can happen to a member. The driver tells it to `Node.handle(_:at:into:)`.
public enum Input: Sendable, Equatable {
  /// The member was switched on. The first input, once.
  case started
  /// The moment that `Node.nextWake` named has come; early or late ones do no harm.
  case woken
  /// A datagram arrived from `source`.
  case datagramReceived([UInt8], source: Address)
  /// The addresses that `Effect.resolve` asked for. Empty when the name has none now.
  case resolved(ordinal: Int, [Address])
  /// The stream that `Effect.connect` asked for is open.
  case streamConnected(StreamID, ordinal: Int)
  /// The stream that `Effect.connect` asked for could not be opened.
  case connectFailed(ordinal: Int, refused: Bool)
  /// Somebody opened a stream to this member.
  case streamAccepted(StreamID)
  /// A whole frame arrived on a stream.
  case frameReceived(StreamID, [UInt8])
  /// What was given to a stream has left for the most part: the next frame may be given to it.
  case streamWritable(StreamID)
  /// The stream ended, for whatever reason. Its number is not used again.
  case streamClosed(StreamID)
  /// What `Effect.append` gave is written: a piece of a snapshot but its last one to the system, all
  /// other ones to the disk, so that they outlast a power failure.
  case appended(number: UInt64)
  /// What `Effect.append` gave could not be written, and is given up. `losesFile`: the journal itself
  /// can't be gone on with. A piece of a snapshot that fails leaves the journal before it as it was.
  case appendFailed(number: UInt64, losesFile: Bool)
  /// The embedder, or an operator, wants something.
  case commanded(Command)
}

/// The number of one stream, given by the driver, unique during a boot.
public struct StreamID: Hashable, Comparable, Sendable {
  /// The number.
  public var rawValue: UInt64

  /// Creates a stream's number.
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Orders streams by age.
  public static func < (left: StreamID, right: StreamID) -> Bool { left.rawValue < right.rawValue }
}

/// What an embedder or an operator can ask of a member.
public enum Command: Sendable, Equatable {
  /// Leave gracefully: tell everyone, wait for an answer or a deadline, then end.
  case leave
  /// Separate this member from all others; it goes on running alone.
  case disconnect
  /// End this member's separation.
  case rejoin
  /// Set the recovery mode on every member. `.automatic` also ends every disconnect.
  case setRecovery(Recovery)
  /// Bring the member `ordinal` and this one back into one cluster and let them merge.
  case join(ordinal: Int)
  /// Decide what becomes of the groups that are apart; `Effect.answer` bears the token, unless it is
  /// zero.
  case recover(RecoveryDecision, token: UInt64)
  /// Ask the member `ordinal` to separate itself, or to end.
  case dismiss(ordinal: Int, Dismissal)
}

/// How another member is asked to go.
public enum Dismissal: UInt8, Sendable, Equatable {
  /// It leaves the cluster and its process ends.
  case halt = 1
  /// It separates itself and goes on running alone.
  case disconnect = 2
}
