import Cluster
import ClusterCore

/// What has no end: events and changes, as they come.
enum FeedRoutes {
  static func events(_ call: Call) throws(ProblemDetails) -> Response {
    let last = try call.lastEventID ?? call.query["after"]
    let seat = try seat(.events, call)
    return stream(
      ClusterEventFeed(
        call.cluster.eventRecord, boot: String(call.cluster.boot, radix: 16), after: last,
        ended: seat))
  }

  /// `GET /keys?watch`.
  static func keys(_ call: Call) throws(ProblemDetails) -> Response {
    let token = try (call.lastEventID ?? call.query["after"]).flatMap(ChangeToken.init(text:))
    let seat = try seat(.keys, call)
    let names = call.cluster.expectedNames
    return stream(
      KeyFeed(
        call.cluster.watch(
          prefix: Array((call.query["prefix"] ?? "").utf8),
          from: token.map { .after($0) } ?? .snapshot),
        nameOf: { names.indices.contains($0) ? names[$0] : String($0) }, ended: seat))
  }

  /// Takes one of the places that there are for feeds; what is given back is called when it is free
  /// again. Asking for a feed by HEAD takes one for a moment too.
  private static func seat(
    _ kind: FeedSeats.Kind, _ call: Call
  ) throws(ProblemDetails) -> @Sendable () -> Void {
    let (seats, client) = (call.tally.seats, call.peer)
    do throws(FeedSeats.Refusal) {
      try seats.take(kind, for: client)
    } catch {
      var problem =
        switch error {
        case .full:
          ProblemDetails(
            .unavailable, "There are \(FeedSeats.limit) feeds open, and no more may be.")
        case .tooMany:
          ProblemDetails(
            .tooManyRequests,
            "One address may have \(FeedSeats.limitPerAddress) feeds open, and has them.")
        }
      problem.fields = [Response.Field(name: .retryAfter, value: "10")]
      throw problem
    }
    return { seats.free(kind, of: client) }
  }

  private static func stream(_ feed: any EventFeed) -> Response {
    var response = Response(.ok)
    response.add(.contentType, "text/event-stream")
    response.add(.accelBuffering, "no")
    response.feed = feed
    return response
  }
}

extension Call {
  /// The id of the last event that the client saw before it lost its connection.
  fileprivate var lastEventID: String? {
    get throws(ProblemDetails) {
      guard let bytes = request.fields.only("last-event-id") else { return nil }
      guard bytes.count <= 64 else {
        throw ProblemDetails(.badRequest, "Last-Event-ID is none of this member's.")
      }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
