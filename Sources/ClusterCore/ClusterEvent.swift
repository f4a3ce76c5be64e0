/// Something that changed in the cluster, as one member sees it.
public enum ClusterEvent: Hashable, Sendable {
  /// A member's state, boot or address changed; `previous` is what was believed before.
  case memberChanged(Member, previous: Member.State)
  /// Another member leads, or the same one with another certainty or term.
  case leaderChanged(Leadership)
  /// The cluster became green, yellow or red.
  case statusChanged(ClusterStatus)
  /// Members fell silent without a proof that they ended, and aren't reached by a fresh connection
  /// either: perhaps the network is cut.
  case partitionSuspected(unreachable: [Member], reachable: [Member])
  /// Members that were taken for dead are heard again with the same boot: they never died, the network
  /// was cut. They stay apart until somebody decides: in manual recovery.
  case partitionConfirmed([Member])
  /// A member that was taken for dead came back with the same boot: it never died, the network was
  /// cut. In automatic recovery the two sides are merging now.
  case partitionHealed([Member], after: Duration)
  /// This member itself, or another by its own word, stood still for a while.
  case memberStalled(Member, Duration)
  /// A member hears badly or is heard badly, again and again, by its own word: it doesn't lead, and its
  /// accusations of others don't count, until it has behaved for a minute. Or it has.
  case memberDegraded(Member, degraded: Bool)
  /// The recovery mode was set, here or elsewhere.
  case recoveryChanged(Recovery)
  /// An operator's decision made one of groups that were apart; so many keys were written anew for it.
  case recovered(RecoveryDecision, members: [Member], keys: Int)
  /// This member was separated from the others on request, or its separation ended.
  case separationChanged(separated: Bool)
  /// Two live processes claim one ordinal; the one with the newer boot keeps it.
  case ordinalClaimedTwice(Member, otherBoot: UInt64)
  /// A member's resolver has another name than ours: what is read of conflicts may differ.
  case resolverDiffers(Member, theirs: String)
  /// The embedder's resolver threw; the last writer won.
  case resolverFailed(key: String, reason: String)
  /// Two writes of one key met of which neither had seen the other.
  case conflict(key: String, candidates: Int)
  /// A member's wall clock is so far ahead that its stamps are not followed.
  case clockAhead(Member, by: Duration)
  /// What the data directory held isn't whole, or is older than what this member had told: what is
  /// whole is kept, and looked through with the others' help.
  case storageDamaged(detail: String)
  /// Writing to the data directory fails, for this reason. The member goes on, tries again, and tells
  /// nobody that anything is on the disk.
  case storageFailed(reason: String)
  /// Writing to the data directory works again.
  case storageRecovered
  /// A first exchange with a member's store is complete.
  case storeJoined(Member)
  /// A member's store held other values than this one although both know the same writes: they make
  /// a full exchange. It is a defect; please report it.
  case storeDiverged(Member)
  /// A member's store became reachable.
  case storeConnected(Member)
  /// A member's store is out of reach.
  case storeDisconnected(Member)
  /// Packets were dropped for this reason since it was last told, the last one from that address. Told
  /// at once for the first one, then at most every ten seconds for each reason.
  case packetsRejected(reason: String, count: UInt64, from: Address?)
  /// The keys that protect packets were changed: their fingerprints, that of the one that seals first.
  case keyringChanged(fingerprints: [String])
}
