import ClusterCore
import FoundationEssentials
import Testing

@testable import ClusterSimulation

/// What ever broke, as small as it could be made: see `simulate shrink` and `simulate faults --corpus`.
@Suite struct `The corpus` {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Simulations/Corpus").standardizedFileURL

  private static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".scenario") }.map { String($0.dropLast(9)) }.sorted()
  }()

  private static func read(_ name: String) throws -> Scenario {
    let data = try Data(contentsOf: folder.appending(path: name + ".scenario"))
    return try Scenario(parsing: String(decoding: data, as: UTF8.self))
  }

  @Test func `is there`() {
    #expect(Self.names.count > 10)
  }

  @Test(arguments: names)
  func `passes`(_ name: String) throws {
    let scenario = try Self.read(name)
    let seed = try #require(scenario.seed)
    var run = Simulation(scenario, seed: seed)
    #expect(run.finish()?.description == nil)
  }

  /// The short ones only: a long one depends on exact moments, and any change of the core moves them.
  /// `simulate faults` finds those anew.
  private static let shortRules = names.compactMap(PlantedFault.init(rawValue:)).filter { fault in
    guard let scenario = try? read(fault.rawValue) else { return true }
    return scenario.steps.flatMap(\.actions).count <= 3
  }

  @Test func `has short ones`() {
    #expect(Self.shortRules.count >= 8)
  }

  @Test(arguments: shortRules)
  func `fails again as soon as the rule is gone`(_ fault: PlantedFault) throws {
    var scenario = try Self.read(fault.rawValue)
    scenario.plantedFaults = [fault]
    let isNoticed = ([try #require(scenario.seed)] + (0..<8)).contains { seed in
      var run = Simulation(scenario, seed: seed)
      return run.finish() != nil
    }
    #expect(isNoticed)
  }
}
