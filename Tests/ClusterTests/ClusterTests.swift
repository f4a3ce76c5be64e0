@testable import Cluster
import Testing

@Suite struct ClusterTests {
  @Test(.timeLimit(.minutes(1)))
  func `three members on loopback elect the first, replicate and leave`() async throws {
    try await withLoopbackMembers(3) { members in
      await eventually("it comes true") { members.allSatisfy { $0.status == .green } }
      await eventually("it comes true") { members[0].isLeader && !members[1].isLeader }
      try members[1].store.put("k", "v")
      await eventually("it comes true") {
        members.allSatisfy { $0.store.string(forKey: "k") == "v" }
      }
      try members[2].store.batch { batch in
        batch.put("a", "1")
        batch.put("b", encoding: ["x": 1])
        batch.delete("k")
      }
      await eventually("it comes true") { members[0].store.keys() == ["a", "b"] }
      #expect(try members[0].store.value([String: Int].self, forKey: "b") == ["x": 1])
      await eventually("it comes true") { Set(members.map(\.store.digest)).count == 1 }
      #expect(members[0].metrics.prometheusText().contains("cluster_store_size 2"))
      await members[0].shutdown()
      await eventually("it comes true") { members[1].isLeader }
      #expect(members[1].members[0].state == .left)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `a watcher gets a snapshot, a marker and then every change in order`() async throws {
    try await withLoopbackMembers(2) { members in
      try members[0].store.put("orders/1", "a")
      try members[0].store.put("other", "x")
      await eventually("it comes true") { members[1].store.count == 2 }
      let changes = members[1].store.changes(prefix: "orders/", from: .snapshot)
      try members[0].store.put("orders/2", "b")
      await eventually("it comes true") { members[1].store["orders/2"] != nil }
      try members[0].store.delete("orders/1")
      var kinds: [String] = []
      for await change in changes {
        switch change.kind {
        case .written(let value):
          kinds.append("\(change.key)=\(String(decoding: value, as: UTF8.self))")
        case .deleted: kinds.append("\(change.key) deleted")
        case .expired: kinds.append("\(change.key) expired")
        case .snapshotEnd: kinds.append("|")
        }
        if kinds.count == 4 { break }
      }
      #expect(kinds == ["orders/1=a", "|", "orders/2=b", "orders/1 deleted"])
    }
  }

  @Test func `writes before the member runs are refused`() throws {
    let cluster = try Cluster(
      Cluster.Configuration(name: "app-0", peers: ["127.0.0.1:1", "127.0.0.1:2"]))
    #expect(throws: StoreError.notReady) { try cluster.store.put("k", "v") }
    #expect(cluster.leader == .unknown)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a task that is cancelled leaves the cluster`() async throws {
    let port = try FreePorts.take(1)[0]
    var configuration = Cluster.Configuration(name: "app-0", peers: ["127.0.0.1:\(port)"])
    configuration.logHandler = { _, _, _ in }
    let cluster = try Cluster(configuration)
    let running = Task { try await cluster.run() }
    try await cluster.ready()
    #expect(cluster.isLeader)
    running.cancel()
    try await running.value
    await #expect(throws: ClusterError.ended) { try await cluster.ready() }
  }
}
