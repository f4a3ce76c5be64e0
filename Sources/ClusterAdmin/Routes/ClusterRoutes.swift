import Cluster
import ClusterCore

/// The cluster and its members.
enum ClusterRoutes {
  static func show(_ call: Call) -> Response {
    var response =
      Accept(call.request.fields).prefers("text/html")
      ? page(document(of: call.cluster, recovery: call.cluster.recovery))
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

  static func members(_ call: Call) -> Response {
    .json(.ok) { json in
      json.object { json in
        json.name("members")
        json.array { json in
          for member in call.cluster.members { write(member, to: &json) }
        }
      }
    }
  }

  static func leader(_ call: Call) -> Response {
    let leader = call.cluster.leader
    return .json(.ok) { json in
      json.object { json in
        json.name("leader")
        write(leader.member?.name, to: &json)
        json.name("confirmed")
        json.boolean(leader.isConfirmed)
        json.name("term")
        if case .confirmed(_, let term) = leader { json.string(String(term)) } else { json.null() }
      }
    }
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
        json.name("leader")
        write(cluster.leader.member?.name, to: &json)
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
  private static func write(_ member: Member, to json: inout JSONWriter) {
    json.object { json in
      json.name("name")
      json.string(member.name)
      json.name("ordinal")
      json.number(member.ordinal)
      json.name("address")
      write(member.address?.description, to: &json)
      json.name("state")
      json.string(member.state.rawValue)
      json.name("boot")
      json.string(String(member.boot))
      json.name("incarnation")
      json.string(String(member.incarnation))
    }
  }

  private static func write(_ text: String?, to json: inout JSONWriter) {
    if let text { json.string(text) } else { json.null() }
  }

  /// The status for people: the same document, shown as it is.
  private static func page(_ document: [UInt8]) -> Response {
    var body: [UInt8] = []
    body.append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Cluster</title>")
    body.append("<h1>Cluster</h1><p>The cluster as this member sees it.</p><pre>")
    for byte in document {
      switch byte {
      case UInt8(ascii: "<"): body.append("&lt;")
      case UInt8(ascii: ">"): body.append("&gt;")
      case UInt8(ascii: "&"): body.append("&amp;")
      default: body.append(byte)
      }
    }
    body.append("</pre></html>\n")
    var response = Response(.ok, body: body)
    response.add(.contentType, "text/html; charset=utf-8")
    response.add(.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'; sandbox")
    return response
  }
}
