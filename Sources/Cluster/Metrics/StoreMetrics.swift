import ClusterCore

/// How the replicated map fares: what is in dispute, what waits, who is behind, what repairs cost.
struct StoreMetrics {
  private let driver: MemberDriver

  init(_ driver: MemberDriver) { self.driver = driver }

  var families: [MetricFamily] { state + sync + resolvers }

  private var state: [MetricFamily] {
    let (health, lag) = driver.withNode { ($0.storeHealth, $0.stabilityLag) }
    return [
      .gauge(
        "cluster_store_conflicted_keys", "Keys of which several versions are held.",
        Double(health.conflicted)),
      .gauge(
        "cluster_store_candidates", "Versions held of keys in conflict.",
        Double(health.candidates)),
      .gauge(
        "cluster_store_budget_bytes", "Bytes that keys and values may take.",
        Double(health.budget)),
      .gauge(
        "cluster_store_backlog", "Keys with local writes that wait to be sent.",
        Double(health.backlog)),
      .gauge(
        "cluster_store_awaited_writes", "Writes whose callers wait for other members.",
        Double(health.awaited)),
      .gauge(
        "cluster_store_evicted_members",
        "Expected members away for longer than deletes are remembered for.",
        Double(health.evicted)),
      .gauge(
        "cluster_store_diverged_peers",
        "Live members that aren't known to know all that this one knows.",
        Double(health.diverged)),
      MetricFamily(
        "cluster_store_stability_lag", .gauge,
        "Writes known here that an expected member isn't known to know.",
        lag.map { MetricSample([("ordinal", String($0.ordinal))], Double($0.writes)) }),
      MetricFamily(
        "cluster_store_forgotten_total", .counter,
        "Deleted keys that were forgotten because every expected member knew of it.",
        Double(health.counters.forgotten)),
      MetricFamily(
        "cluster_store_ignored_total", .counter,
        "Registers of other members that brought nothing new.",
        Double(health.counters.entriesIgnored)),
    ]
  }

  private var sync: [MetricFamily] {
    let counters = driver.withNode { $0.store.counters }
    return [
      .counter(
        "cluster_sync_rounds_total",
        "Answers to other members' digests with what they lacked.", counters.syncRounds),
      .counter(
        "cluster_sync_bytes_total", "Bytes of such answers and of bulk transfers.",
        counters.syncBytes),
      .counter(
        "cluster_sync_transfers_total", "Bulk transfers over streams that were begun.",
        counters.transfers),
      MetricFamily(
        "cluster_sync_failures_total", .counter,
        "Bulk transfers that ended before their end, by why: the stream did, or the member's boot.",
        [
          MetricSample([("reason", "stream")], Double(counters.transfersFailed)),
          MetricSample([("reason", "restart")], Double(counters.transfersOutlived)),
        ]),
      .histogram(
        "cluster_sync_duration_seconds", "Seconds that whole bulk transfers took.",
        counters.transferSpans),
      .counter(
        "cluster_store_exchanges_total",
        "Full exchanges with members that had been away for too long, or had diverged.",
        counters.exchanges),
      .counter(
        "cluster_store_divergences_total",
        "Times a member knew the same writes and held other values.", counters.divergences),
    ]
  }

  private var resolvers: [MetricFamily] {
    let counts = driver.views.counts
    func family(
      _ name: String, _ help: String, _ value: KeyPath<ResolvedViews.Counts, UInt64>
    ) -> MetricFamily {
      MetricFamily(
        name, .counter, help,
        counts.map {
          MetricSample([("resolver", $0.name)], Double($0.counts[keyPath: value]))
        })
    }
    return [
      family(
        "cluster_store_resolutions_total", "Conflicts that a resolver was asked about.", \.calls),
      family(
        "cluster_store_resolver_failures_total",
        "Times a resolver threw, and the last writer won.", \.failures),
      family(
        "cluster_store_resolver_slow_total", "Times a resolver took more than 100 ms.", \.slow),
    ]
  }
}
