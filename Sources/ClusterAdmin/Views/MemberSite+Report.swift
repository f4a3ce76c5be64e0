import Cluster
import ClusterCore

extension MemberSite {
  /// What this member believes, in full, as of one moment.
  var report: MemberReport {
    let view = cluster.view
    let seconds = { (span: Span64) in Double(span.nanoseconds / 1_000) / 1_000_000 }
    var report = MemberReport(
      member: name, boot: String(view.boot), version: Cluster.version)
    report.state = view.status.rawValue
    report.recovery = view.recovery == .automatic ? "auto" : "manual"
    report.leader = view.leadership.member?.name
    report.confirmed = view.leadership.isConfirmed
    if case .confirmed(_, let term) = view.leadership { report.term = String(term) }
    report.ready = view.isReady
    report.separated = view.isSeparated
    report.keys = keyCount
    report.conflicts = view.conflicts
    report.digest = String(view.storeDigest, radix: 16)
    report.uptimeSeconds = seconds(view.uptime)
    report.health = view.health
    report.resolver = cluster.configuration.resolver.name
    report.members = view.members.map { seen in
      var row = MemberReport.Row(
        name: seen.member.name, ordinal: seen.member.ordinal,
        address: seen.member.address?.description, state: seen.member.state.rawValue,
        boot: String(seen.member.boot), incarnation: String(seen.member.incarnation))
      row.roundTripSeconds = seen.roundTrip.map(seconds)
      row.heardSecondsAgo = seen.silence.map(seconds)
      row.clockOffsetSeconds = seen.clockOffset.map { Double($0) / 1_000 }
      row.synced = seen.isSynced
      return row
    }
    report.heard = view.heard.map { from, row in
      MemberReport.Hearsay(
        member: view.members[from].member.name,
        cells: row.cells.map { ReachabilityRow.reach($0).text })
    }
    return report
  }
}

extension Reach {
  /// As `MemberReport.Hearsay` has it.
  fileprivate var text: String {
    switch self {
    case .unknown: "unknown"
    case .unheard: "unheard"
    case .oneWay: "oneWay"
    case .bothWays(let roundTrip): String(Span64(roundTrip).nanoseconds / 1_000)
    }
  }
}
