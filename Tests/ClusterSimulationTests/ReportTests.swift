import ClusterCore
import FoundationEssentials
import Testing

@testable import ClusterSimulation

@Suite struct `A report` {
  private struct Read: Decodable {
    struct Failure: Decodable {
      var seed: Int
      var invariant: String
      var command: String
      var minimal: String?
    }
    struct Spans: Decodable { var p50: Int?, p99: Int?, max: Int?, count: Int }
    var scenario: String
    var runs: Int
    var failures: [Failure]
    var events: Int
    var convergenceMilliseconds: Spans
  }

  @Test func `is read by any program`() throws {
    var scenario = Scenario(name: "a \"b\"\n\\", nodes: 2)
    scenario.file = "a b.scenario"
    scenario.at(.seconds(3)) { $0.put("k", "v", at: 0) }
    scenario.always("no write\t") { $0.writes == 0 }
    let report = try Simulation(scenario).run(seeds: 0..<2)
    let read = try JSONDecoder().decode(Read.self, from: Data(report.json.utf8))
    #expect(read.scenario == scenario.name && read.runs == 2 && read.events > 0)
    #expect(read.failures.map(\.invariant) == Array(repeating: "always: no write\t", count: 2))
    #expect(read.failures.map(\.seed) == [0, 1])
    #expect(
      read.failures[0].command
        == "swift run -c release simulate replay 'a b.scenario' --seed 0 --trace")
    #expect(read.failures[0].minimal?.contains(" put k v at 0") == true)
    #expect(read.convergenceMilliseconds.count == 0 && read.convergenceMilliseconds.p50 == nil)
    #expect(!report.json.contains("\n"))
  }

  @Test func `of a good sweep says how long things took`() throws {
    var scenario = Scenario(name: "crash", nodes: 3)
    scenario.at(.seconds(5)) { $0.crash(2) }
    let report = try Simulation(scenario).run(seeds: 0..<3)
    try report.requirePassed()
    let read = try JSONDecoder().decode(Read.self, from: Data(report.json.utf8))
    #expect(read.convergenceMilliseconds.count == 3)
    #expect(read.convergenceMilliseconds.p50 ?? 0 <= read.convergenceMilliseconds.max ?? 0)
    #expect("\(report)".contains("crash: 3 runs, 0 failed, hash "))
    #expect("\(report)".contains("a crash known to all: p50 "))
  }
}
