/// The network of a demonstration. A real member has none: nothing over HTTP can cut a real network.
package protocol DemoNetwork: Sendable {
  /// The members of one side of the cut, those of the other being the rest; empty while nothing is.
  var side: [String] { get }
  /// Cuts these members off from the rest. All links between are gone until `heal`.
  func cut(_ side: [String])
  /// Ends the cut.
  func heal()
}

/// What the dashboard of a demonstration can do to its network.
enum DemoRoutes {
  static func table(_ network: any DemoNetwork) -> [Route] {
    [
      Route(
        .get, "/demo/cut", "Who is cut off",
        replies: [.json(.ok, "Cut", "The names of one side, none while nothing is cut")],
        { _ in answer(network) }),
      Route(
        .put, "/demo/cut",
        query: [.init("side", .text, "Names of one side, separated by commas")],
        "Cut the network between some members and the rest",
        replies: [.json(.ok, "Cut", "It is cut")],
        { call throws(ProblemDetails) in try cut(call, network) }),
      Route(
        .delete, "/demo/cut", "Heal the network", replies: [.json(.ok, "Cut", "It is whole")],
        { _ in
          network.heal()
          return answer(network)
        }),
    ]
  }

  private static func cut(
    _ call: Call, _ network: any DemoNetwork
  ) throws(ProblemDetails) -> Response {
    let names = (call.query["side"] ?? "").split(separator: ",").map(String.init)
    let expected = call.cluster.expectedNames
    guard !names.isEmpty, names.allSatisfy(expected.contains), Set(names).count < expected.count
    else {
      throw ProblemDetails(
        .badRequest, "side must name some members of the cluster, not none and not all.")
    }
    network.cut(names)
    return answer(network)
  }

  private static func answer(_ network: any DemoNetwork) -> Response {
    .json(.ok) { json in
      json.object { json in
        json.name("side")
        json.array(network.side)
      }
    }
  }
}
