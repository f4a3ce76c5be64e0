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
    do {
      try open.send(request, deadline: deadline)
      while reader.reply == nil {
        let bytes = try open.receive(deadline: deadline)
        if bytes.isEmpty { try reader.ended() } else { try reader.receive(bytes) }
      }
    } catch let error as ConnectionError {
      throw .unreachable(url, error.reason)
    } catch let error as HTTPReplyError {
      throw error == .cutOff
        ? .unreachable(url, "the connection ended before the answer did")
        : .unintelligible(url, error.expectation)
    } catch {
      throw .unintelligible(url, "an answer")
    }
    guard let reply = reader.reply else { throw .unintelligible(url, "an answer") }
    if reader.isReusable { connection = consume open }
    return reply
  }
}
