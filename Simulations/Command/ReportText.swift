import ClusterSimulation

/// A report for people, and one for programs.
enum ReportText {
  static func table(_ scenario: Scenario, _ report: Report, _ elapsed: Duration) -> String {
    let sums = report.statistics
    var lines = report.failures.prefix(20).map(String.init(describing:))
    if report.failures.count > 20 { lines.append("... and \(report.failures.count - 20) more") }
    let milliseconds = UInt64(max(elapsed / .milliseconds(1), 1))
    lines.append(
      "\(scenario.name): \(sums.runs) runs, \(report.failures.count) failed,"
        + " hash \(Simulation.hexadecimal(report.hash))")
    lines.append(
      "  \(sums.events) events (\(sums.events * 1_000 / milliseconds)/s),"
        + " \(sums.simulated.components.seconds) s simulated in \(milliseconds) ms")
    lines.append(
      "  \(sums.writes) writes (\(sums.refusedWrites) refused), \(sums.conflicts) conflicts,"
        + " \(sums.datagrams) datagrams, \(sums.frames) frames, \(sums.bytes) bytes")
    lines.append(
      "  \(sums.leaderChanges) leader changes, \(sums.partitionsSuspected) partitions suspected,"
        + " \(sums.partitionsHealed) healed")
    lines.append("  a crash known to all: \(text(sums.detection))")
    lines.append("  converged after the last fault: \(text(sums.convergence))")
    return lines.joined(separator: "\n")
  }

  static func json(_ scenario: Scenario, _ seeds: Range<UInt64>, _ report: Report) -> String {
    let sums = report.statistics
    let failures = report.failures.map { failure in
      "{\"seed\":\(failure.seed),\"invariant\":\(quoted(failure.invariant)),"
        + "\"detail\":\(quoted(failure.detail)),\"time\":\(milliseconds(failure.time)),"
        + "\"node\":\(failure.node.map(String.init) ?? "null"),"
        + "\"command\":\(quoted(failure.command))}"
    }
    let fields = [
      "\"scenario\":\(quoted(scenario.name))",
      "\"seeds\":[\(seeds.lowerBound),\(seeds.upperBound)]",
      "\"hash\":\"\(Simulation.hexadecimal(report.hash))\"",
      "\"failures\":[\(failures.joined(separator: ","))]",
      "\"events\":\(sums.events)", "\"writes\":\(sums.writes)",
      "\"refusedWrites\":\(sums.refusedWrites)", "\"conflicts\":\(sums.conflicts)",
      "\"datagrams\":\(sums.datagrams)", "\"bytes\":\(sums.bytes)",
      "\"detectionMilliseconds\":\(percentiles(sums.detection))",
      "\"convergenceMilliseconds\":\(percentiles(sums.convergence))",
    ]
    return "{" + fields.joined(separator: ",") + "}"
  }

  private static func text(_ spans: Percentiles) -> String {
    guard let half = spans.percentile(50), let most = spans.percentile(99),
      let all = spans.percentile(100)
    else { return "never measured" }
    return "p50 \(milliseconds(half)) ms, p99 \(milliseconds(most)) ms, max \(milliseconds(all)) ms"
      + " (\(spans.count))"
  }

  private static func percentiles(_ spans: Percentiles) -> String {
    let values = [50, 99, 100].map { spans.percentile($0).map { "\(milliseconds($0))" } ?? "null" }
    return
      "{\"p50\":\(values[0]),\"p99\":\(values[1]),\"max\":\(values[2]),\"count\":\(spans.count)}"
  }

  private static func milliseconds(_ span: Duration) -> Int64 {
    span.components.seconds * 1_000 + span.components.attoseconds / 1_000_000_000_000_000
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
