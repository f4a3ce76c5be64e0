/// Everything that can be asked for, on one screen.
enum Routes {
  static let table: [Route] = [
    Route(.get, "/", "The cluster as this member sees it", ClusterRoutes.show),
    Route(
      .put, "/", query: ["recovery"], "Set what happens when a partition heals",
      ClusterRoutes.setRecovery),
    Route(.post, "/hosts/{name}", "Bring a member back into the cluster", ClusterRoutes.join),
    Route(
      .delete, "/hosts/{name}", query: ["mode"], "End a member or separate it",
      ClusterRoutes.dismiss),
    Route(
      .get, "/recovery", "What is pending while groups are apart", RecoveryRoutes.show),
    Route(
      .post, "/recovery", query: ["decision"], "Decide what becomes of groups that are apart",
      RecoveryRoutes.decide),
    Route(.get, "/members", "All expected members in detail", ClusterRoutes.members),
    Route(.get, "/leader", "Who leads, and how certain that is", ClusterRoutes.leader),
    Route(.get, "/keyring", "Which keys protect packets, by fingerprint", KeyringRoutes.show),

    Route(
      .get, "/keys", query: ["prefix", "after", "limit"], "A page of keys", KeyRoutes.list),
    Route(.delete, "/keys", "Delete all keys", KeyRoutes.purge),
    Route(.get, "/keys/{key}", "Read a value", KeyRoutes.read),
    Route(.put, "/keys/{key}", query: ["ttl"], "Write a value", KeyRoutes.write),
    Route(.delete, "/keys/{key}", "Delete a key", KeyRoutes.delete),

    Route(.get, "/readiness", "Whether this member leads", ProbeRoutes.leads),
    Route(.get, "/readyz", "Whether this member has joined", ProbeRoutes.ready),
    Route(.get, "/livez", "Whether this member's loop goes round", ProbeRoutes.lives),
    Route(.get, "/metrics", "Metrics in Prometheus' text format", ProbeRoutes.metrics),
  ]
}
