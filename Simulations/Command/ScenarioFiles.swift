import ClusterSimulation
import FoundationEssentials

/// The scenarios on disk.
enum ScenarioFiles {
  static let directory = "Simulations/Scenarios"

  /// Reads a scenario by its path, or by its name.
  static func read(_ name: String) throws -> Scenario {
    let path =
      name.contains("/") || name.hasSuffix(".scenario") ? name : "\(directory)/\(name).scenario"
    let text = try text(path)
    do throws(ScenarioError) {
      var scenario = try Scenario(parsing: text)
      scenario.file = path
      return scenario
    } catch {
      throw Exit.usage("\(path): \(error)")
    }
  }

  /// The names of all scenarios, in order.
  static func names() throws -> [String] {
    guard let files = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
      throw Exit.usage("there is no directory \(directory) here")
    }
    return files.filter { $0.hasSuffix(".scenario") }.map { String($0.dropLast(9)) }.sorted()
  }

  /// The text of a file.
  static func text(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(validating: data, as: UTF8.self)
    else { throw Exit.usage("cannot read \(path)") }
    return text
  }

  static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
  }
}
