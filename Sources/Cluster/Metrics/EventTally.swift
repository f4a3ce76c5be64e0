import ClusterCore
import Synchronization

/// Counts events that are worth an alert or a graph and aren't counted in the core.
final class EventTally: Sendable {
  private struct Counts {
    var transitions: [Member.State: UInt64] = [:]
    var stalls: UInt64 = 0
    var ordinalsClaimedTwice: UInt64 = 0
    /// Unreachable members of the present partition, as far as it is suspected.
    var isPartitionSuspected = false
    var leaderSince: UInt64?
  }

  private let counts = Mutex(Counts())

  func count(_ event: ClusterEvent, wallMilliseconds: UInt64) {
    counts.withLock { counts in
      switch event {
      case .memberChanged(let member, let previous):
        if member.state != previous { counts.transitions[member.state, default: 0] += 1 }
      case .memberStalled: counts.stalls += 1
      case .ordinalClaimedTwice: counts.ordinalsClaimedTwice += 1
      case .partitionSuspected: counts.isPartitionSuspected = true
      case .partitionHealed: counts.isPartitionSuspected = false
      case .statusChanged(let status): if status == .green { counts.isPartitionSuspected = false }
      case .leaderChanged(let leadership):
        counts.leaderSince = leadership.isConfirmed ? wallMilliseconds : nil
      default: break
      }
    }
  }

  /// The counts as metrics.
  var families: [MetricFamily] {
    let counts = counts.withLock { $0 }
    let since = counts.leaderSince.map { Double($0) / 1_000 } ?? 0
    return [
      MetricFamily(
        "cluster_member_transitions_total", .counter,
        "Changes of members' states in this member's view, by the new state.",
        Member.State.allCases.map { state in
          MetricSample(
            [("state", state.rawValue)], Double(counts.transitions[state] ?? 0))
        }),
      MetricFamily(
        "cluster_partition_suspected", .gauge,
        "Whether members fell silent without proof of their end and aren't back yet.",
        counts.isPartitionSuspected ? 1 : 0),
      MetricFamily(
        "cluster_leader_since_seconds", .gauge,
        "Unix time at which the present leader was confirmed; 0 when there is none.", since),
      MetricFamily(
        "cluster_member_stalls_total", .counter,
        "Times that this member or another, by its own word, stood still.",
        Double(counts.stalls)),
      MetricFamily(
        "cluster_ordinal_conflicts_total", .counter,
        "Times that two live processes claimed one ordinal.",
        Double(counts.ordinalsClaimedTwice)),
    ]
  }
}
