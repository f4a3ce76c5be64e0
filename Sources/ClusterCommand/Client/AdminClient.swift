import Cluster

/// Asks one member's admin HTTP, and waits for the answers.
///
/// The connection is kept between requests as long as the member keeps it. A request that only reads
/// is sent once more when the kept connection turns out to have ended; a change never is, since nobody
/// would know whether it was made.
final class AdminClient {
  /// The longest that one request may take, from connecting to the last byte.
  static let timeout = Duration.seconds(5)
  /// The most bytes of a reply's body: a value as JSON, with every byte escaped, fits.
  static let bodyLimit = 8 << 20

  /// Which member.
  let url: AdminURL
  private let token: String?
  private var connection: HTTPConnection?

  /// Creates a client; nothing is opened yet.
  ///
  /// - Parameter token: The bearer token for changes; reads never carry it.
  init(url: AdminURL, token: String?) {
    self.url = url
    self.token = token
  }

  /// Sends one request and returns the reply, whatever its status.
  ///
  /// - Parameters:
  ///   - path: Begins with a slash; percent-encoded.
  ///   - query: Names and values, not yet encoded.
  func reply(
    _ method: String, _ path: String, query: [(name: String, value: String)] = [],
    fields: [String: String] = [:], body: [UInt8]? = nil
  ) throws(ClientError) -> HTTPReply {
    let pairs = query.map { percentEncoded($0.name) + "=" + percentEncoded($0.value) }
    let suffix = pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    var request = HTTPRequest(
      method: method, target: url.prefix + path + suffix, fields: fields, body: body)
    if request.fields["Accept"] == nil { request.fields["Accept"] = "application/json" }
    if !request.isSafe, let token { request.fields["Authorization"] = "Bearer " + token }
    return try exchange(request)
  }

  /// Sends one request and returns the reply; throws for one that says no.
  func success(
    _ method: String, _ path: String, query: [(name: String, value: String)] = [],
    fields: [String: String] = [:], body: [UInt8]? = nil
  ) throws(ClientError) -> HTTPReply {
    let reply = try reply(method, path, query: query, fields: fields, body: body)
    guard reply.isSuccess else { throw refusal(reply) }
    return reply
  }

  /// The error that a reply without success amounts to.
  func refusal(_ reply: HTTPReply) -> ClientError {
    .refused(status: reply.status, ProblemText(reply).text)
  }

  /// Sends a request on a connection of its own and hands over the reply's body as it comes, until
  /// `take` returns false or the member ends it. A reply that says no is thrown.
  ///
  /// - Parameter silence: How long nothing may come.
  func stream(
    _ target: String, fields: [String: String], silence: Duration, opened: () -> Void,
    take: ([UInt8]) throws(HTTPReplyError) -> Bool
  ) throws(ClientError) {
    let request = HTTPRequest(method: "GET", target: url.prefix + target, fields: fields)
    var reader = HTTPReplyReader(bodyLimit: Self.bodyLimit)
    var isOpen = false
    try speaking { () throws(any Error) in
      let deadline = Deadline(after: Self.timeout)
      let open = try HTTPConnection(host: url.host, port: url.port, deadline: deadline)
      try open.send(request.encoded(host: url.authority), deadline: deadline)
      while reader.reply == nil {
        let bytes = try open.receive(deadline: isOpen ? Deadline(after: silence) : deadline)
        if bytes.isEmpty { try reader.ended() } else { try reader.receive(bytes) }
        guard reader.status.map({ (200..<300).contains($0) }) ?? false else { continue }
        if !isOpen { opened() }
        isOpen = true
        let body = reader.takeBody()
        if !body.isEmpty, try !take(body) { return }
      }
    }
    if let reply = reader.reply, !reply.isSuccess { throw refusal(reply) }
  }

  private func exchange(_ request: HTTPRequest) throws(ClientError) -> HTTPReply {
    let deadline = Deadline(after: Self.timeout)
    let bytes = request.encoded(host: url.authority)
    if request.isSafe, let kept = connection.take(),
      let reply = try? converse(kept, bytes, deadline)
    {
      return reply
    }
    let fresh: HTTPConnection
    do throws(ConnectionError) {
      fresh = try HTTPConnection(host: url.host, port: url.port, deadline: deadline)
    } catch {
      throw .unreachable(url, error.reason)
    }
    return try converse(fresh, bytes, deadline)
  }

  /// Sends the request, reads the reply, and keeps the connection if it can be asked again.
  private func converse(
    _ open: consuming HTTPConnection, _ request: [UInt8], _ deadline: Deadline
  ) throws(ClientError) -> HTTPReply {
    var reader = HTTPReplyReader(bodyLimit: Self.bodyLimit)
    try speaking { () throws(any Error) in
      try open.send(request, deadline: deadline)
      while reader.reply == nil {
        let bytes = try open.receive(deadline: deadline)
        if bytes.isEmpty { try reader.ended() } else { try reader.receive(bytes) }
      }
    }
    guard let reply = reader.reply else { throw .unintelligible(url, "an answer") }
    if reader.isReusable { connection = consume open }
    return reply
  }

  /// Says of whatever goes wrong in a conversation whether the member was unreachable or no member.
  private func speaking(_ conversation: () throws -> Void) throws(ClientError) {
    do {
      try conversation()
    } catch let error as ConnectionError {
      throw .unreachable(url, error.reason)
    } catch let error as HTTPReplyError {
      throw error == .cutOff
        ? .unreachable(url, "the connection ended before the answer did")
        : .unintelligible(url, error.expectation)
    } catch {
      throw .unintelligible(url, "an answer")
    }
  }
}
