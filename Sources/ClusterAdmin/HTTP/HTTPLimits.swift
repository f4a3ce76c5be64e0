package import ClusterCore

/// The bounds of what one client may send and how long it may take. Each is checked while the bytes
/// arrive, never after they were stored.
package struct HTTPLimits: Sendable {
  /// The longest request line with its line end, in bytes; a longer one is refused with 414.
  package var requestLine = 8 << 10
  /// The most header fields of one request; more are refused with 431.
  package var fields = 64
  /// The most bytes of all header fields with their line ends; more are refused with 431.
  package var fieldBytes = 16 << 10
  /// The most bytes of a body, whatever its length was said to be; more are refused with 413.
  package var body = Limits.value
  /// The most bytes of a chunk's size line; a longer one is refused with 400.
  package var chunkLine = 256
  /// How long the request line and the header fields may take in all; then 408.
  package var headTime = Span64.seconds(5)
  /// How long a body may take beyond what its rate allows; then 408.
  package var bodyGrace = Span64.seconds(5)
  /// The slowest body, in bytes a second.
  package var bodyRate: UInt64 = 1 << 10
  /// How long a connection may wait between requests, and before its first.
  package var idleTime = Span64.seconds(60)
  /// How many bytes of answers may wait before further requests are left unread. Few: what one client
  /// asks for ahead is answered in as many turns, between which others get theirs.
  package var pendingOutput = 16 << 10
  /// How many unread bytes may wait before the connection takes no more.
  package var pendingInput = 64 << 10

  /// How often a silent feed shows that it lives.
  package var feedSign = Span64.seconds(15)

  /// The limits that a member serves with.
  package init() {}

  /// The moment at which a body of which `received` bytes arrived is too slow.
  ///
  /// start + grace + received ÷ rate: a client that keeps to the rate is never cut off, and one that
  /// stops is after the grace at most.
  package func bodyDeadline(start: Instant, received: Int) -> Instant {
    let bytes = UInt64(clamping: received)
    let nanoseconds = bytes.multipliedReportingOverflow(by: 1_000_000_000)
    let earned = nanoseconds.overflow ? UInt64.max : nanoseconds.partialValue
    return start + bodyGrace + Span64(nanoseconds: earned) / bodyRate
  }
}
