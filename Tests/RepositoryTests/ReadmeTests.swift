import Foundation
import Testing

@Suite struct ReadmeTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }

  @Test func `the code in the README is the code that the tests compile`() throws {
    let blocks = try text("README.md").components(separatedBy: "```swift\n").dropFirst()
    let code = blocks.compactMap { $0.components(separatedBy: "```").first }
    #expect(code == [try text("Tests/ClusterAdminTests/ReadmeExample.swift")])
  }

  @Test func `every folder that the README names is there`() throws {
    for folder in [
      "Sources/ClusterCore/Membership", "Sources/ClusterCore/Leadership",
      "Sources/ClusterCore/Store", "Sources/ClusterCore/Wire", "Sources/Cluster/System",
      "Sources/CClusterLinux", "Sources/ClusterAdmin", "Sources/ClusterSimulation",
      "Sources/ClusterCommand", "Simulations", "Tests/EndToEnd", "deploy",
    ] {
      #expect(FileManager.default.fileExists(atPath: Self.root.appending(path: folder).path()))
    }
  }
}
