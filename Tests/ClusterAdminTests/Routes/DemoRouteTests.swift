import ClusterAdmin
import Synchronization
import Testing

@Suite struct DemoRouteTests {
  final class Network: DemoNetwork {
    let state = Mutex<[String]>([])
    var side: [String] { state.withLock { $0 } }
    func cut(_ side: [String]) { state.withLock { $0 = side } }
    func heal() { state.withLock { $0 = [] } }
  }

  private func conversation(_ network: Network) -> Conversation {
    Conversation(
      policy: AccessPolicy(token: nil, isOpen: false, hosts: ["app-0"]), demo: network)
  }

  @Test func `the network of a demonstration is cut and healed`() throws {
    var conversation = conversation(Network())
    #expect(try conversation.ask("GET /demo/cut").text == #"{"side":[]}"#)
    #expect(
      try conversation.ask("PUT /demo/cut?side=app-0,app-2").text == #"{"side":["app-0","app-2"]}"#)
    #expect(try conversation.ask("GET /views").text.contains(#""demo":true"#))
    #expect(try conversation.ask("DELETE /demo/cut").text == #"{"side":[]}"#)
  }

  @Test(arguments: ["", "?side=", "?side=app-9", "?side=app-0,app-1,app-2", "?side=app-0,,x"])
  func `a cut needs two sides of known members`(query: String) throws {
    let network = Network()
    var conversation = conversation(network)
    #expect(try conversation.ask("PUT /demo/cut\(query)").status == 400)
    #expect(network.side == [])
  }

  @Test(arguments: ["GET", "PUT", "DELETE"])
  func `a real member has no such routes`(method: String) throws {
    var conversation = Conversation()
    #expect(try conversation.ask("\(method) /demo/cut?side=app-0").status == 404)
  }
}
