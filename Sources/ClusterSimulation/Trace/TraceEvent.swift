import ClusterCore

/// One thing that happened in a run: one line of its trace.
public struct TraceEvent: Hashable, Sendable {
  /// What kind of thing happened. The word in a trace is the case's name.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    // What the scenario does.
    /// A fault, its end, or an operator's command.
    case action
    /// Who reaches whom from now on.
    case network
    /// A write was acknowledged.
    case wrote
    /// A write was refused.
    case refused

    // What a member is told.
    /// Its process starts.
    case started
    /// Its timer is due.
    case woken
    /// A datagram arrives.
    case datagram
    /// A frame arrives on a stream.
    case frame
    /// A name's addresses are known.
    case resolved
    /// A stream that it asked for is open.
    case connected
    /// A stream that it asked for can't be opened.
    case unreachable
    /// Another member opened a stream to it.
    case accepted
    /// A stream takes more.
    case writable
    /// A stream ended.
    case closed
    /// An operator wants something of it.
    case commanded
    /// Its disk flushed a record, or failed to.
    case flushed
    /// Its process goes on after a pause.
    case resumed

    // What a member does.
    /// It sends a datagram.
    case sent
    /// It gives a frame to a stream.
    case streamed
    /// A datagram is lost on its way.
    case lost
    /// Its process ended: killed, or by itself.
    case ended

    // What a member believes.
    /// It believes something else of a member.
    case member
    /// It sees another leader, or the same with another certainty.
    case leader
    /// Anything else that it tells its embedder.
    case event
    /// A register of its store changed.
    case changed

    /// An invariant or a condition of the scenario broke.
    case failed
  }

  /// When, in nanoseconds from the start.
  public let nanoseconds: UInt64
  /// Its number in the trace, counted from 1.
  public let number: UInt64
  /// The member that it happened to; none for what the scenario does to all.
  public let node: Int?
  /// The number of the event that caused it; zero for what the scenario began with.
  public let cause: UInt64
  /// What kind of thing it is.
  public let kind: Kind
  /// The rest of the line.
  public let fields: String

  init(
    nanoseconds: UInt64, number: UInt64, node: Int?, cause: UInt64, kind: Kind, fields: String
  ) {
    self.nanoseconds = nanoseconds
    self.number = number
    self.node = node
    self.cause = cause
    self.kind = kind
    self.fields = fields
  }

  /// When, counted from the start.
  public var time: Duration { Span64(nanoseconds: nanoseconds).duration }
}

extension TraceEvent: CustomStringConvertible {
  /// The event as a line of a trace: `time number node cause kind fields`.
  public var description: String {
    let node = node.map(String.init) ?? "-"
    let line = "\(TraceWords.time(nanoseconds)) \(number) \(node) \(cause) \(kind.rawValue)"
    return fields.isEmpty ? line : "\(line) \(fields)"
  }

  /// Reads a line of a trace; none when it isn't one.
  public init?(parsing line: some StringProtocol) {
    let words = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false)
    guard words.count >= 5, let time = Self.nanoseconds(words[0]), let number = UInt64(words[1]),
      let cause = UInt64(words[3]), let kind = Kind(rawValue: String(words[4]))
    else { return nil }
    let node = Int(words[2])
    guard node != nil || words[2] == "-" else { return nil }
    self.init(
      nanoseconds: time, number: number, node: node, cause: cause, kind: kind,
      fields: words.count > 5 ? String(words[5]) : "")
  }

  /// Reads seconds with nine decimals.
  private static func nanoseconds(_ text: some StringProtocol) -> UInt64? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].utf8.count == 9, let seconds = UInt64(parts[0]),
      let fraction = UInt64(parts[1])
    else { return nil }
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : whole &+ fraction
  }
}
