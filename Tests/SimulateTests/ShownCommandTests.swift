import FoundationEssentials
import Testing

@testable import simulate

/// Calls of `simulate` that pages show, held against what the command takes.
@Suite struct `A call of simulate that a page shows` {
  private static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

  /// What follows `simulate` on the pages' lines, up to the end of the code or to a comment.
  private static func calls() throws -> [(place: String, words: [String])] {
    let articles = "Sources/ClusterSimulation/ClusterSimulation.docc"
    let names = try FileManager.default.contentsOfDirectory(
      atPath: root.appending(path: articles).path)
    let pages =
      ["README.md", "deploy/README.md"]
      + names.filter { $0.hasSuffix(".md") }.sorted().map {
        "\(articles)/\($0)"
      }
    return try pages.flatMap { page in
      let text = try String(
        decoding: Data(contentsOf: root.appending(path: page)), as: UTF8.self)
      return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap {
        (line, text) in
        text.split(separator: "simulate ").dropFirst().map { rest in
          let call = rest.prefix { $0 != "`" && $0 != "#" }
          let words = call.split(separator: " ").map { $0.filter { $0 != "'" } }
          return ("\(page):\(line + 1)", words)
        }
      }.filter { entry in Verb.all.contains { $0.name == entry.1.first } }
    }
  }

  @Test func `is one that it takes`() throws {
    let calls = try Self.calls()
    #expect(calls.count >= 8, "fewer than there were: is it still found?")
    for (place, words) in calls where words.count > 1 {
      let verb = try #require(Verb.all.first { $0.name == words[0] })
      do {
        let call = try Call(verb, words[1...])
        if call.value("--seeds") != nil { _ = try call.seeds() }
      } catch let exit as Exit {
        Issue.record("\(place): simulate \(words.joined(separator: " ")): \(exit.words ?? "")")
      }
    }
  }
}
