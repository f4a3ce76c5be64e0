package import ClusterCore

/// The metrics that the original had, by their names, and the members by state.
package struct StandardMetrics: Sendable {
  /// What this member believes of each expected one, itself included.
  package var members: [Member]
  /// How much of the expected cluster is live.
  package var status: ClusterStatus
  /// Whether this member is the confirmed leader.
  package var isLeader: Bool
  /// How often a leader was confirmed.
  package var leaderElections: UInt64
  /// Whether the store takes writes.
  package var isStoreReady: Bool
  /// How many keys can be read.
  package var keyCount: Int
  /// How many iterators of changes are alive.
  package var subscriptions: Int
  /// How often a partition was suspected.
  package var partitions: UInt64
  /// How often a member's store became reachable.
  package var connections: UInt64
  /// How often a member's store went out of reach.
  package var disconnections: UInt64

  /// Creates the metrics of a member of which nothing happened yet.
  package init(
    members: [Member], status: ClusterStatus, isLeader: Bool, isStoreReady: Bool, keyCount: Int,
    subscriptions: Int
  ) {
    self.members = members
    self.status = status
    self.isLeader = isLeader
    self.isStoreReady = isStoreReady
    self.keyCount = keyCount
    self.subscriptions = subscriptions
    self.leaderElections = 0
    self.partitions = 0
    self.connections = 0
    self.disconnections = 0
  }

  /// The metrics, each counter also by the name that it had.
  package var families: [MetricFamily] {
    let live = members.count(where: \.isLive)
    let gauges: [MetricFamily] = [
      .gauge("cluster_expected_size", "Expected members.", Double(members.count)),
      .gauge("cluster_size", "Live members in this member's view.", Double(live)),
      .gauge("cluster_green", "Whether all expected members are live.", status == .green ? 1 : 0),
      .gauge("cluster_leader", "Whether this member is the confirmed leader.", isLeader ? 1 : 0),
      .gauge("cluster_store_ready", "Whether the store takes writes.", isStoreReady ? 1 : 0),
      .gauge("cluster_store_size", "Readable keys.", Double(keyCount)),
      .gauge(
        "cluster_store_subscriptions", "Live subscriptions to changes.", Double(subscriptions)),
      byState,
    ]
    let counters: [MetricFamily] = [
      .counter(
        "cluster_leader_elections_total", "Leaders confirmed in this member's view.",
        leaderElections),
      .counter("cluster_store_partitions_total", "Suspected partitions.", partitions),
      .counter(
        "cluster_store_connections_total", "Times a member's store became reachable.",
        connections),
      .counter(
        "cluster_store_disconnections_total", "Times a member's store went out of reach.",
        disconnections),
    ]
    return gauges + counters.flatMap { [$0, $0.withoutTotal] }
  }

  private var byState: MetricFamily {
    MetricFamily(
      "cluster_members", .gauge, "Expected members by their state in this member's view.",
      Member.State.allCases.map { state in
        MetricSample(
          [("state", state.rawValue)], Double(members.count { $0.state == state }))
      })
  }
}
