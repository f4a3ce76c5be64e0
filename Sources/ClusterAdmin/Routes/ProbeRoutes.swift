import Cluster

/// What machines ask for regularly.
enum ProbeRoutes {
  static func leads(_ call: Call) -> Response { answer(call.cluster.isLeader) }

  static func ready(_ call: Call) -> Response { answer(call.cluster.isReady) }

  static func lives(_ call: Call) -> Response { answer(call.cluster.isResponsive) }

  static func metrics(_ call: Call) -> Response {
    var response = Response(
      .ok, body: MetricsText.encoded(call.cluster.metrics + call.tally.families))
    response.add(.contentType, FieldValue(MetricsText.contentType.description))
    return response
  }

  private static func answer(_ isTrue: Bool) -> Response {
    .json(isTrue ? .ok : .unavailable) { json in json.object { _ in } }
  }
}
