import Cluster
import ClusterCore

/// A running member as the routes see it.
struct MemberSite: AdministeredCluster {
  let cluster: Cluster

  var name: String { cluster.configuration.name }
  var expectedNames: [String] { cluster.configuration.expectedNames }
  var members: [Member] { cluster.members }
  var leader: Leadership { cluster.leader }
  var status: ClusterStatus { cluster.status }
  var recovery: Recovery { cluster.recovery }
  var isReady: Bool { cluster.isReady }
  var isResponsive: Bool { cluster.isResponsive }
  var readinessChecks: [ReadinessCheck] {
    cluster.readiness.map { ReadinessCheck($0.name, $0.isPassed) }
  }
  var boot: UInt64 { cluster.boot }
  var resolverName: String { cluster.configuration.resolver.name }
  var eventRecord: EventRecord { cluster.eventRecord }
  var activeReplicas: [String] { cluster.activeReplicas }
  var keyring: KeyringView { cluster.keyringView }
  var metrics: [MetricFamily] { cluster.metrics.snapshot() }

  func setRecovery(_ recovery: Recovery) { cluster.issue(.setRecovery(recovery)) }

  var pending: PendingRecovery { cluster.pending }

  func recover(_ decision: RecoveryDecision) { cluster.issue(.recover(decision, token: 0)) }

  func join(_ name: String) {
    guard let ordinal = expectedNames.firstIndex(of: name) else { return }
    cluster.issue(.join(ordinal: ordinal))
  }

  func dismiss(_ name: String, _ dismissal: Dismissal) {
    guard let ordinal = expectedNames.firstIndex(of: name) else { return }
    cluster.issue(.dismiss(ordinal: ordinal, dismissal))
  }

  func entry(_ key: Key) -> AdministeredEntry? {
    cluster.store.entry(key.text).map { AdministeredEntry($0) }
  }

  func put(
    _ key: Key, _ value: [UInt8], timeToLive: Duration?,
    if condition: (AdministeredEntry?) -> Bool
  ) throws(StoreError) -> Bool {
    try cluster.write(.put(key, value, expires: Cluster.expiry(timeToLive)), on: key) { entry in
      condition(entry.map { AdministeredEntry($0) })
    }
  }

  func delete(
    _ key: Key, if condition: (AdministeredEntry?) -> Bool
  ) throws(StoreError) -> DeleteOutcome {
    var outcome = DeleteOutcome.absent
    let isWritten = try cluster.write(.delete(key), on: key) { entry in
      guard let entry else {
        outcome = .absent
        return false
      }
      let holds = condition(AdministeredEntry(entry))
      outcome = holds ? .deleted : .conditionFailed
      return holds
    }
    return isWritten ? .deleted : outcome
  }

  func purge() throws(StoreError) { try cluster.store.purge() }

  func keys(prefix: [UInt8], after: [UInt8], limit: Int) -> [Key] {
    cluster.keys(prefix: prefix, after: after, limit: limit)
  }

  func watch(prefix: [UInt8], from start: ChangeStart) -> KeyWatch {
    cluster.watch(prefix: prefix, from: start)
  }

  var keyCount: Int { cluster.store.count }
}

extension AdministeredEntry {
  init(_ entry: StoreEntry) {
    self.init(
      value: entry.value, stamp: entry.stamp, candidates: entry.candidates, expiry: entry.expiry)
  }
}
