import Foundation
import Testing

@Suite struct LayoutTests {
  @Test func `the top level holds nothing but what the design names`() throws {
    let allowed = ["Package.swift", "README.md", "Simulations", "Sources", "Tests", "deploy"]
    let entries = try FileManager.default.contentsOfDirectory(atPath: Repository.root.path)
      .filter { !$0.hasPrefix(".") && $0 != "Package.resolved" }
    #expect(entries.filter { !allowed.contains($0) } == [])
    for name in allowed where name != "README.md" { #expect(entries.contains(name)) }
  }

  @Test func `every source folder is a target of the package`() throws {
    let manifest = try #require(Repository.text("Package.swift"))
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appending(path: "Sources").path)
    for folder in folders where !folder.hasPrefix(".") {
      #expect(manifest.contains("\"\(folder)\""), "\(folder)")
    }
  }

  @Test func `the core's tests mirror its folders`() {
    let folders = { (base: String) in
      Set(
        Repository.paths(base).filter { $0.hasSuffix(".swift") }
          .compactMap { $0.dropFirst(base.count + 1).split(separator: "/").dropLast().first })
    }
    let core = folders("Sources/ClusterCore")
    // Beside the mirror: what tests share, and rules of the design that hold across folders.
    #expect(folders("Tests/ClusterCoreTests").subtracting(["Support", "Rules"]) == core)
  }

  @Test(.enabled(if: Repository.text("README.md") != nil))
  func `the README names the four uses`() throws {
    let text = try #require(Repository.text("README.md")).lowercased()
    for word in ["import cluster", "resolver", "simulat", "metrics"] {
      #expect(text.contains(word), "\(word)")
    }
  }
}
