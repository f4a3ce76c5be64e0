/// Everything a member may ask of its driver, in the order in which it is to be done.
public enum Effect: Sendable, Equatable {
  /// Send one datagram of at most `Limits.datagram` bytes.
  case send([UInt8], to: Address)
  /// Find the addresses of the member `ordinal` anew; answer with `Input.resolved`.
  case resolve(ordinal: Int)
  /// Open a stream to the member `ordinal`; answer with `streamConnected` or `connectFailed`.
  case connect(ordinal: Int, Address)
  /// Give one frame to a stream; answer with `streamWritable` when it may have another.
  case sendFrame(StreamID, [UInt8])
  /// Close a stream; no `streamClosed` follows.
  case closeStream(StreamID)
  /// Tell the embedder what happened.
  case publish(ClusterEvent)
  /// A key's register changed; what is read of it may have changed too.
  case changed(KeyChange)
  /// What was asked for with a token is done, or can't be.
  case answer(Answer)
  /// A local write waits to be sent: call `handle(.woken)` as soon as the line is free.
  case flush
  /// Write this to the member's disk; answer with `appended` or `appendFailed`. One at a time.
  case append(JournalRecord)
  /// The member is done: nothing more comes from it and nothing more should be given to it.
  case finish(Ending)
}

/// What became of something that was asked for with a token.
public enum Answer: Sendable, Equatable {
  /// A write has reached the members that it was to reach, or its time is over.
  case written(token: UInt64, WriteReceipt)
  /// A decision about groups that are apart was carried out, or not.
  case recovered(token: UInt64, Result<RecoveryOutcome, RecoveryFailure>)

  /// The token that it was asked for with.
  public var token: UInt64 {
    switch self {
    case .written(let token, _), .recovered(let token, _): token
    }
  }
}

/// Why a member ended.
public enum Ending: Sendable, Equatable {
  /// It left the cluster, because it was asked to.
  case left
  /// Another live process holds its ordinal with a newer boot, and answered. What only this one had
  /// was handed over to the others.
  case superseded(boot: UInt64, address: Address?)
}
