import Testing

/// The walls of the house: who may import what, and what the core may not even name.
@Suite struct ArchitectureTests {
  static let pure = ["Sources/ClusterCore", "Sources/ClusterSimulation"]

  @Test func `the core and the simulation import nothing but each other`() {
    for file in Repository.swiftFiles("Sources/ClusterCore") {
      #expect(file.matches(/^\s*([@\w()]+\s+)*import\s/) == [])
    }
    for file in Repository.swiftFiles("Sources/ClusterSimulation") {
      #expect(file.matches(/^\s*([@\w()]+\s+)*import\s+(?!ClusterCore\b)/) == [])
    }
  }

  @Test(arguments: pure)
  func `pure targets know no clock, no chance, no task and no fraction`(folder: String) {
    let files = Repository.swiftFiles(folder)
    #expect(files.count > 20)
    for file in files {
      #expect(
        file.matches(/\b(async|await|Task|Date|Float|Double)\b(?!:)|^\s*(\w+ )*actor [A-Z]/) == [])
      #expect(
        file.matches(/\b(ContinuousClock|SuspendingClock|SystemRandomNumberGenerator)\b/) == [])
      #expect(
        file.matches(/[^\w)\]]\.now\b|Clock\.now|\.random\(|\.randomElement\(/) == [])
      #expect(file.matches(/\.shuffled\(|\.hashValue\b/) == [])
    }
  }

  /// Dictionaries and sets have another order in every run. Those that there are, and why nobody goes
  /// through them in their own order.
  static let unordered: [String: String] = [
    "Sources/ClusterCore/Store/ConflictResolver.swift": "byPrefix: its keys are sorted first",
    "Sources/ClusterCore/Store/Store.swift": "FaultSet: goes through all cases in their order",
    "Sources/ClusterCore/NodeConfiguration.swift": "plantedFaults: made into a FaultSet",
    "Sources/ClusterSimulation/Exploring/Explorer.swift": "visited: looked up only",
    "Sources/ClusterSimulation/Invariants/ResolverDesk.swift": "answers: looked up only",
    "Sources/ClusterSimulation/Invariants/WriteOracle.swift": "indices: looked up only",
    "Sources/ClusterSimulation/Scenario/Scenario.swift": "plantedFaults: made into a FaultSet",
  ]

  @Test(arguments: pure)
  func `dictionaries and sets are few and known`(folder: String) {
    for file in Repository.swiftFiles(folder) where Self.unordered[file.path] == nil {
      #expect(
        file.matches(/\bDictionary\b|\bSet[<(]|\[[A-Z]\w*(\.\w+)*\s*:\s*[\[(]?[A-Z]\w*|\[:\]/) == []
      )
    }
    for path in Self.unordered.keys.sorted() where path.hasPrefix(folder) {
      let file = SourceFile(path)
      #expect(file?.matches(#/\bSet<|\[[A-Z]\w*: /#).isEmpty == false, "\(path) needs no exception")
    }
  }

  @Test(arguments: pure)
  func `a dictionary or set is never gone through in its own order`(folder: String) {
    for file in Repository.swiftFiles(folder) {
      let names = SourceFile.indices(of: file.code, with: "Set<", "[").compactMap { index in
        file.code[index].firstMatch(of: #/(?:var|let)\s+(\w+)\s*:\s*(?:Set<|\[[A-Z]\w*: )/#).map {
          String($0.1)
        }
      }
      guard !names.isEmpty else { continue }
      for index in SourceFile.indices(of: file.code, with: "for ") {
        guard let loop = file.code[index].firstMatch(of: /\bfor\s+.+\sin\s+(?:self\.)?(\w+)/) else {
          continue
        }
        #expect(!names.contains(String(loop.1)), "\(file.place(index))")
      }
    }
  }

  @Test func `the package depends on nothing`() throws {
    let manifest = try #require(Repository.text("Package.swift"))
    #expect(!manifest.contains(".package("))
    #expect(!manifest.contains("url:"))
  }

  @Test func `arrows point one way`() throws {
    let allowed: [String: Set<String>] = [
      "Sources/Cluster": ["ClusterCore", "CClusterLinux"],
      "Sources/ClusterAdmin": ["ClusterCore", "Cluster"],
      "Sources/ClusterCommand": ["ClusterCore", "Cluster", "ClusterAdmin", "CClusterLinux"],
      "Simulations/Command": ["ClusterCore", "ClusterSimulation"],
    ]
    for (folder, targets) in allowed {
      let files = Repository.swiftFiles(folder)
      #expect(!files.isEmpty)
      for file in files {
        for index in SourceFile.indices(of: file.code, with: "import") {
          guard let found = file.code[index].firstMatch(of: /\bimport\s+(C?Cluster\w*)/) else {
            continue
          }
          #expect(targets.contains(String(found.1)), "\(file.place(index))")
        }
      }
    }
  }
}
