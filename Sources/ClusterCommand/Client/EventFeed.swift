import Cluster
import Glibc

/// A member's feed of events, asked for again where it broke off.
///
/// A feed that could never be opened is an error at once. One that was open goes on behind the last
/// event that came; the member says when it no longer knows what came since.
struct EventFeed {
  /// How long nothing at all may come: members send a sign of life every 15 seconds.
  static let silence = Duration.seconds(45)
  /// How long a lost feed is asked for again before the member is given up.
  static let patience = Duration.seconds(30)

  private let client: AdminClient
  private let target: String
  private var reader: ServerSentEventReader

  /// Creates a feed; nothing is opened yet.
  ///
  /// - Parameters:
  ///   - target: Path and query, percent-encoded.
  ///   - id: The event behind which to go on; empty for from now on.
  init(_ client: AdminClient, _ target: String, after id: String = "") {
    self.client = client
    self.target = target
    reader = ServerSentEventReader(after: id)
  }

  /// Hands over each event as it comes, until `take` says that it was enough.
  ///
  /// - Parameters:
  ///   - lost: Is told why whenever the connection was lost.
  ///   - take: Returns whether it wants more.
  /// - Throws: That the member refuses, or is unreachable, now or for as long as the patience lasts.
  mutating func run(
    lost: (String) -> Void, take: (ServerSentEvent) -> Bool
  ) throws(ClientError) {
    var lastAlive: ContinuousClock.Instant?
    while true {
      do throws(ClientError) {
        if try converse(opened: { lastAlive = .now }, take: take) { return }
        lastAlive = .now
        lost("the member ended the feed")
      } catch {
        guard case .unreachable(_, let reason) = error, let alive = lastAlive,
          ContinuousClock.now - alive < Self.patience
        else { throw error }
        lost(reason)
      }
      reader.restart()
      pause()
    }
  }

  /// One connection's worth. True when `take` had enough, false when the member ended it.
  private mutating func converse(
    opened: () -> Void, take: (ServerSentEvent) -> Bool
  ) throws(ClientError) -> Bool {
    var enough = false
    var events = reader
    defer { reader = events }
    try client.stream(target, fields: fields, silence: Self.silence, opened: opened) {
      bytes throws(HTTPReplyError) in
      for event in try events.receive(bytes) where !enough { enough = !take(event) }
      return !enough
    }
    return enough
  }

  private var fields: [String: String] {
    let accept = ["Accept": "text/event-stream"]
    return reader.lastID.isEmpty ? accept : accept.merging(["Last-Event-ID": reader.lastID]) { $1 }
  }

  /// As long as the member asked for, within reason.
  private func pause() {
    let wanted = min(max(reader.retry ?? .seconds(1), .milliseconds(100)), .seconds(10))
    usleep(UInt32(wanted / .microseconds(1)))
  }
}
