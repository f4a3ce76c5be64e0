import Cluster
import ClusterAdmin

func runOrders(environment: [String: String]) async throws {
  var configuration = try Cluster.Configuration(environment: environment)
  configuration.resolver = .merging(name: "union of lines") { conflict in
    let lines = conflict.candidates.compactMap(\.string).flatMap { $0.split(separator: "\n") }
    return .value(Array(Set(lines).sorted().joined(separator: "\n").utf8))
  }
  let cluster = try Cluster(configuration)
  let admin = try AdminServer(for: cluster)
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await cluster.run() }
    group.addTask { try await admin.run() }
    try await cluster.ready()
    try cluster.store.put("orders/1", "tea")
    for await change in cluster.store.changes(prefix: "orders/", from: .snapshot) {
      if cluster.isLeader { print(change.key, change.kind) }
    }
    group.cancelAll()
  }
}
