/// A host, by name or number, and a port, as in `app-0.app:7946`, `1.2.3.4:7946` or `[::1]:7946`.
package struct HostAndPort: Hashable, Sendable, CustomStringConvertible {
  /// A name or a numeric address, without brackets.
  package var host: String
  /// The port.
  package var port: UInt16
  /// Whether the host stood in brackets, as a numeric IPv6 address has to.
  package var isBracketed: Bool { host.contains(":") }

  /// Creates it from its parts, which are taken as they are.
  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// The text that `init(parsing:)` reads.
  package var description: String { isBracketed ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Why a text is no host and port. The fault is the text's author's; nothing has changed.
  package enum ParsingFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is nothing before the port.
    case noHost
    /// There is no `:port` and no default.
    case noPort
    /// The port is not a whole number from 1 to 65535.
    case badPort(String)
    /// The host holds something that no name or address does.
    case badHost(String)
    /// An IPv6 address that isn't in brackets: where it ends and the port begins can't be told.
    case needsBrackets(String)

    /// What is wrong and what is accepted.
    package var description: String {
      switch self {
      case .noHost: "the host is missing, expected host:port"
      case .noPort: "the port is missing, expected host:port"
      case .badPort(let port): "'\(port)' is not a port, expected 1 to 65535"
      case .badHost(let host): "'\(host)' is not a host name or address"
      case .needsBrackets(let text):
        "'\(text)' is ambiguous, expected an IPv6 address in brackets: [::1]:7946"
      }
    }
  }

  /// Reads `host:port`, or `host` alone when there is a default port.
  ///
  /// Port 0 means "any free one" to who binds it and nothing to who connects: it must be asked for.
  package init(
    parsing text: String, defaultPort: UInt16? = nil, ports: ClosedRange<UInt16> = 1...UInt16.max
  ) throws(ParsingFailure) {
    var host = text[...]
    var port: Substring?
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { throw .badHost(text) }
      host = text[text.index(after: text.startIndex)..<end]
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { throw .badPort(String(rest)) }
      port = rest.isEmpty ? nil : rest.dropFirst()
      guard Address(host: String(host), port: 0) != nil, host.contains(":") else {
        throw .badHost(String(host))
      }
    } else if let colon = text.lastIndex(of: ":") {
      host = text[..<colon]
      port = text[text.index(after: colon)...]
      guard !host.contains(":") else { throw .needsBrackets(text) }
    }
    guard !host.isEmpty else { throw .noHost }
    guard Self.isPlausible(host) else { throw .badHost(String(host)) }
    self.init(host: String(host), port: try Self.port(port, default: defaultPort, among: ports))
  }

  private static func port(
    _ text: Substring?, default defaultPort: UInt16?, among ports: ClosedRange<UInt16>
  ) throws(ParsingFailure) -> UInt16 {
    guard let text else {
      guard let defaultPort else { throw .noPort }
      return defaultPort
    }
    let isDecimal = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard isDecimal, let port = UInt16(text), ports.contains(port) else {
      throw .badPort(String(text))
    }
    return port
  }

  /// Whether the text can be a name or an address: short enough, and letters, digits, `-_.:` only.
  /// What the system's resolver makes of it is not judged here.
  private static func isPlausible(_ host: Substring) -> Bool {
    host.utf8.count <= 253
      && host.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", ":": true
        default: false
        }
      }
  }
}
