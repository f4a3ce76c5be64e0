import ClusterCore
import ClusterSimulation
import FoundationEssentials
import Testing

@Suite struct `The articles` {
  private static let here = URL(filePath: #filePath).deletingLastPathComponent()
  private static let catalog = here.appending(
    path: "../../../Sources/ClusterSimulation/ClusterSimulation.docc"
  ).standardizedFileURL

  static let names = [
    "ClusterSimulation", "WritingAScenario", "CheckingAResolver", "ReadingAFailure",
  ]

  private func text(_ url: URL) throws -> String {
    String(decoding: try Data(contentsOf: url), as: UTF8.self)
  }

  private func blocks(_ article: String, _ language: String) throws -> [String] {
    try text(Self.catalog.appending(path: article + ".md")).split(separator: "```\(language)\n")
      .dropFirst().map {
        String($0.prefix(upTo: $0.firstRange(of: "```")?.lowerBound ?? $0.endIndex))
      }
  }

  @Test(arguments: names)
  func `show code that the tests compile and run`(_ article: String) throws {
    let compiled = try text(Self.here.appending(path: "ArticleExamples.swift"))
    let shown = try blocks(article, "swift")
    #expect(!shown.isEmpty)
    for block in shown { #expect(compiled.contains(block), "\(block)") }
  }

  @Test func `say of every rule how it is missed`() throws {
    let text = try text(Self.catalog.appending(path: "TestingTheTests.md"))
    for fault in PlantedFault.allCases { #expect(text.contains("`\(fault.rawValue)`")) }
  }

  @Test func `name tests that are there for each trap`() throws {
    let tests = Self.here.appending(path: "../..").standardizedFileURL
    let files = try ["ClusterCoreTests", "ClusterTests"].flatMap { folder in
      try FileManager.default.subpathsOfDirectory(atPath: tests.appending(path: folder).path)
        .map { "\(folder)/\($0)" }
    }
    let rows = try text(Self.catalog.appending(path: "TestingTheTests.md"))
      .split(separator: "\n").map { $0.split(separator: " | ") }
      .filter { $0.count == 4 && $0[2].hasSuffix("Tests") }
    #expect(rows.count > 20)
    for row in rows {
      let file = try #require(files.first { $0.hasSuffix("/\(row[2]).swift") }, "\(row[2])")
      #expect(try text(tests.appending(path: file)).contains("func \(row[1])("), "\(row[1])")
    }
  }

  @Test func `show scenarios that can be run`() throws {
    let shown = try blocks("WritingAScenario", "text")
    #expect(shown.count == 1)
    for block in shown {
      try Simulation(Scenario(parsing: block)).run(seeds: 0..<1).requirePassed()
    }
  }
}
