/// What one member holds of another expected one, or of itself.
package struct Peer: Hashable, Sendable {
  package var state: Member.State = .unknown
  /// Why it is in that state.
  package var cause: Member.Cause?
  /// The largest boot heard of; zero for none.
  package var boot: UInt64 = 0
  package var incarnation: UInt64 = 0
  /// Where this boot was last heard from.
  package var address: Address?
  /// Whether that is only what a datagram said of itself, and was never proven.
  package var isDoubtful = false
  /// The addresses that its name last had.
  package var named: [Address] = []
  /// Who was asked to prove where it is, living on under a boot that is over.
  var challenge: Node.Challenge?
  /// The suspicion that runs while `state` is `.suspect`.
  package var suspicion: Suspicion?
  /// Whether it is held apart: it is of another group, and shown as dead.
  package var isApart = false
  /// The group digest that it last told, to see when it is of this member's group.
  package var groupDigest: UInt64 = 0
  /// Its group as last told in full.
  package var group: Group?
  package var viewDigest: UInt64 = 0
  /// What it last said of its store's clock.
  package var clockDigest: UInt64 = 0
  package var isSynced = false
  /// Whether it hasn't chosen a group yet. Over once for all in each boot: what was said before may be
  /// heard after what was said later.
  package var isJoining = true
  /// What it says of its own fitness to lead.
  package var fitness = Fitness()
  package var isFull = false
  /// Whether its wall clock is so far ahead that its stamps are not followed.
  package var isAhead = false
  /// The resolver's name as it last told it, hashed.
  package var resolver: UInt32 = 0
  /// How far its wall clock was ahead when it last told, in milliseconds; late by the time on the way.
  package var clockOffset: Int64?
  /// When what its store knows was last told to be what this one knows.
  package var equalAt: Instant?
  /// When a packet of this boot last came.
  package var heardAt: Instant?
  /// When one came before the last second in which any did.
  package var heardEarlier: Instant?
  /// When it was last taken for alive again.
  package var returnedAt: Instant?
  /// How many milliseconds its wall clock was ahead of this member's when it last told.
  package var clockLead: Int64 = 0
  /// How long it takes to answer.
  package var roundTrip = RoundTrip()
  /// Whether the last direct probe of it was answered; none before the first.
  package var answers: Bool?
  /// The idle stream by which its end is noticed.
  package var watch = StreamWatch()
  /// Who found it silent, the first accusers of the present suspicion or of its death.
  package var accusers: [Int] = []
  /// Its row of the reachability matrix, as it last told.
  package var row = ReachabilityRow(cells: [])
  /// Which edition of this member's row it was last told, and when.
  package var rowTold: UInt64 = 0
  package var rowToldAt = Instant(nanoseconds: 0)
  /// When it was last taken for dead, and with which boot.
  package var lostAt: Instant?
  package var lostBoot: UInt64 = 0
  /// What a fresh connection then showed of it.
  package var knock = Knock.none
  /// When it is contacted anew while it isn't live.
  package var nextContact = Instant(nanoseconds: 0)
  package var contacts: UInt64 = 0
  /// The number of the last contact, which alone an answer may bear.
  package var contactNonce: UInt64 = 0
  /// Whether its name is being resolved although it lives: others reach it, and this member doesn't.
  package var isSought = false
  /// Whether this member's store has met its store in this boot.
  package var isConnected = false
  package var hasJoined = false
  /// Whether it noted that this member leaves.
  package var notedLeave = false
  /// Whether the boot before was evicted: deletes were forgotten without it, so that what a disk has
  /// kept of it is not to be believed.
  package var wasEvicted = false
  /// Its transfer that is arriving.
  package var arriving: Arriving?
  /// What is arriving from it in pieces.
  package var parcel: Parcel?
  /// What came in pieces and belongs to the section that comes now.
  package var attached: Attachment?
  /// Since when it isn't live; none while it is.
  package var awaySince: Instant?
  /// The full exchange with it, if there has to be one.
  package var exchange = Exchange()
  /// The question what it knows of this member's writes.
  package var inquiry = Inquiry()
  /// The answer of its that is arriving in parts.
  package var assembly: Assembly?
  /// The stream to it, and what waits to go over it.
  package var line = Line()

  /// How far a transfer has come.
  package struct Arriving: Hashable, Sendable {
    /// The mark of the digest that it answers.
    package var mark: UInt64
    /// The sender's slot up to which it has come.
    package var cursor: UInt32 = 0
    /// Whether nothing that came had to be left out: else what is claimed at its end isn't true here.
    package var isWhole = true
    package var at: Instant

    init(mark: UInt64, at: Instant) {
      self.mark = mark
      self.at = at
    }
  }

  package enum Attachment: Hashable, Sendable {
    case entry(Delta.Entry)
    /// Not all of it came.
    case lost
  }

  package init() {}

  /// Whether it counts as a member of the live cluster, as this member sees it.
  package var isLive: Bool { !isApart && (state == .alive || state == .suspect) }
}
