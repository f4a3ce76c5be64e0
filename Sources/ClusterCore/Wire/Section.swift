/// What a packet carries after its header: any number of sections, each a kind, a length and a body.
package enum Section: Hashable, Sendable {
  /// Answer me with `ack` and the same number.
  case ping(nonce: UInt64)
  /// The answer to `ping`.
  case ack(nonce: UInt64)
  /// Probe that member in my stead, and tell me with the same number.
  case probeRequest(nonce: UInt64, target: Int, boot: UInt64, address: Address)
  /// The member that you asked me to probe answered.
  case probed(nonce: UInt64)
  /// The member that you asked me to probe hasn't answered me yet either. I am well, though.
  case nack(nonce: UInt64)
  /// I leave.
  case leave
  /// I have noted that you leave.
  case leaveNoted
  /// What I believe of some members.
  case members([MemberUpdate])
  /// Which members are known to hold my view digest, one bit an ordinal.
  case holders([UInt8])
  /// My group.
  case group(Group)
  /// My resolver's name.
  case resolver(String)
  /// What my store knows: answer with what I lack.
  case digest(mark: UInt64, StoreClock)
  /// Registers, and what they prove complete. Without a claim it is a push that nobody asked for.
  case delta(Delta)
  /// Somebody newer holds my ordinal. Write these in my stead, and tell me with the same number.
  case handover(nonce: UInt64, Delta)
  /// I have written what you handed over.
  case handoverNoted(nonce: UInt64)
  /// An operator wants you to go.
  case dismiss(Dismissal)
  /// Take me into your group.
  case admit
  /// What my store would still know after a crash.
  case flushed(StoreClock)
  /// You know less than you once told me that you had on your disk.
  case outdated
  /// I stood still for so many milliseconds.
  case stalled(milliseconds: UInt64)
  /// This stream is open to watch you by: answer with a packet over it.
  case hello
  /// The ports of these boots refused me twice: look for yourself.
  case refused([Refusal])
  /// Before these last moments I had heard you so many milliseconds ago.
  case earlier(milliseconds: UInt64)
  /// Whom I hear, and how long an answer takes.
  case reachability(ReachabilityRow)
  /// Tell me what you know of my writes: somebody waits for it.
  case inquire
  /// Which keys has your group written that mine doesn't know?
  case survey(Survey.Request)
  /// These.
  case surveyed(Survey.Page)
  /// Let your group's store stand, and make one of our groups.
  case decide(RecoveryDecision)
  /// Tell me everything that you hold.
  case askExchange(mark: UInt64, Exchange.Cause)
  /// A part of everything that I hold.
  case exchange(Exchange.Part)
  /// A hash of all values that I hold, to be compared where our clocks are equal.
  case liveDigest(UInt64)
  /// What is too large for datagrams.
  case bulk(Bulk)
}

/// A boot whose port refused connections after its stream had ended.
package struct Refusal: Hashable, Sendable {
  package var ordinal: Int
  package var boot: UInt64
  /// The most that one packet tells of.
  package static let most = 16

  package init(ordinal: Int, boot: UInt64) {
    self.ordinal = ordinal
    self.boot = boot
  }
}

/// What one member believes of another.
package struct MemberUpdate: Hashable, Sendable {
  /// A belief as it travels. Only the member itself can say that it leaves, and each must see for
  /// itself that somebody is dead: both travel as accusations.
  package enum Claim: UInt8, Hashable, Sendable {
    case alive = 1
    case accused = 2
  }

  package var ordinal: Int
  package var claim: Claim
  package var boot: UInt64
  package var incarnation: UInt64
  package var address: Address?
  /// What the member said of its own fitness to lead, in this incarnation.
  package var fitness: Fitness = []
  /// Who found it silent by a probe of their own, at most `mostAccusers`; of an accusation only.
  package var accusers: [Int] = []
  package static let mostAccusers = 4

  package init(
    ordinal: Int, claim: Claim, boot: UInt64, incarnation: UInt64, address: Address?
  ) {
    self.ordinal = ordinal
    self.claim = claim
    self.boot = boot
    self.incarnation = incarnation
    self.address = address
  }
}

/// What keeps a live member from leading. Each says it of itself, and raises its incarnation when it
/// changes, so that the newest word is known as such wherever it is passed on.
package struct Fitness: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  /// It stood still and hasn't been heard since.
  package static let unheard = Fitness(rawValue: 1)
  /// It hears badly or is heard badly.
  package static let degraded = Fitness(rawValue: 2)
  /// It hasn't chosen a group yet; of each boot only for its first moments, whatever its incarnation.
  package static let joining = Fitness(rawValue: 4)

  /// What a header says of it.
  package init(_ flags: Header.Flags) {
    self = []
    if flags.contains(.ineligible) { insert(.unheard) }
    if flags.contains(.degraded) { insert(.degraded) }
  }
}
