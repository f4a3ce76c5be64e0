import Cluster

/// `GET /openapi.json`: the table of routes as OpenAPI 3.1, so that tools can read it. It is made of
/// the table itself: what isn't answered isn't in it, and what is answered is.
enum OpenAPI {
  /// The document of a real member.
  static let document = document(of: Routes.table)

  static func document(of routes: [Route]) -> [UInt8] {
    JSONWriter.text { json in
      json.object { json in
        json.member("openapi", "3.1.0")
        json.name("info")
        json.object { json in
          json.member("title", "Cluster")
          json.member("version", Cluster.version)
          json.member(
            "description",
            "One member of a cluster. Every reply bears its name in the field host. A change needs "
              + "the bearer token, or comes from loopback where none is configured.")
        }
        json.name("paths")
        json.object { paths(of: routes, to: &$0) }
        json.name("components")
        json.object { json in
          json.name("securitySchemes")
          json.raw(#"{"token":{"type":"http","scheme":"bearer"}}"#)
          json.name("schemas")
          json.raw(OpenAPISchemas.text)
        }
      }
    }
  }

  private static func paths(of routes: [Route], to json: inout JSONWriter) {
    var seen: [String] = []
    for route in routes where !seen.contains(route.path) {
      seen.append(route.path)
      json.name(text: route.path)
      json.object { json in
        for operation in routes where operation.path == route.path {
          json.name(text: operation.method.rawValue.lowercased())
          json.object { write(operation, to: &$0) }
        }
      }
    }
  }

  private static func write(_ route: Route, to json: inout JSONWriter) {
    json.member("summary", route.summary)
    if route.isChange {
      json.name("security")
      json.raw(#"[{"token":[]},{}]"#)
    }
    json.name("parameters")
    json.array { json in
      if let name = route.argumentName { pathParameter(name, to: &json) }
      for parameter in route.query { write(parameter, to: &json) }
    }
    if route.method == .put, route.argumentName == "key" {
      json.name("requestBody")
      json.raw(
        #"{"required":false,"content":{"application/octet-stream":{"schema":{"#
          + #""type":"string","format":"binary"}}}}"#)
    }
    json.name("responses")
    json.object { json in
      for documented in route.replies + common(to: route) { write(documented, to: &json) }
    }
  }

  /// What every route may answer, and every change.
  private static func common(to route: Route) -> [Route.Documented] {
    var replies: [Route.Documented] = [
      .problem(.badRequest, "Something in the request is malformed, or unknown"),
      .problem(.misdirected, "The Host field names somebody else"),
      .problem(.targetTooLong, "The target is too long"),
      .problem(.fieldsTooLarge, "The header fields are too large"),
    ]
    if route.isChange {
      replies += [
        .problem(.unauthorized, "The token is missing or wrong"),
        .problem(.forbidden, "Changes are not taken from there"),
      ]
    }
    let own = route.replies.map(\.status)
    return replies.filter { !own.contains($0.status) }
  }

  private static func pathParameter(_ name: String, to json: inout JSONWriter) {
    json.object { json in
      json.member("name", name)
      json.member("in", "path")
      json.member("required", true)
      json.name("schema")
      json.object { json in
        json.member("type", "string")
        json.member("minLength", 1)
        json.member("maxLength", 512)
        if name == "key" {
          json.member("description", "At most 512 bytes of UTF-8, percent-encoded as one segment")
        }
      }
    }
  }

  private static func write(_ parameter: Route.Parameter, to json: inout JSONWriter) {
    json.object { json in
      json.member("name", parameter.name)
      json.member("in", "query")
      json.member("description", parameter.meaning)
      if case .flag = parameter.kind { json.member("allowEmptyValue", true) }
      json.name("schema")
      json.object { json in
        switch parameter.kind {
        case .text: json.member("type", "string")
        case .whole(let range):
          json.member("type", "integer")
          json.member("minimum", range.lowerBound)
          json.member("maximum", range.upperBound)
        case .choice(let choices):
          json.member("type", "string")
          json.name("enum")
          json.array(choices)
        case .flag:
          json.member("type", "string")
          json.name("enum")
          json.array(["", "true"])
        }
      }
    }
  }

  private static func write(_ documented: Route.Documented, to json: inout JSONWriter) {
    json.name(text: String(documented.status.code))
    json.object { json in
      json.member("description", documented.meaning)
      guard !documented.bodies.isEmpty else { return }
      json.name("content")
      json.object { json in
        for body in documented.bodies {
          json.name(text: body.type)
          json.object { json in
            json.name("schema")
            json.object { json in
              if let schema = body.schema {
                json.member("$ref", "#/components/schemas/\(schema)")
              } else {
                json.member("type", "string")
              }
            }
          }
        }
      }
    }
  }
}
