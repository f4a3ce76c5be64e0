import ClusterCore

/// One request on its way to a route's handler.
struct Call {
  /// The member that it is for.
  let cluster: any AdministeredCluster
  /// How often it answered what.
  let tally: RequestTally
  /// Who asks.
  let peer: Address
  /// Who knows what the other members believe; nobody where there are none.
  let views: PeerViews?
  /// Whether this is a demonstration, whose network can be cut.
  let isDemo: Bool
  /// What was sent.
  let request: Request
  /// The parameters that the route allows.
  let query: Query
  /// The path's variable segment, percent-decoded.
  let argument: [UInt8]

  /// The key that the path names.
  var key: Key {
    get throws(ProblemDetails) {
      guard let text = String(validating: argument, as: UTF8.self) else {
        throw ProblemDetails(.badRequest, "The key is not UTF-8.")
      }
      do throws(StoreError) {
        return try Key(text)
      } catch {
        throw ProblemDetails(error)
      }
    }
  }

  /// The expected member that the path names.
  var host: String {
    get throws(ProblemDetails) {
      let name = String(decoding: argument, as: UTF8.self)
      if cluster.expectedNames.contains(name) { return name }
      var problem = ProblemDetails(
        .notFound, "No member of this name is expected in the cluster.")
      problem.host = name
      throw problem
    }
  }
}

extension ProblemDetails {
  /// Says over HTTP why the store refused something.
  init(_ error: StoreError) {
    switch error {
    case .keyTooLong(let bytes, let limit):
      self.init(.badRequest, "The key has \(bytes) bytes of UTF-8; \(limit) are allowed.")
    case .keyEmpty:
      self.init(.badRequest, "The key is empty.")
    case .valueTooLarge(let bytes, let limit):
      self.init(.contentTooLarge, "The value has \(bytes) bytes; \(limit) are allowed.")
    case .full(_, let limit):
      self.init(.storageFull, "The store's budget of \(limit) bytes is used up.")
    case .notReady:
      self.init(.unavailable, "The member has just started and takes no writes yet.")
      fields = [Response.Field(name: .retryAfter, value: "1")]
    case .minority, .tooManyWaiting:
      self.init(.unavailable, "Nothing was written: \(error).")
      fields = [Response.Field(name: .retryAfter, value: "1")]
    case .impossibleConcern:
      self.init(.badRequest, "Nothing was written: \(error).")
    case .ended:
      self.init(.unavailable, "The member has ended.")
    }
  }
}
