import ClusterCore

extension Report: CustomStringConvertible {
  /// The failures, and then what the runs came to, for people.
  public var description: String {
    let sums = statistics
    var lines = failures.prefix(20).map(String.init(describing:))
    if failures.count > 20 { lines.append("... and \(failures.count - 20) more") }
    lines += [
      "\(scenario): \(sums.runs) runs, \(failures.count) failed,"
        + " hash \(Simulation.hexadecimal(hash))",
      "  \(sums.events) events, \(sums.simulated.components.seconds) s simulated",
      "  \(sums.writes) writes (\(sums.refusedWrites) refused), \(sums.conflicts) conflicts,"
        + " \(sums.datagrams) datagrams, \(sums.frames) frames, \(sums.bytes) bytes",
      "  \(sums.leaderChanges) leader changes, \(sums.partitionsSuspected) partitions suspected,"
        + " \(sums.partitionsHealed) healed",
      "  a crash known to all: \(sums.detection)",
      "  converged after the last fault: \(sums.convergence)",
    ]
    return lines.joined(separator: "\n")
  }

  /// The same for programs: one JSON object on one line.
  public var json: String {
    let sums = statistics
    let fields = [
      "\"scenario\":\(JSONText.quoted(scenario))", "\"runs\":\(sums.runs)",
      "\"hash\":\"\(Simulation.hexadecimal(hash))\"",
      "\"failures\":[\(failures.map(\.json).joined(separator: ","))]",
      "\"neverReached\":[\(neverReached.map(JSONText.quoted).joined(separator: ","))]",
      "\"events\":\(sums.events)",
      "\"simulatedMilliseconds\":\(JSONText.milliseconds(sums.simulated))",
      "\"writes\":\(sums.writes)", "\"refusedWrites\":\(sums.refusedWrites)",
      "\"conflicts\":\(sums.conflicts)", "\"datagrams\":\(sums.datagrams)",
      "\"frames\":\(sums.frames)", "\"bytes\":\(sums.bytes)",
      "\"leaderChanges\":\(sums.leaderChanges)",
      "\"partitionsSuspected\":\(sums.partitionsSuspected)",
      "\"partitionsHealed\":\(sums.partitionsHealed)",
      "\"detectionMilliseconds\":\(sums.detection.json)",
      "\"convergenceMilliseconds\":\(sums.convergence.json)",
    ]
    return "{\(fields.joined(separator: ","))}"
  }
}

extension Failure {
  /// The failure as a JSON object.
  fileprivate var json: String {
    let fields = [
      "\"seed\":\(seed)", "\"invariant\":\(JSONText.quoted(invariant))",
      "\"detail\":\(JSONText.quoted(detail))", "\"time\":\(JSONText.milliseconds(time))",
      "\"node\":\(node.map(String.init) ?? "null")", "\"command\":\(JSONText.quoted(command))",
      "\"minimal\":\(isShrunk ? JSONText.quoted(minimal.text) : "null")",
    ]
    return "{\(fields.joined(separator: ","))}"
  }
}

extension Percentiles: CustomStringConvertible {
  /// Half of them, nearly all of them, all of them, in milliseconds.
  public var description: String {
    guard let half = percentile(50), let most = percentile(99), let all = percentile(100) else {
      return "never measured"
    }
    return "p50 \(JSONText.milliseconds(half)) ms, p99 \(JSONText.milliseconds(most)) ms,"
      + " max \(JSONText.milliseconds(all)) ms (\(count))"
  }

  fileprivate var json: String {
    let values = [50, 99, 100].map { percent in
      percentile(percent).map { "\(JSONText.milliseconds($0))" } ?? "null"
    }
    return "{\"p50\":\(values[0]),\"p99\":\(values[1]),\"max\":\(values[2]),\"count\":\(count)}"
  }
}
