import ClusterCore

/// Everything that can be asked for, on one screen.
enum Routes {
  static let table: [Route] = [
    Route(
      .get, "/", "The cluster as this member sees it; for browsers, the dashboard",
      replies: [.json(.ok, "Cluster", "The cluster").or("text/html")], ClusterRoutes.show),
    Route(
      .put, "/", query: [recovery], "Set what happens when a partition heals",
      replies: [.json(.ok, "Cluster", "As GET /")], ClusterRoutes.setRecovery),
    Route(
      .post, "/hosts/{name}", "Bring a member back into the cluster",
      replies: [.json(.ok, "Cluster", "As GET /"), noSuchHost], ClusterRoutes.join),
    Route(
      .delete, "/hosts/{name}", query: [mode], "End a member or separate it",
      replies: [.json(.ok, "Cluster", "As GET /"), noSuchHost], ClusterRoutes.dismiss),
    Route(
      .get, "/recovery", "What is pending while groups are apart",
      replies: [.json(.ok, "Pending", "The groups, and how their stores differ")],
      RecoveryRoutes.show),
    Route(
      .post, "/recovery", query: [decision], "Decide what becomes of groups that are apart",
      replies: [
        .json(.ok, "Pending", "It is decided"),
        .problem(.conflict, "There is nothing to decide"),
      ], RecoveryRoutes.decide),
    Route(
      .get, "/members", "All expected members in detail",
      replies: [.json(.ok, "MemberReport", "What this member believes")], DetailRoutes.members),
    Route(
      .get, "/views", "What each member believes, as far as they could be asked",
      replies: [.json(.ok, "Views", "The members' reports")], DetailRoutes.views),
    Route(
      .get, "/leader", "Who leads, and how certain that is",
      replies: [
        .json(.ok, "Leader", "This member leads"), .json(.unavailable, "Leader", "It doesn't"),
      ], DetailRoutes.leader),
    Route(
      .get, "/events", query: [eventID], "What happens, as it happens (server-sent events)",
      replies: [
        .body(.ok, "text/event-stream", "Events without an end"), tooManyFeeds, tooManyOfOne,
      ],
      FeedRoutes.events),
    Route(
      .get, "/keyring", "Which keys protect packets, by fingerprint",
      replies: [.json(.ok, "Keyring", "The keys, and who uses which")], KeyringRoutes.show),

    Route(
      .get, "/keys", query: [prefix, after, limit, watch],
      "A page of keys; with watch, all keys and every change (server-sent events)",
      replies: [
        .json(.ok, "KeyPage", "A page").or("text/event-stream"), tooManyFeeds, tooManyOfOne,
      ],
      KeyRoutes.list),
    Route(
      .delete, "/keys", "Delete all keys",
      replies: [.json(.ok, "Nothing", "All are deleted"), notReady], KeyRoutes.purge),
    Route(
      .get, "/keys/{key}", query: [explain], "Read a value",
      replies: [
        .json(.ok, "Value", "The value").or("application/octet-stream"),
        .empty(.notModified, "It is what If-None-Match names"), noSuchKey,
      ], KeyRoutes.read),
    Route(
      .put, "/keys/{key}", query: [ttl], "Write a value: the body's bytes",
      replies: [
        .json(.ok, "Written", "It is written"), conditionFailed, notReady,
        .problem(.contentTooLarge, "The value is too large"),
        .problem(.unsupportedMediaType, "The body is encoded"),
        .problem(.storageFull, "The store's budget is used up"),
      ], KeyRoutes.write),
    Route(
      .delete, "/keys/{key}", "Delete a key",
      replies: [.json(.ok, "Written", "It is deleted"), noSuchKey, conditionFailed, notReady],
      KeyRoutes.delete),

    Route(
      .get, "/readiness", "Whether this member leads",
      replies: [.json(.ok, "Nothing", "It leads"), .json(.unavailable, "Nothing", "It doesn't")],
      ProbeRoutes.leads),
    Route(
      .get, "/readyz", query: [verbose], "Whether this member has joined and is in step",
      replies: [.json(.ok, "Checks", "It is"), .json(.unavailable, "Checks", "It isn't")],
      ProbeRoutes.ready),
    Route(
      .get, "/livez", "Whether this member's loop goes round",
      replies: [.json(.ok, "Nothing", "It does"), .json(.unavailable, "Nothing", "It doesn't")],
      ProbeRoutes.lives),
    Route(
      .get, "/metrics", "Metrics in Prometheus' text format",
      replies: [.body(.ok, "text/plain", "Text format 0.0.4")], ProbeRoutes.metrics),
    Route(
      .get, "/openapi.json", "This table",
      replies: [.json(.ok, "Anything", "OpenAPI 3.1")], DetailRoutes.openAPI),
  ]

  private static let recovery = Route.Parameter(
    "recovery", .choice(["auto", "manual"]), "What a healed partition does; auto if not given")
  private static let decision = Route.Parameter(
    "decision", .choice(RecoveryDecision.allCases.map(\.rawValue)),
    "Whose values are kept", isRequired: true)
  private static let mode = Route.Parameter(
    "mode", .choice(["halt", "leave", "disconnect"]),
    "End it (halt, if not given), or separate it and let it run alone (leave, disconnect)")
  private static let eventID = Route.Parameter(
    "after", .text, "The id of the last event seen, as Last-Event-ID; 0 for all that are kept")
  private static let prefix = Route.Parameter("prefix", .text, "What the keys begin with")
  private static let after = Route.Parameter("after", .text, "The last key of the page before")
  private static let limit = Route.Parameter(
    "limit", .whole(1...Int.max), "The most keys wanted; 1000 at most are given")
  private static let watch = Route.Parameter("watch", .flag, "Give all keys, then every change")
  private static let explain = Route.Parameter(
    "explain", .flag, "Tell the candidates too, and what made the value of them")
  private static let ttl = Route.Parameter(
    "ttl", .whole(1...KeyRoutes.timeToLiveLimit), "Seconds after which the value ends")
  private static let verbose = Route.Parameter("verbose", .flag, "List the checks")

  private static let noSuchHost = Route.Documented.problem(.notFound, "No such member is expected")
  private static let noSuchKey = Route.Documented.problem(.notFound, "There is no such key")
  private static let conditionFailed = Route.Documented.problem(
    .preconditionFailed, "If-Match or If-None-Match doesn't hold here")
  private static let notReady = Route.Documented.problem(
    .unavailable, "The member takes no writes yet, or no more")
  private static let tooManyFeeds = Route.Documented.problem(
    .unavailable, "Too many feeds are open")
  private static let tooManyOfOne = Route.Documented.problem(
    .tooManyRequests, "This address has too many feeds open")
}
