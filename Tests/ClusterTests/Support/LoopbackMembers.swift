import Cluster

/// Runs members on loopback at free ports until the body has ended, then has them leave gracefully.
///
/// - Parameter configure: Changes the configuration of the member with that ordinal.
func withLoopbackMembers(
  _ count: Int, configure: (Int, inout Cluster.Configuration) -> Void = { _, _ in },
  _ body: ([Cluster]) async throws -> Void
) async throws {
  let peers = try FreePorts.take(count).map { "127.0.0.1:\($0)" }
  let members = try (0..<count).map { ordinal in
    var configuration = Cluster.Configuration(name: "app-\(ordinal)", peers: peers)
    configuration.logHandler = { _, _, _ in }
    configure(ordinal, &configuration)
    return try Cluster(configuration)
  }
  try await withThrowingTaskGroup(of: Void.self) { group in
    for member in members { group.addTask { try await member.run() } }
    for member in members { try await member.ready() }
    try await body(members)
    for member in members { await member.shutdown() }
    try await group.waitForAll()
  }
}
