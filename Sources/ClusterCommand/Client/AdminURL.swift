import Cluster

/// Where a member's admin HTTP is: `http://host:port`, perhaps with a path that a proxy put before it.
struct AdminURL: Hashable, Sendable, CustomStringConvertible {
  /// The host, a name or a literal without brackets.
  let host: String
  /// The port.
  let port: UInt16
  /// What every path begins with; empty or beginning with a slash, never ending in one.
  let prefix: String

  /// A member on this machine with the default port.
  static let fallback = "http://127.0.0.1:8080"

  /// Reads a URL; none when it isn't a plain HTTP one. TLS is not spoken: that is for a proxy or mesh.
  init?(_ text: String) {
    guard text.lowercased().hasPrefix("http://") else { return nil }
    let rest = text.dropFirst("http://".count)
    let authority = String(rest.prefix { $0 != "/" })
    var path = rest.dropFirst(authority.count)
    while path.last == "/" { path.removeLast() }
    guard path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !path.contains("?"),
      !path.contains("#")
    else { return nil }
    guard let endpoint = try? HostAndPort(parsing: authority, defaultPort: 80) else { return nil }
    host = endpoint.host
    port = endpoint.port
    prefix = String(path)
  }

  /// Host and port as the Host header has them.
  var authority: String { HostAndPort(host: host, port: port).description }

  var description: String { "http://" + authority + prefix }
}
