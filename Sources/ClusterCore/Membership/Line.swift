/// The stream to one other member, and what waits to go over it.
package struct Line: Hashable, Sendable {
  /// Whether there is a stream.
  package enum Connection: Hashable, Sendable {
    /// None. Opened when something is too large for datagrams.
    case none
    /// Asked for; answered or given up by the deadline.
    case connecting(until: Instant)
    /// Open; `isWritable` while it may be given a frame.
    case open(StreamID, isWritable: Bool)
  }

  /// A transfer of all that the other lacks.
  package struct Transfer: Hashable, Sendable {
    /// What the other knew.
    package var clock: StoreClock
    /// The mark of the digest that this answers.
    package var mark: UInt64
    package var boot: UInt64
    /// What this member knew when the transfer began: claimed at the end, for whatever has changed
    /// since lies ahead of the cursor in its new state.
    package var claim: StoreClock
    package var cursor: RegisterTable.Slot = 0
    package var startedAt: Instant
    /// The number of the full exchange that this is a part of; zero when it is none.
    package var exchange: UInt64 = 0
  }

  package var connection = Connection.none
  package var transfer: Transfer?
  /// The transfer that was last given to a stream or broken off: its receiver may ask for the rest.
  package var kept: Transfer?
  /// The register that is being sent in pieces, and the section that it belongs to.
  package var parcel: Parcel?
  package var parcelSection: Section?
  /// Keys whose registers are too large for a datagram, or too many for datagrams.
  package var large = SlotQueue()
  /// Whether the last frame was of these: the next one is of the transfer, if there is one.
  package var hasSentLarge = false
  /// When the other's transfer to this member last went on.
  package var receivedAt: Instant?

  /// More keys than this are left to the next exchange of digests.
  package static let mostLarge = 65_536

  package init() {}

  /// Whether something is to go over the stream.
  package var hasWork: Bool { transfer != nil || !large.isEmpty || parcel != nil }

  package var stream: StreamID? {
    if case .open(let stream, _) = connection { stream } else { nil }
  }
}
