import Cluster
import ClusterCore

/// Detail, for tools and the dashboard.
enum DetailRoutes {
  static func members(_ call: Call) -> Response {
    let report = call.cluster.report
    return .json(.ok) { report.write(to: &$0) }
  }

  /// What this member believes now, and what the others answered lately when it asked them.
  static func views(_ call: Call) -> Response {
    let own = call.cluster.report
    let views = call.views?.latest() ?? []
    let now = Clock.now().wallMilliseconds
    return .json(.ok) { json in
      json.object { json in
        json.member("member", own.member)
        json.member("demo", call.isDemo)
        json.name("views")
        json.array { json in
          for name in call.cluster.expectedNames {
            let view =
              name == own.member
              ? PeerView(name: name, wallMilliseconds: now, report: own)
              : views.first { $0.name == name } ?? PeerView(name: name)
            view.write(to: &json, at: now)
          }
        }
      }
    }
  }

  /// 200 on the leader and 503 elsewhere, with the same body: what a proxy's check wants.
  static func leader(_ call: Call) -> Response {
    let leader = call.cluster.leader
    return .json(call.cluster.isLeader ? .ok : .unavailable) { json in
      json.object { ClusterRoutes.write(leader, to: &$0) }
    }
  }

  static func openAPI(_ call: Call) -> Response {
    var response = Response(.ok, body: OpenAPI.document)
    response.add(.contentType, "application/json")
    return response
  }
}
