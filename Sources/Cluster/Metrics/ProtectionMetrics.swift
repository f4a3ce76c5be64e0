import ClusterCore

/// What keeps strangers out, in numbers: the keys, and the packets that were dropped.
struct ProtectionMetrics: Sendable {
  /// The fingerprints of the keys, that of the one that seals first; none without a key.
  var fingerprints: [KeyFingerprint]
  /// Packets dropped before the core saw them, in the order of `PacketRejection.allCases`.
  var rejectedBefore: [UInt64]
  /// Packets that the core dropped, in the order of `Node.Rejection.allCases`.
  var rejectedByCore: [UInt64]

  var families: [MetricFamily] {
    [
      MetricFamily(
        "cluster_keyring_keys", .gauge,
        "Keys that are accepted; none means that packets are not protected.",
        Double(fingerprints.count)),
      MetricFamily(
        "cluster_keyring_primary_info", .gauge, "The key that seals packets, by its fingerprint.",
        fingerprints.prefix(1).map { MetricSample([("fingerprint", $0.description)], 1) }),
      MetricFamily(
        "cluster_packets_rejected_total", .counter,
        "Datagrams and stream frames dropped, by reason.",
        reasons.map { MetricSample([("reason", $0.name)], Double($0.count)) }),
    ]
  }

  /// The same reason may be found before the core and in it: it is one series.
  private var reasons: [(name: String, count: UInt64)] {
    var reasons = zip(PacketRejection.allCases, rejectedBefore).map { ($0.rawValue, $1) }
    for (reason, count) in zip(Node.Rejection.allCases, rejectedByCore) {
      let name = Self.label(of: reason)
      if let index = reasons.firstIndex(where: { $0.0 == name }) {
        reasons[index].1 += count
      } else {
        reasons.append((name, count))
      }
    }
    return reasons
  }

  private static func label(of reason: Node.Rejection) -> String {
    reason == .unknownMember ? PacketRejection.unknownMember.rawValue : reason.rawValue
  }
}

extension ClusterMetrics {
  var protection: ProtectionMetrics {
    ProtectionMetrics(
      fingerprints: driver.keyring?.list.fingerprints ?? [],
      rejectedBefore: driver.rejections,
      rejectedByCore: driver.withNode { $0.counters.packetsRejected })
  }
}
