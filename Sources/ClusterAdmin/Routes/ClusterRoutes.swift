import Cluster
import ClusterCore

/// The cluster and its members.
enum ClusterRoutes {
  static func show(_ call: Call) -> Response {
    var response =
      Accept(call.request.fields).prefers("text/html")
      ? Dashboard.page
      : status(of: call.cluster)
    response.add(.vary, "accept")
    return response
  }

  static func setRecovery(_ call: Call) throws(ProblemDetails) -> Response {
    let recovery: Recovery
    switch call.query["recovery"] {
    case nil, "auto": recovery = .automatic
    case "manual": recovery = .manual
    default: throw ProblemDetails(.badRequest, "recovery must be auto or manual.")
    }
    call.cluster.setRecovery(recovery)
    // The member's snapshot may be older than the command.
    return status(of: call.cluster, recovery: recovery)
  }

  static func join(_ call: Call) throws(ProblemDetails) -> Response {
    call.cluster.join(try call.host)
    return status(of: call.cluster)
  }

  static func dismiss(_ call: Call) throws(ProblemDetails) -> Response {
    let dismissal: Dismissal
    switch call.query["mode"] {
    case nil, "halt": dismissal = .halt
    case "leave", "disconnect": dismissal = .disconnect
    default: throw ProblemDetails(.badRequest, "mode must be halt, leave or disconnect.")
    }
    call.cluster.dismiss(try call.host, dismissal)
    return status(of: call.cluster)
  }

  private static func status(
    of cluster: any AdministeredCluster, recovery: Recovery? = nil
  ) -> Response {
    var response = Response(
      .ok, body: document(of: cluster, recovery: recovery ?? cluster.recovery))
    response.add(.contentType, "application/json")
    return response
  }

  /// The body of `GET /`.
  private static func document(
    of cluster: any AdministeredCluster, recovery: Recovery
  ) -> [UInt8] {
    let expected = cluster.expectedNames
    return JSONWriter.text { json in
      json.object { json in
        json.name("recovery")
        json.string(recovery == .automatic ? "auto" : "manual")
        json.name("state")
        json.string(cluster.status.rawValue)
        json.name("size")
        json.number(expected.count)
        json.member("leader", cluster.leader.member?.name)
        json.name("nodes")
        json.array(cluster.members.filter(\.isLive).map(\.name))
        json.name("store")
        json.object { json in
          json.name("size")
          json.number(cluster.keyCount)
          json.name("ram_copies")
          json.array(expected)
          json.name("replicas")
          json.object { json in
            json.name("all")
            json.array(expected)
            json.name("active")
            json.array(cluster.activeReplicas)
          }
        }
      }
    }
  }

  /// Boot and term have more bits than a JavaScript number: they are written as text.
  static func write(_ member: Member, to json: inout JSONWriter) {
    json.object { json in
      json.member("name", member.name)
      json.member("ordinal", member.ordinal)
      json.member("address", member.address?.description)
      json.member("state", member.state.rawValue)
      json.member("boot", String(member.boot))
      json.member("incarnation", String(member.incarnation))
    }
  }

  /// Writes the members of an object that says who leads.
  static func write(_ leader: Leadership, to json: inout JSONWriter) {
    json.member("leader", leader.member?.name)
    json.member("confirmed", leader.isConfirmed)
    if case .confirmed(_, let term) = leader {
      json.member("term", String(term))
    } else {
      json.member("term", nil as String?)
    }
  }
}
