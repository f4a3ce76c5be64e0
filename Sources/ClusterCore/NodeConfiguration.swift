/// What a member is told before it starts. The driver checks an embedder's configuration and makes
/// this of it.
public struct NodeConfiguration: Sendable {
  /// Keeps clusters apart that reach each other by mistake: packets of another one are dropped.
  public var clusterID: UInt64
  /// This member's ordinal, counted from zero whatever number the set begins with.
  public var ordinal: Int
  /// How many members are expected: 1 to `Limits.members`.
  public var size: Int
  /// What is added to an ordinal wherever an embedder sees it (`spec.ordinals.start`).
  public var firstOrdinal: Int
  /// The members' common name without the ordinal and its dash.
  public var baseName: String
  /// What a healed partition does until somebody sets it otherwise.
  public var recovery: Recovery
  /// When a leader is confirmed.
  public var leadershipPolicy: LeadershipPolicy
  /// What this member does with its store while it sees no majority.
  public var minority = MinorityPolicy.readWrite
  /// The resolver's name, which members compare.
  public var resolverName: String
  /// How fast the protocol goes.
  public var timing: Timing
  /// Whether a member whose stream ended and whose port then refused two fresh connections is taken for
  /// dead at once, instead of after a suspicion. On by default; to be set to false where something on
  /// the way, such as a firewall, refuses connections in others' names.
  public var refusalIsDeath = true
  /// The most bytes that keys and values may take on this member.
  public var storeBytes: Int
  /// How long a delete is remembered for a member that is away. One that stays away for longer is
  /// waited for no more, and comes back by a full exchange.
  public var tombstoneGrace = Span64.seconds(86_400)
  /// Where all random numbers of this member come from.
  public var seed: UInt64
  /// Rules that a test takes out of the protocol, to see that the tests notice. Empty otherwise.
  package var plantedFaults: Set<PlantedFault> = []

  /// Creates a configuration with the defaults of a local network.
  public init(clusterID: UInt64, ordinal: Int, size: Int, baseName: String, seed: UInt64) {
    self.clusterID = clusterID
    self.ordinal = ordinal
    self.size = size
    self.firstOrdinal = 0
    self.baseName = baseName
    self.recovery = .automatic
    self.leadershipPolicy = .any
    self.resolverName = ConflictResolver.lastWriterWins.name
    self.timing = .lan
    self.storeBytes = 1 << 30
    self.seed = seed
  }

  /// The name of the member `ordinal`, counted from zero.
  public func name(_ ordinal: Int) -> String { "\(baseName)-\(firstOrdinal + ordinal)" }
}

/// One rule of the design each. A test-only switch takes the rule out, so that it can be shown that
/// the tests notice.
package enum PlantedFault: String, Hashable, Sendable, CaseIterable {
  /// §6.2: a concurrent version is dropped at the merge by its stamp alone.
  case mergeByStamp
  /// §6.1: an overwrite's stamp may be smaller than what it overwrites.
  case stampsNotMonotone
  /// §6.2: a write covers only the version it reads, not all candidates.
  case writeCoversNewestOnly
  /// §6.3: the resolver's answer is written back by whoever resolves.
  case resolverInMerge
  /// §6.4: deltas are chosen by the surviving dots instead of by the context.
  case deltaBySurvivingDots
  /// §6.4: a cut-off delta claims everything.
  case truncatedDeltaClaimsAll
  /// §6.4: a known dot that isn't held is taken when it comes again.
  case knownDotsReturn
  /// §6.4: absence from a delta is taken for a delete.
  case absenceDeletes
  /// §6.4: only a base is kept per actor, no exceptions.
  case noExceptions
  /// §6.5: only reachable members count for stability.
  case stableWhenReachableKnow
  /// §6.5: stable already when the largest dot is known, gaps or not.
  case stableByLargestDot
  /// §6.5: a member that was evicted comes back without a full exchange.
  case noFullExchange
  /// §6.5: gaps of a superseded boot are never sealed.
  case neverSeal
  /// §6.11: what a member knows counts for stability before it is on the member's disk.
  case unflushedIsStable
  /// §6.11: files that are older than what their member told are believed.
  case oldFilesTrusted
  /// §6.11: of what only a set-aside store has of a key, one version is kept, as if it had seen all.
  case readmittedAsOne
  /// §6.11: what a life wrote that nobody heard of counts as known where a later number is sealed.
  case unheardIsKnown
  /// §6.6: a restarted member writes as the same actor.
  case actorWithoutBoot
  /// §6.6: who jumps past an earlier boot takes the next number, as another life may have done.
  case bootsTakenTwice
  /// §6.6: packets of a superseded boot, or for another boot, are taken.
  case bootsUnchecked
  /// §6.6: an old answer to a digest is taken, whatever its mark.
  case marksUnchecked
  /// §4.2: a newer boot does not supersede the older one.
  case bootDoesNotSupersede
  /// §4.4: a dead member is never contacted again.
  case deadForgotten
  /// §4.1: a suspicion is not refuted.
  case noRefutation
  /// §4.8: a stream that ends is taken for the end of the process.
  case endedStreamIsDeath
  /// §4.8: what another member found refused is taken for a fact.
  case refusalRelayed
  /// §4.1: a rumour that is passed on counts as a confirmation.
  case rumoursConfirm
  /// §4.1: this member's own health scales neither intervals nor timeouts.
  case noLocalHealth
  /// §4.1: a suspicion is as short as it gets from the beginning.
  case noSuspicionDecay
  /// §4.1: who is accused isn't told first, but as news comes round.
  case accusedNotTold
  /// §4.3: a member that another one takes for dead is taken for dead here, too, as SWIM has it.
  case verdictsBelieved
  /// §4.6: each suspicion expires by itself.
  case noBatchedDeaths
  /// §4.5: a member doesn't notice that it stood still; its driver lets timers judge first, and reads
  /// what has arrived meanwhile after that.
  case stallUnnoticed
  /// A degraded member leads.
  case degradedLeads
  /// A degraded member's accusations count.
  case degradedAccuses
  /// §5: a leader by majority needn't hear the majority.
  case majorityUnheard
  /// §4.1: a failed probe kills, without a suspicion that could be refuted.
  case deadAtOnce
  /// §4.2: what is said of an older boot counts for the newer one.
  case olderBootsCount
  /// §4.3: a third party's accusation kills.
  case thirdPartyKills
  /// §5: the highest live ordinal leads.
  case leaderHighest
  /// §5: a new leadership's term is not above those heard of.
  case termsNotGrowing
  /// §6.1: a remote stamp drags the clock, however far ahead it is.
  case stampsDragClocks
  /// §6.1: a dot that others have seen carries another value.
  case exposedDotsReused
  /// §6.2: a register travels without its context.
  case contextNotSent
  /// §6.5: a boot that is over is sealed before all know the same of it.
  case sealedWithoutAgreement
  /// §6.5: a boot that is over is sealed before those that came before it.
  case sealedOutOfOrder
  /// §6.5: a delete is forgotten as soon as it is known here.
  case deletesForgottenAtOnce
  /// §6.7: nobody asks for what it lacks.
  case noAntiEntropy
  /// §6.7: all who know the same are asked for it at once.
  case everybodyAsked
  /// §6.7: a transfer whose stream ended begins anew.
  case transfersBeginAnew
  /// §8: a damaged packet is taken for whole.
  case damageUnnoticed
}
