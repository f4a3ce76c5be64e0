package import Cluster
package import ClusterCore

/// What the routes need of a member: snapshots and commands that never wait.
///
/// Commands are only issued. A snapshot taken right after one may not show its effect yet.
package protocol AdministeredCluster: Sendable {
  /// This member's name.
  var name: String { get }
  /// The names of all expected members, in the order of their ordinals.
  var expectedNames: [String] { get }
  /// What this member believes of each expected one, itself included, in the same order.
  var members: [Member] { get }
  /// Who leads.
  var leader: Leadership { get }
  /// How much of the expected cluster is live.
  var status: ClusterStatus { get }
  /// What happens when the sides of a healed partition meet.
  var recovery: Recovery { get }
  /// Whether this member has joined, has had its first exchange, and isn't leaving.
  var isReady: Bool { get }
  /// Whether the loop of this member has gone round lately; says nothing of other members.
  var isResponsive: Bool { get }
  /// What readiness consists of, for people.
  var readinessChecks: [ReadinessCheck] { get }
  /// What this member believes, in full.
  var report: MemberReport { get }
  /// The number of this start of the member.
  var boot: UInt64 { get }
  /// The name of the resolver.
  var resolverName: String { get }
  /// The latest events.
  var eventRecord: EventRecord { get }
  /// The names of the live members of this one's group whose stores are in step with its own.
  var activeReplicas: [String] { get }

  /// Sets the recovery mode everywhere; `.automatic` ends every disconnect too.
  func setRecovery(_ recovery: Recovery)
  /// How this side's store differs from those of the groups that are apart from it.
  var pending: PendingRecovery { get }
  /// Decides what becomes of the groups that are apart.
  func recover(_ decision: RecoveryDecision)
  /// Brings an expected member and this one back into one cluster. Its own name: all of them.
  func join(_ name: String)
  /// Asks an expected member, which may be this one, to end or to separate itself.
  func dismiss(_ name: String, _ dismissal: Dismissal)

  /// What is read of a key; none when it is absent, deleted or expired.
  func entry(_ key: Key) -> AdministeredEntry?
  /// Writes a value if `condition` holds for what is read now; both at once, as far as other local
  /// writers are concerned.
  ///
  /// - Returns: Whether the condition held.
  func put(
    _ key: Key, _ value: [UInt8], timeToLive: Duration?,
    if condition: (AdministeredEntry?) -> Bool
  ) throws(StoreError) -> Bool
  /// Deletes a key if it is present and `condition` holds for what is read now; both at once, as far
  /// as other local writers are concerned.
  func delete(
    _ key: Key, if condition: (AdministeredEntry?) -> Bool
  ) throws(StoreError) -> DeleteOutcome
  /// Deletes all keys.
  func purge() throws(StoreError)
  /// At most `limit` readable keys that begin with `prefix` and come after `after`, by their bytes.
  func keys(prefix: [UInt8], after: [UInt8], limit: Int) -> [Key]
  /// Watches the keys that begin with `prefix`.
  func watch(prefix: [UInt8], from start: ChangeStart) -> KeyWatch
  /// How many keys can be read.
  var keyCount: Int { get }

  /// Which keys protect packets, here and elsewhere.
  var keyring: KeyringView { get }

  /// What the member counts and measures, but not what counts HTTP.
  var metrics: [MetricFamily] { get }
}

extension AdministeredCluster {
  /// Whether this member is the confirmed leader.
  var isLeader: Bool { leader.isConfirmed && leader.member?.name == name }
}

/// What is read of a key.
package struct AdministeredEntry: Sendable {
  /// The value.
  package var value: [UInt8]
  /// The stamp of the newest candidate that the value was made of.
  package var stamp: Stamp
  /// All that it was made of, oldest stamp first.
  package var candidates: [Candidate]
  /// When it ends, in milliseconds since 1970; none for never.
  package var expiry: UInt64?

  /// Creates an entry.
  package init(
    value: [UInt8], stamp: Stamp, candidates: [Candidate] = [], expiry: UInt64? = nil
  ) {
    self.value = value
    self.stamp = stamp
    self.candidates = candidates
    self.expiry = expiry
  }
}

/// One of the things that readiness consists of.
package struct ReadinessCheck: Hashable, Sendable {
  /// Its name.
  package var name: String
  /// Whether it is as it should be.
  package var isPassed: Bool

  /// Creates a check.
  package init(_ name: String, _ isPassed: Bool) {
    self.name = name
    self.isPassed = isPassed
  }
}

/// What became of a delete.
package enum DeleteOutcome: Sendable {
  /// The key was there, and isn't any more.
  case deleted
  /// The key wasn't there.
  case absent
  /// The condition didn't hold; nothing changed.
  case conditionFailed
}
