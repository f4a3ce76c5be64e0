package import ClusterCore

/// All that a member believes at one moment, for reports.
package struct ClusterView: Sendable {
  /// What it believes of one expected member, itself included.
  package struct SeenMember: Sendable {
    package var member: Member
    /// How long it takes to answer a probe, smoothed; none where nothing was measured.
    package var roundTrip: Span64?
    /// How long ago it was last heard; none for the member itself and one never heard of.
    package var silence: Span64?
    /// How far its wall clock is ahead, in milliseconds, late by the time on the way.
    package var clockOffset: Int64?
    /// Whether it has joined and its first exchange of the store is complete.
    package var isSynced: Bool
  }

  package var boot: UInt64
  package var status: ClusterStatus
  package var leadership: Leadership
  package var recovery: Recovery
  package var isReady: Bool
  package var isSeparated: Bool
  /// The digest of all values.
  package var storeDigest: UInt64
  /// Keys of which several versions are held.
  package var conflicts: Int
  /// Since the start.
  package var uptime: Span64
  /// The local health multiplier's score: zero is well.
  package var health: Int
  package var members: [SeenMember]
  /// Who hears whom: the rows that are known, by ordinal.
  package var heard: [(from: Int, row: ReachabilityRow)]
}

extension Cluster {
  /// All that this member believes now.
  package var view: ClusterView {
    let now = Clock.now()
    return driver.withNode { node in
      // A boot begins with the wall clock's milliseconds at the start.
      let started = node.boot >> 20
      let uptime = now.wallMilliseconds > started ? now.wallMilliseconds - started : 0
      return ClusterView(
        boot: node.boot, status: node.status, leadership: node.leadership,
        recovery: node.recovery, isReady: node.isSynced, isSeparated: node.isSeparated,
        storeDigest: node.storeDigest, conflicts: node.store.conflicted.count,
        uptime: .milliseconds(min(uptime, 1 << 42)), health: Int(node.healthScore),
        members: (0..<node.configuration.size).map { ordinal in
          let peer = node.peers[ordinal]
          return ClusterView.SeenMember(
            member: node.member(ordinal), roundTrip: peer.roundTrip.estimate,
            silence: peer.heardAt.map { now.instant.since($0) },
            clockOffset: peer.clockOffset,
            isSynced: ordinal == node.ordinal ? node.isSynced : peer.isSynced)
        },
        heard: node.reachabilityRows)
    }
  }

  /// The number of this start of the member.
  package var boot: UInt64 { driver.withNode { $0.boot } }

  /// The latest events.
  package var eventRecord: EventRecord { driver.events.record }

  /// What readiness consists of.
  package var readiness: [(name: String, isPassed: Bool)] {
    let isResponsive = driver.isResponsive
    return driver.withNode { node in
      let isLeaving = if case .leaving = node.phase { true } else { node.phase == .ended }
      return [
        ("joined", node.isReady), ("synced", node.isSynced), ("staying", !isLeaving),
        ("responsive", isResponsive),
      ]
    }
  }
}
