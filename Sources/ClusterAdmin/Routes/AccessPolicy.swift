import Cluster
import ClusterCore

/// Who may do what over HTTP.
///
/// Everybody may read. A change needs the bearer token when there is one; without one it is taken
/// from loopback only, unless the policy is open. A browser must not be made an accomplice: a page of
/// a foreign site may not cause changes, and a foreign name that was bound to this member's address
/// (DNS rebinding, etcd's CVE-2018-1099) is not answered at all.
package struct AccessPolicy: Sendable {
  /// The token that changes need.
  private let token: @Sendable () -> [UInt8]?
  /// Whether changes are taken from anywhere without a token.
  private let isOpen: Bool
  /// The names under which this member may be addressed, in lower case.
  private let hosts: Set<String>

  /// Creates a policy.
  ///
  /// - Parameters:
  ///   - token: The bearer token, if there is one.
  ///   - isOpen: Whether changes are taken from anywhere; of no effect with a token.
  ///   - hosts: The members' names, short and in full, and further ones from the configuration.
  package init(token: [UInt8]?, isOpen: Bool, hosts: [String]) {
    self.init(tokenSource: { token }, isOpen: isOpen, hosts: hosts)
  }

  /// Creates a policy with a token that may change; `tokenSource` is asked for each change.
  init(
    tokenSource: @escaping @Sendable () -> [UInt8]?, isOpen: Bool, hosts: [String]
  ) {
    token = tokenSource
    self.isOpen = isOpen
    self.hosts = Set(hosts.map { $0.lowercased() } + ["localhost"])
  }

  /// Checks that a request is meant for this member.
  func checkHost(of request: Request) throws(ProblemDetails) {
    // A browser always names a host; only HTTP/1.0 may come without.
    guard let authority = request.authority else { return }
    guard let host = HostName(authority), host.isAddress || hosts.contains(host.text) else {
      throw ProblemDetails(
        .misdirected,
        "The Host field must be an address, localhost, a member's name or one of the configured names."
      )
    }
  }

  /// Checks that `peer` may make a change by a request.
  func checkChange(_ request: Request, from peer: Address) throws(ProblemDetails) {
    try checkSite(of: request)
    if let token = token() {
      guard let presented = Self.bearerToken(of: request), Self.equal(presented, token) else {
        var problem = ProblemDetails(
          .unauthorized, "A change needs the field Authorization: Bearer, with the right token.")
        problem.fields = [
          Response.Field(name: .wwwAuthenticate, value: "Bearer realm=\"cluster\"")
        ]
        throw problem
      }
    } else if !isOpen, !peer.isLoopback {
      throw ProblemDetails(
        .forbidden, "Changes are taken from loopback only, since no token is configured.")
    }
  }

  /// Refuses what a page of another site made a browser send.
  private func checkSite(of request: Request) throws(ProblemDetails) {
    let foreign = ProblemDetails(
      .forbidden, "A page of another site may not make changes here.")
    for site in request.fields.values("sec-fetch-site") {
      guard site.equals(ignoringCase: "same-origin") || site.equals(ignoringCase: "none") else {
        throw foreign
      }
    }
    for origin in request.fields.values("origin") {
      guard let authority = request.authority, Self.origin(origin, is: authority) else {
        throw foreign
      }
    }
  }

  private static func origin(
    _ origin: ArraySlice<UInt8>, is authority: ArraySlice<UInt8>
  ) -> Bool {
    for scheme: StaticString in ["http://", "https://"] {
      let prefix = origin.prefix(scheme.utf8CodeUnitCount)
      guard prefix.equals(ignoringCase: scheme) else { continue }
      return origin[prefix.endIndex...].map(\.asciiLowercased)
        == authority.map(\.asciiLowercased)
    }
    return false
  }

  private static func bearerToken(of request: Request) -> ArraySlice<UInt8>? {
    guard let value = request.fields.only("authorization") else { return nil }
    let scheme = value.prefix(7)
    guard scheme.equals(ignoringCase: "bearer ") else { return nil }
    return value[scheme.endIndex...].trimmingBlanks()
  }

  /// Compares in a time that depends on the presented bytes' number only, so that the token cannot
  /// be found out byte by byte.
  private static func equal(_ presented: ArraySlice<UInt8>, _ token: [UInt8]) -> Bool {
    guard !token.isEmpty else { return false }
    var difference = presented.count ^ token.count
    var index = 0
    for byte in presented {
      difference |= Int(byte ^ token[index])
      index = index + 1 == token.count ? 0 : index + 1
    }
    return difference == 0
  }
}
