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
    standard.families + build + membership + driver.tally.families + driver.census.families + wire
      + protection.families + synchronisation + store + StoreMetrics(driver).families
      + durability
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

  private var build: [MetricFamily] {
    [
      MetricFamily(
        "cluster_build_info", .gauge, "Version of the package and of the wire format; always 1.",
        [
          MetricSample(
            [
              ("version", Cluster.version),
              ("protocol", String(Cluster.wireVersions.upperBound)),
            ], 1)
        ])
    ]
  }

  private var membership: [MetricFamily] {
    let (counters, term, incarnation, health) = driver.withNode { node in
      let own = node.member(node.ordinal)
      return (node.counters, node.leadership, own.incarnation, node.healthScore)
    }
    var ordinal = -1
    if case .confirmed(let member, _) = term { ordinal = member.ordinal }
    return [
      .gauge(
        "cluster_leader_ordinal", "Ordinal of the confirmed leader; -1 when there is none.",
        Double(ordinal)),
      .gauge(
        "cluster_incarnation", "How often this start of the member refuted a suspicion.",
        Double(incarnation)),
      .gauge(
        "cluster_health_score",
        "Local health multiplier's score (Lifeguard): 0 is well, 8 the worst.", Double(health)),
      .counter(
        "cluster_suspicions_raised_total", "Suspicions begun in this member's view.",
        counters.suspicionsRaised),
      .counter(
        "cluster_suspicions_refuted_total", "Suspicions refuted in this member's view.",
        counters.suspicionsRefuted),
      probes(counters),
      .histogram(
        "cluster_probe_rtt_seconds", "Round trips of direct probes in seconds.",
        counters.roundTrips),
    ]
  }

  private func probes(_ counters: Node.Counters) -> MetricFamily {
    MetricFamily(
      "cluster_probes_total", .counter,
      "Probes of other members: answered by themselves, vouched for by others, or in vain.",
      [
        MetricSample([("result", "direct")], Double(counters.probesAnswered)),
        MetricSample([("result", "indirect")], Double(counters.probesVouched)),
        MetricSample([("result", "failed")], Double(counters.probesFailed)),
      ])
  }

  private var wire: [MetricFamily] {
    let traffic = driver.traffic
    return [
      byTransport(
        "cluster_transport_sent_total", "Datagrams and stream frames given to the system.",
        traffic.datagramsSent, traffic.framesSent),
      byTransport(
        "cluster_transport_received_total", "Datagrams and stream frames that came in.",
        traffic.datagramsReceived, traffic.framesReceived),
      byTransport(
        "cluster_sent_bytes_total", "Bytes sent.", traffic.datagramBytesSent,
        traffic.streamBytesSent),
      byTransport(
        "cluster_received_bytes_total", "Bytes received.", traffic.datagramBytesReceived,
        traffic.streamBytesReceived),
      .counter(
        "cluster_datagrams_dropped_total",
        "Datagrams lost here because they came faster than they could be taken in.",
        traffic.datagramsDropped),
      .counter(
        "cluster_datagram_send_errors_total", "Datagrams that the system refused to send.",
        traffic.datagramSendErrors),
      MetricFamily(
        histogram: "cluster_loop_lateness_seconds",
        "How late the member's loop came to what was due, heartbeats among it.",
        buckets: zip(Lateness.bounds, traffic.lateness.counts).map { (Double($0) / 1e6, $1) },
        sum: Double(traffic.lateness.nanoseconds) / 1e9, count: traffic.lateness.count),
      .gauge(
        "cluster_loop_lateness_longest_seconds", "The longest of that since the start.",
        Double(traffic.lateness.longest.nanoseconds) / 1e9),
    ]
  }

  private var synchronisation: [MetricFamily] {
    let now = Clock.instant()
    let (unsynced, queue, offsets) = driver.withNode { node in
      let diverged = node.divergedPeers()
      let spans = diverged.map { node.peers[$0].equalAt.map { now.since($0) } ?? .zero }
      let offsets = (0..<node.configuration.size).compactMap { ordinal in
        node.peers[ordinal].isLive
          ? node.peers[ordinal].clockOffset.map { (node.configuration.name(ordinal), $0) } : nil
      }
      let queue = (pushes: node.store.queue.count - node.store.queueHead, news: node.newsCount)
      return (spans.max() ?? .zero, queue, offsets)
    }
    return [
      .gauge(
        "cluster_store_unsynced_seconds",
        "How long the most diverged live member has known something else.", unsynced.inSeconds),
      MetricFamily(
        "cluster_store_clock_offset_seconds", .gauge,
        "How far live members' wall clocks are ahead, late by the time on the way.",
        offsets.map { MetricSample([("peer", $0)], Double($1) / 1_000) }),
      MetricFamily(
        "cluster_broadcast_queue_length", .gauge,
        "What waits to be told: changed members (news) and changed keys (writes).",
        [
          MetricSample([("queue", "news")], Double(queue.news)),
          MetricSample([("queue", "writes")], Double(queue.pushes)),
        ]),
    ]
  }

  private var store: [MetricFamily] {
    let (counters, bytes, tombstones, unstable) = driver.withNode {
      ($0.store.counters, $0.store.bytes, $0.store.tombstones, $0.store.unstable.count)
    }
    let resolver = driver.withNode { $0.configuration.resolverName }
    return [
      .gauge("cluster_store_bytes", "Bytes of keys and values.", Double(bytes)),
      .gauge(
        "cluster_store_tombstones", "Deleted keys that are still remembered.",
        Double(tombstones)),
      .gauge(
        "cluster_store_unstable_dots", "Writes that some expected member may not know yet.",
        Double(unstable)),
      MetricFamily(
        "cluster_store_conflicts_total", .counter, "Concurrent writes of one key that met.",
        [MetricSample([("resolver", resolver)], Double(counters.conflicts))]),
      .counter(
        "cluster_store_future_rejected_total",
        "Stamps too far ahead of the wall clock to be followed.", counters.futureStamps),
      .counter(
        "cluster_store_merged_total", "Registers of other members that changed this store.",
        counters.entriesMerged),
      driver.operations.family,
      .counter(
        "cluster_watch_dropped_total",
        "Changes left out of watches because their readers fell behind.", driver.feed.dropped),
    ]
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
