import ClusterCore
import FoundationEssentials
import Testing

@testable import ClusterSimulation

/// One seed each, which isn't run twice: sweeps are made in release, by `simulate run`.
@Suite("The scenario files") struct ScenarioFileTests {
  private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Simulations/Scenarios").standardizedFileURL

  static func text(_ name: String) throws -> String {
    let data = try Data(contentsOf: directory.appending(path: name + ".scenario"))
    return String(decoding: data, as: UTF8.self)
  }

  static func read(_ name: String) throws -> Scenario { try Scenario(parsing: text(name)) }

  static let names = [
    "born-split", "bridge", "calm", "crash-during-split", "delete-vs-update", "disconnect-rejoin",
    "halves", "isolate-leader", "manual-recovery", "quick-restart", "rolling-restart",
    "skewed-clocks", "swarm", "swarm-small", "total-isolation",
  ]

  @Test(arguments: names)
  func `pass`(_ name: String) throws {
    try Simulation(Self.read(name)).run(seeds: 1..<2).requirePassed()
  }
}

@Suite struct `The example of the documentation` {
  @Test func `cart survives netsplit`() throws {
    let cartResolver = ConflictResolver.merging(name: "cart") { conflict in
      .value(Array(conflict.candidates.compactMap(\.value).joined(separator: [0x2C])))
    }
    var scenario = Scenario(nodes: 5, resolver: cartResolver)
    scenario.link = Link(
      latency: .exponential(mean: .milliseconds(20)), loss: .percent(2), duplicate: .percent(1))
    scenario.at(.seconds(10)) { $0.partition([0, 1], [2, 3, 4]) }
    scenario.at(.seconds(12)) {
      $0.put("cart", "book", at: 0); $0.put("cart", "pen", at: 3)
    }
    scenario.at(.seconds(60)) { $0.heal() }
    scenario.eventually("one cart", within: .seconds(20)) { $0.allEqual("cart") && $0.leader == 0 }
    scenario.sometimes("the resolver ran") { $0.resolverCalls > 0 }
    let report = try Simulation(scenario).run(seeds: 1..<2)
    try report.requirePassed()
  }
}
