import Cluster

/// What machines ask for regularly.
enum ProbeRoutes {
  static func leads(_ call: Call) -> Response { answer(call.cluster.isLeader) }

  static func ready(_ call: Call) throws(ProblemDetails) -> Response {
    guard try call.query.flag("verbose") else { return answer(call.cluster.isReady) }
    let checks = call.cluster.readinessChecks
    let isReady = checks.allSatisfy(\.isPassed)
    return .json(isReady ? .ok : .unavailable) { json in
      json.object { json in
        json.name("checks")
        json.array { json in
          for check in checks {
            json.object { json in
              json.member("name", check.name)
              json.member("ok", check.isPassed)
            }
          }
        }
      }
    }
  }

  static func lives(_ call: Call) -> Response { answer(call.cluster.isResponsive) }

  static func metrics(_ call: Call) -> Response {
    var response = Response(
      .ok,
      body: MetricsText.encoded(
        call.cluster.metrics + call.tally.families + ProcessMetrics.families))
    response.add(.contentType, FieldValue(MetricsText.contentType.description))
    return response
  }

  private static func answer(_ isTrue: Bool) -> Response {
    .json(isTrue ? .ok : .unavailable) { json in json.object { _ in } }
  }
}
