import ClusterCore

/// The lines of a run: one for each thing that happened, integers and ASCII only, so that two
/// traces can be compared line by line.
struct Trace {
  /// The lines so far.
  private(set) var lines: [String] = []

  /// Adds a line.
  mutating func add(_ line: String) { lines.append(line) }

  /// Takes the lines that were added since the last time.
  mutating func take() -> [String] {
    defer { lines.removeAll(keepingCapacity: true) }
    return lines
  }

  /// Adds an input to a member.
  mutating func add(_ input: Input, to node: Int, at time: UInt64) {
    add("\(Self.time(time)) node \(node) \(Self.text(input))")
  }

  /// Adds what a member told.
  mutating func add(_ event: ClusterEvent, by node: Int, at time: UInt64) {
    let text: String =
      switch event {
      case .memberChanged(let member, let previous):
        "member \(member.ordinal) \(previous) -> \(member.state) boot \(member.boot)"
          + " incarnation \(member.incarnation)"
      case .leaderChanged(.confirmed(let member, let term)):
        "leader \(member.ordinal) confirmed term \(term)"
      case .leaderChanged(.provisional(let member)): "leader \(member.ordinal) provisional"
      case .leaderChanged(.unknown): "leader unknown"
      case .partitionSuspected(let lost, let reachable):
        "partition suspected, lost \(lost.map(\.ordinal)) of \(reachable.map(\.ordinal))"
      case .partitionHealed(let back, let span): "partition healed \(back.map(\.ordinal)) \(span)"
      default: "\(event)"
      }
    add("\(Self.time(time)) node \(node) event \(text)")
  }

  /// Adds a changed register.
  mutating func add(_ change: KeyChange, at node: Int, now: UInt64) {
    add(
      "\(Self.time(now)) node \(node) changed \(change.key.text) \(change.cause)"
        + " \(Self.text(change.candidates))")
  }

  /// Concurrent versions: values, stamps, writers.
  static func text(_ candidates: [Candidate]) -> String {
    let texts = candidates.map {
      "\($0.value.map(Self.bytes) ?? "deleted")@\($0.stamp.time).\($0.origin.ordinal)"
    }
    return "[\(texts.joined(separator: " "))]"
  }

  /// A moment as seconds with nine decimals.
  static func time(_ nanoseconds: UInt64) -> String {
    let fraction = String(nanoseconds % 1_000_000_000)
    return "\(nanoseconds / 1_000_000_000)."
      + String(repeating: "0", count: 9 - fraction.utf8.count) + fraction
  }

  /// The first bytes in hexadecimal, and how many there are.
  static func bytes(_ bytes: [UInt8]) -> String {
    let shown = bytes.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    return bytes.count > 8 ? "\(shown)..(\(bytes.count))" : shown
  }

  private static func text(_ input: Input) -> String {
    switch input {
    case .started: "started"
    case .woken: "woken"
    case .datagramReceived(let bytes, let source):
      "datagram from \((source.low & 0xFF_FFFF) >> 10) \(bytes.count) bytes \(hash(bytes))"
    case .resolved(let ordinal, let addresses): "resolved \(ordinal) \(addresses.count)"
    case .streamConnected(let stream, let ordinal):
      "stream \(stream.rawValue) connected to \(ordinal)"
    case .connectFailed(let ordinal, let refused):
      "connect to \(ordinal) \(refused ? "refused" : "timed out")"
    case .streamAccepted(let stream): "stream \(stream.rawValue) accepted"
    case .frameReceived(let stream, let bytes):
      "stream \(stream.rawValue) frame \(bytes.count) bytes \(hash(bytes))"
    case .streamWritable(let stream): "stream \(stream.rawValue) writable"
    case .streamClosed(let stream): "stream \(stream.rawValue) closed"
    case .commanded(let command): "commanded \(command)"
    case .appended(let number): "disk wrote \(number)"
    case .appendFailed(let number, _): "disk failed to write \(number)"
    }
  }

  private static func hash(_ bytes: [UInt8]) -> String {
    var hash = RunHash()
    hash.combine(bytes)
    return String(hash.value, radix: 16)
  }
}
