/// A host and a port as an operator writes them: `app-0.example:7946`, `127.0.0.1:7946`,
/// `[::1]:7946`. The host is a name or a literal; nothing has been resolved.
package struct Endpoint: Hashable, Sendable {
  /// The name or literal, without brackets.
  package let host: String
  /// The port, 1 to 65,535.
  package let port: Int

  /// Reads `host:port`; none when it is something else.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let digits = text[text.index(after: colon)...]
    guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
      let port = Int(digits), (1...65_535).contains(port)
    else { return nil }
    var host = String(text[..<colon])
    if host.first == "[", host.last == "]" {
      host = String(host.dropFirst().dropLast())
      guard HostSyntax.isVersion6(host) else { return nil }
    } else {
      guard HostSyntax.isHostName(host) || HostSyntax.isVersion4(host) else { return nil }
    }
    self.init(host: host, port: port)
  }

  private init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// The same with the host in lower case, as host names are compared.
  var folded: Endpoint { Endpoint(host: host.lowercased(), port: port) }
}
