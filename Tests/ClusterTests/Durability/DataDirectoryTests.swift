@testable import Cluster
import Testing

/// A member with a directory of this machine.
@Suite struct DataDirectoryTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/data" }

  init() throws { folder = try TemporaryFolder() }

  /// Runs a member that keeps its store, and leaves gracefully at the end.
  private func withMember(
    _ name: String = "app-0", _ body: (Cluster) async throws -> Void
  ) async throws {
    let peers = try FreePorts.take(1).map { "127.0.0.1:\($0)" }
    var configuration = Cluster.Configuration(name: name, peers: peers)
    configuration.dataDirectory = path
    configuration.logHandler = { _, _, _ in }
    let member = try Cluster(configuration)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await member.run() }
      do {
        try await member.ready()
        try await body(member)
      } catch ClusterError.ended {
        try await group.waitForAll()
      }
      await member.shutdown()
      try await group.waitForAll()
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a store outlasts its process`() async throws {
    try await withMember { member in
      try member.store.put("a", "1")
      try member.store.put("b", "2")
      try member.store.delete("b")
    }
    try await withMember { member in
      #expect(member.store.string(forKey: "a") == "1")
      #expect(member.store["b"] == nil)
      #expect(member.store.entry("a")?.origin.boot != member.members[0].boot)
      try member.store.put("c", "3")
    }
    try await withMember { #expect($0.store.keys() == ["a", "c"]) }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a directory has one process at a time, and one member`() async throws {
    try await withMember { member in
      try member.store.put("a", "1")
      await #expect {
        try await withMember { _ in }
      } throws: { error in
        "\(error)".contains("is used by another process")
      }
    }
    await #expect {
      try await withMember("other-0") { _ in }
    } throws: { error in
      "\(error)".contains("another name, namespace or Service")
    }
    try await withMember { #expect($0.store.keys() == ["a"]) }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a directory that can't be had ends the start with its reason`() async throws {
    var configuration = Cluster.Configuration(name: "app-0", peers: ["127.0.0.1:1"])
    configuration.dataDirectory = "/proc/nothing/here"
    configuration.logHandler = { _, _, _ in }
    let member = try Cluster(configuration)
    await #expect {
      try await member.run()
    } throws: { error in
      "\(error)".contains("/proc/nothing/here")
    }
    await #expect(throws: ClusterError.ended) { try await member.ready() }
  }

  @Test(.timeLimit(.minutes(1)))
  func `damage is told, and what is whole comes back`() async throws {
    try await withMember { member in
      for number in 0..<10 {
        try member.store.put("k\(number)", "v")
        await eventually("it is flushed") { member.driver.withNode { $0.store.isFlushed } }
      }
    }
    var bytes = try folder.read("data/journal")
    bytes[bytes.count / 2] ^= 1
    try folder.write(bytes, "data/journal")
    try await withMember { member in
      await eventually("it is looked through") { member.store.count == 9 }
      await eventually("it is written anew") { member.driver.withNode { $0.store.isFlushed } }
      #expect(member.metrics.prometheusText().contains("cluster_store_damages_total 1"))
    }
    #expect(try folder.read("data/journal.damaged") == bytes)
    try await withMember { member in
      #expect(member.store.count == 9)
      #expect(member.metrics.prometheusText().contains("cluster_store_damages_total 0"))
    }
  }
}
