import Cluster
import Testing

@testable import ClusterCommand

private func info(_ state: String, _ leader: String?, _ nodes: Int) -> ClusterInfo {
  ClusterInfo(
    recovery: "auto", state: state, size: 3, leader: leader,
    nodes: (0..<nodes).map { "demo-\($0)" }, store: .init(size: 0))
}

@Suite struct DemoTests {
  @Test func `ports count up, and those that are taken are passed over`() throws {
    let taken: Set = [8_081, 7_946]
    let plan = try #require(
      DemoPlan(count: 3, port: 7_946, httpPort: 8_080) { !taken.contains($0) })
    #expect(plan.nodes.map(\.name) == ["demo-0", "demo-1", "demo-2"])
    #expect(plan.nodes.map(\.httpPort) == [8_080, 8_082, 8_083])
    #expect(plan.peers == ["127.0.0.1:7947", "127.0.0.1:7948", "127.0.0.1:7949"])
  }

  @Test func `the two kinds of ports never meet`() throws {
    let plan = try #require(DemoPlan(count: 2, port: 8_080, httpPort: 8_080) { _ in true })
    #expect(plan.nodes.map(\.httpPort) == [8_080, 8_081])
    #expect(plan.nodes.map(\.port) == [8_082, 8_083])
  }

  @Test func `without enough ports there is no plan`() {
    #expect(DemoPlan(count: 2, port: 65_535, httpPort: 8_080) { _ in true } == nil)
    #expect(DemoPlan(count: 1, port: 1, httpPort: 1) { _ in false } == nil)
  }

  @Test func `every planned member has a valid configuration`() throws {
    let plan = try #require(DemoPlan(count: 5, port: 7_946, httpPort: 8_080) { _ in true })
    let environment = ["CLUSTER_SIZE": "9", "CLUSTER_LOG_LEVEL": "debug", "PATH": "/bin"]
    let configurations = try plan.configurations(environment: environment)
    #expect(configurations.map(\.port) == [7_946, 7_947, 7_948, 7_949, 7_950])
    #expect(configurations.map(\.httpPort) == [8_080, 8_081, 8_082, 8_083, 8_084])
    #expect(configurations.allSatisfy { $0.size == 5 && $0.logLevel == .debug })
    #expect(configurations.allSatisfy { $0.isLoopbackOnly })
    #expect(plan.environment(of: plan.nodes[0], from: environment)["PATH"] == "/bin")
  }

  @Test func `members that see the same are shown as one`() {
    #expect(DemoObserver.line([("demo-0", nil)]) == "no member answers")
    #expect(
      DemoObserver.line([("demo-0", info("green", "demo-0", 3)), ("demo-1", nil)])
        == "green, 3 of 3 live, demo-0 leads")
    #expect(
      DemoObserver.line([
        ("demo-0", info("red", "demo-0", 1)), ("demo-1", info("yellow", "demo-1", 2)),
        ("demo-2", info("yellow", "demo-1", 2)),
      ])
        == "demo-0: red, 1 of 3 live, demo-0 leads | "
        + "demo-1 demo-2: yellow, 2 of 3 live, demo-1 leads")
  }

  @Test(arguments: ["0", "101", "five", "-1"])
  func `a number of members that cannot be is refused`(number: String) async {
    let run = await CommandRun.of("demo", "--nodes", number)
    #expect(run.status == .usage)
    #expect(run.words.contains("from 1 to 100"))
  }
}
