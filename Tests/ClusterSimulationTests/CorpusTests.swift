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

  /// What depends on exact moments is moved by any change of the core: `simulate faults` finds it anew.
  private static let momentary: Set<PlantedFault> = [
    .stableByLargestDot, .sealedWithoutAgreement, .olderBootsCount, .unflushedIsStable,
    .stableWhenReachableKnow, .noExceptions, .absenceDeletes, .verdictsBelieved,
  ]

  private static let rules = names.compactMap(PlantedFault.init(rawValue:))

  @Test func `has a run for most rules, none of them long`() throws {
    #expect(Self.rules.count >= 30)
    for rule in Self.rules {
      #expect(try Self.read(rule.rawValue).steps.flatMap(\.actions).count <= 10)
    }
  }

  @Test(arguments: rules.filter { !momentary.contains($0) })
  func `fails again as soon as the rule is gone`(_ fault: PlantedFault) throws {
    var scenario = try Self.read(fault.rawValue)
    scenario.plantedFaults.insert(fault)
    let isNoticed = ([try #require(scenario.seed)] + (0..<8)).contains { seed in
      var run = Simulation(scenario, seed: seed)
      return run.finish() != nil
    }
    #expect(isNoticed)
  }
}
