import ClusterSimulation

/// What a sweep says beside its report: how fast it went.
enum ReportText {
  static func rate(_ report: Report, _ elapsed: Duration) -> String {
    let milliseconds = UInt64(max(elapsed / .milliseconds(1), 1))
    let sums = report.statistics
    let times = Double(sums.simulated.components.seconds) * 1_000 / Double(milliseconds)
    return "  in \(milliseconds) ms: \(UInt64(sums.runs) * 1_000 / milliseconds) runs and"
      + " \(sums.events * 1_000 / milliseconds) events a second, \(UInt64(times)) x real time"
  }
}
