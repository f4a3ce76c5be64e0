import ClusterCore

/// What a member counts and measures, for Prometheus or any other collector.
public struct ClusterMetrics: Sendable {
  let driver: MemberDriver

  /// All metrics in Prometheus' text format 0.0.4, to be served as
  /// `text/plain; version=0.0.4; charset=utf-8`.
  public func prometheusText() -> String {
    String(decoding: MetricsText.encoded(snapshot()), as: UTF8.self)
  }

  /// All metrics as values.
  public func snapshot() -> [MetricFamily] {
    standard.families + membership + wire + protection.families + store
      + StoreMetrics(driver).families
  }

  private var standard: StandardMetrics {
    let keyCount = driver.readableCount
    let subscriptions = driver.feed.readers
    return driver.withNode { node in
      let own = node.member(node.configuration.ordinal)
      var metrics = StandardMetrics(
        members: node.members, status: node.status,
        isLeader: node.leadership.isConfirmed && node.leadership.member?.name == own.name,
        isStoreReady: node.isSynced, keyCount: keyCount, subscriptions: subscriptions)
      metrics.leaderElections = node.counters.elections
      metrics.partitions = node.counters.partitions
      metrics.connections = node.counters.storeConnections
      metrics.disconnections = node.counters.storeDisconnections
      return metrics
    }
  }

  private var membership: [MetricFamily] {
    let (counters, term, incarnation) = driver.withNode {
      ($0.counters, $0.leadership, $0.member($0.configuration.ordinal).incarnation)
    }
    var ordinal = -1
    if case .confirmed(let member, _) = term { ordinal = member.ordinal }
    return [
      gauge(
        "cluster_leader_ordinal", "Ordinal of the confirmed leader; -1 when there is none.",
        Double(ordinal)),
      gauge(
        "cluster_incarnation", "How often this start of the member refuted a suspicion.",
        Double(incarnation)),
      counter(
        "cluster_suspicions_raised_total", "Suspicions begun in this member's view.",
        counters.suspicionsRaised),
      counter(
        "cluster_suspicions_refuted_total", "Suspicions refuted in this member's view.",
        counters.suspicionsRefuted),
      counter("cluster_probes_total", "Probes sent.", counters.probes),
      counter(
        "cluster_probes_failed_total", "Probes that nobody answered, directly or through others.",
        counters.probesFailed),
    ]
  }

  private var wire: [MetricFamily] {
    let traffic = driver.traffic
    return [
      byTransport(
        "cluster_packets_sent_total", "Datagrams and stream frames sent.",
        traffic.datagramsSent, traffic.framesSent),
      byTransport(
        "cluster_packets_received_total", "Datagrams and stream frames received.",
        traffic.datagramsReceived, traffic.framesReceived),
      byTransport(
        "cluster_sent_bytes_total", "Bytes sent.", traffic.datagramBytesSent,
        traffic.streamBytesSent),
      byTransport(
        "cluster_received_bytes_total", "Bytes received.", traffic.datagramBytesReceived,
        traffic.streamBytesReceived),
      counter(
        "cluster_datagrams_dropped_total",
        "Datagrams that the system lost because they came faster than they were read.",
        traffic.datagramsDropped),
      counter(
        "cluster_datagram_send_errors_total", "Datagrams that the system refused to send.",
        traffic.datagramSendErrors),
    ]
  }

  private var store: [MetricFamily] {
    let (counters, bytes, tombstones, unstable) = driver.withNode {
      ($0.store.counters, $0.store.bytes, $0.store.tombstones, $0.store.unstable.count)
    }
    return [
      gauge("cluster_store_bytes", "Bytes of keys and values.", Double(bytes)),
      gauge(
        "cluster_store_tombstones", "Deleted keys that are still remembered.",
        Double(tombstones)),
      gauge(
        "cluster_store_unstable_dots", "Writes that some expected member may not know yet.",
        Double(unstable)),
      counter(
        "cluster_store_conflicts_total", "Concurrent writes of one key that met.",
        counters.conflicts),
      counter(
        "cluster_store_future_stamps_total",
        "Stamps too far ahead of the wall clock to be followed.", counters.futureStamps),
      counter(
        "cluster_store_merged_total", "Registers of other members that changed this store.",
        counters.entriesMerged),
    ]
  }

  private func gauge(_ name: String, _ help: String, _ value: Double) -> MetricFamily {
    MetricFamily(name, .gauge, help, value)
  }

  private func counter(_ name: String, _ help: String, _ value: UInt64) -> MetricFamily {
    MetricFamily(name, .counter, help, Double(value))
  }

  private func byTransport(
    _ name: String, _ help: String, _ datagrams: UInt64, _ streams: UInt64
  ) -> MetricFamily {
    MetricFamily(
      name, .counter, help,
      [
        MetricSample([("transport", "udp")], Double(datagrams)),
        MetricSample([("transport", "tcp")], Double(streams)),
      ])
  }
}

extension Cluster {
  /// What this member counts and measures.
  public var metrics: ClusterMetrics { ClusterMetrics(driver: driver) }
}
