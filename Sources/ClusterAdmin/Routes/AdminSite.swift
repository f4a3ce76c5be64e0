import Cluster
package import ClusterCore

/// Answers every request for one member: asks the access policy, finds the route, and dresses the
/// answer.
package struct AdminSite: HTTPResponder {
  private let cluster: any AdministeredCluster
  private let policy: AccessPolicy
  /// How often it answered what.
  let tally = RequestTally()
  private let host: FieldValue
  private let routes: [Route]
  private let views: PeerViews?
  private let isDemo: Bool
  private let date: DateField

  /// Creates the site of a member.
  ///
  /// - Parameters:
  ///   - views: Who knows what the other members believe.
  ///   - demo: The network of a demonstration, which may be cut; none for a real member.
  ///   - wallMilliseconds: Reads the clock, in milliseconds since 1970.
  package init(
    cluster: any AdministeredCluster, policy: AccessPolicy, views: PeerViews? = nil,
    demo: (any DemoNetwork)? = nil,
    wallMilliseconds: @escaping @Sendable () -> UInt64 = { Clock.now().wallMilliseconds }
  ) {
    date = DateField(wallMilliseconds)
    self.cluster = cluster
    self.policy = policy
    self.host = FieldValue(cluster.name)
    self.views = views
    isDemo = demo != nil
    routes = Routes.table + (demo.map(DemoRoutes.table) ?? [])
  }

  /// The answer to a request.
  package func response(to request: Request, from peer: Address) -> Response {
    let start = Clock.instant()
    var path = RequestTally.noRoute
    var response: Response
    do throws(ProblemDetails) {
      response = try answer(request, from: peer, path: &path)
    } catch {
      response = error.response
    }
    dress(&response)
    tally.count(route: path, status: response.status, took: Clock.instant().since(start))
    return response
  }

  /// The answer to bytes that are no acceptable request.
  package func response(to refusal: Refusal, from peer: Address) -> Response {
    var response = ProblemDetails(refusal.status, refusal.detail).response
    dress(&response)
    tally.countRefusal(refusal.status)
    return response
  }

  /// The whole answer to a connection that is one too many.
  package var overloadAnswer: [UInt8] {
    var response = ProblemDetails(.unavailable, "There are too many connections.").response
    response.add(.retryAfter, "1")
    dress(&response)
    var bytes: [UInt8] = []
    response.encode(into: &bytes, omitsBody: false, ending: .close)
    return bytes
  }

  private func answer(
    _ request: Request, from peer: Address, path: inout String
  ) throws(ProblemDetails) -> Response {
    try policy.checkHost(of: request)
    if request.method == .options, request.target.path.elementsEqual("*".utf8) {
      return allowance(of: self.routes)
    }
    guard let segments = PercentEncoding.segments(ofPath: request.target.path) else {
      throw ProblemDetails(.badRequest, "The path is not percent-encoded.")
    }
    let routes = self.routes.filter { $0.argument(in: segments) != nil }
    guard let first = routes.first, let argument = first.argument(in: segments) else {
      throw ProblemDetails(.notFound, "There is nothing at this path.")
    }
    path = first.path
    if request.method == .options { return allowance(of: routes) }
    guard let route = routes.first(where: { $0.answers(request.method) }) else {
      let allowed = Self.allowed(by: routes)
      var problem = ProblemDetails(.methodNotAllowed, "This path answers to: \(allowed).")
      problem.fields = [Response.Field(name: .allow, value: FieldValue(allowed))]
      throw problem
    }
    if route.isChange { try policy.checkChange(request, from: peer) }
    let query = try Query(request.target.query, allowed: route.query.map(\.name))
    return try route.handler(
      Call(
        cluster: cluster, tally: tally, peer: peer, views: views, isDemo: isDemo,
        request: request, query: query, argument: argument))
  }

  private func allowance(of routes: [Route]) -> Response {
    var response = Response(.noContent)
    response.add(.allow, FieldValue(Self.allowed(by: routes)))
    return response
  }

  private static func allowed(by routes: [Route]) -> String {
    let methods: [Method] = [.get, .head, .put, .post, .delete]
    let answered = methods.filter { method in routes.contains { $0.answers(method) } }
    return (answered + [.options]).map(\.rawValue).joined(separator: ", ")
  }

  /// What every answer says: which member gave it and when, that it is of this moment only, and that
  /// its type is not to be guessed.
  private func dress(_ response: inout Response) {
    response.add(.host, host)
    response.add(.date, date.now)
    response.add(.cacheControl, "no-store")
    response.add(.contentTypeOptions, "nosniff")
  }
}
