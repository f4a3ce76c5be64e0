import ClusterCore
import Testing

@testable import ClusterSimulation

/// Members that keep their stores on disks, with what a crash does to these.
@Suite struct DiskTests {
  private func restarts(_ disk: Disk?, keeping: Bool) -> Scenario {
    var scenario = Scenario(nodes: 3)
    scenario.disk = disk
    scenario.at(.seconds(4)) { $0.put("k", "kept", at: 1) }
    scenario.at(.seconds(8)) { for node in 0..<3 { $0.crash(node) } }
    scenario.at(.seconds(9)) { for node in 0..<3 { $0.restart(node, keepingDisk: keeping) } }
    scenario.eventually("all is well", within: .seconds(20)) { $0.leader == 0 }
    return scenario
  }

  @Test func `a restart of all keeps what was flushed, if the disks are kept`() throws {
    for disk in [Disk(), nil] {
      var kept = restarts(disk, keeping: true)
      kept.eventually("it is there", within: .seconds(20)) {
        $0.allEqual("k") && $0.value("k", at: 0) == Array("kept".utf8)
      }
      try Simulation(kept).run(seeds: 1..<5).requirePassed()
    }
    var lost = restarts(nil, keeping: false)
    lost.eventually("it is gone", within: .seconds(20)) { $0.value("k", at: 0) == nil }
    try Simulation(lost).run(seeds: 1..<5).requirePassed()
  }

  /// Crashes at any moment of a write to the disk: a few here, many by `simulate run`.
  private func churn() throws -> Scenario { try ScenarioFileTests.read("disks") }

  @Test func `crashes in the middle of writes lose nothing that was told to be flushed`() throws {
    try Simulation(churn()).run(seeds: 1..<5).requirePassed()
  }

  @Test func `a scenario's disk is text and comes back from it`() throws {
    let scenario = try churn()
    #expect(
      scenario.disk
        == Disk(flush: .uniform(.milliseconds(1), .milliseconds(400)), kept: .percent(70)))
    #expect(try Scenario(parsing: scenario.text).disk == scenario.disk)
    let restart = try Scenario(
      parsing: """
        scenario r
        nodes 2
        at 5s restart 1 disk kept
        at 6s restart 1 disk lost
        """)
    #expect(restart.text.contains("restart 1 disk kept\n"))
    #expect(restart.text.contains("restart 1\n"))
  }

  @Test func `a run with disks is the same each time`() throws {
    let scenario = try churn()
    let first = try Simulation(scenario).run(seeds: 3..<4)
    #expect(try Simulation(scenario).run(seeds: 3..<4).hash == first.hash)
  }
}
