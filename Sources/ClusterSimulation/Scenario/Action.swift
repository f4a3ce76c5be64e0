import ClusterCore

/// One thing that a scenario does to the cluster, as data: it can be printed, written to a file,
/// and one day left out by a shrinker.
enum Action: Equatable, Sendable {
  /// Only members of one group reach each other.
  case partition([[Int]])
  /// Everyone reaches everyone.
  case heal
  /// One direction between two members is cut.
  case cut(from: Int, to: Int)
  /// One direction between two members works again.
  case mend(from: Int, to: Int)
  /// Both directions between two members behave so from now on.
  case link(Int, Int, Link)
  /// All directions behave so from now on.
  case links(Link)
  /// The process dies; its host answers connects with a refusal, unless it vanishes as well.
  case crash(Int, silently: Bool)
  /// The process starts (again), with nothing in memory.
  case restart(Int)
  /// Another process starts that claims the member's ordinal, at an address of its own.
  case duplicate(Int)
  /// The process stands still.
  case pause(Int, for: Span64)
  /// The wall clock is set forward, or back, by so many milliseconds.
  case skew(Int, milliseconds: Int64)
  /// A local write.
  case put(String, [UInt8], at: Int)
  /// Many local writes of keys `prefix0`, `prefix1`, ... with values of `size` bytes.
  case fill(String, count: Int, size: Int, at: Int)
  /// A local delete.
  case delete(String, at: Int)
  /// A command for one running member.
  case command(Int, Command)
  /// A command for the lowest running member.
  case commandLowest(Command)

  /// Whether the scenario's network or processes become worse by it, or other: what liveness is
  /// counted from.
  var isFault: Bool {
    switch self {
    case .put, .delete, .fill: false
    default: true
    }
  }
}

extension Action: CustomStringConvertible {
  /// The action as a line of a scenario file says it.
  var description: String {
    switch self {
    case .partition(let groups):
      "partition " + groups.map(Self.list).joined(separator: " | ")
    case .heal: "heal"
    case .cut(let from, let to): "cut \(from) -> \(to)"
    case .mend(let from, let to): "mend \(from) -> \(to)"
    case .link(let a, let b, _): "link \(a) <-> \(b)"
    case .links: "link"
    case .crash(let node, let silently): "crash \(node)" + (silently ? " silently" : "")
    case .restart(let node): "restart \(node)"
    case .duplicate(let node): "duplicate \(node)"
    case .pause(let node, let span): "pause \(node) for \(span.nanoseconds / 1_000_000)ms"
    case .skew(let node, let milliseconds): "skew \(node) \(milliseconds)ms"
    case .put(let key, let value, let node): "put \(key) \(value.count) bytes at \(node)"
    case .fill(let prefix, let count, let size, let node):
      "fill \(prefix) count \(count) size \(size) at \(node)"
    case .delete(let key, let node): "delete \(key) at \(node)"
    case .command(let node, let command): "\(Self.text(command)) at \(node)"
    case .commandLowest(let command): Self.text(command)
    }
  }

  private static func list(_ group: [Int]) -> String {
    group.map(String.init).joined(separator: " ")
  }

  private static func text(_ command: Command) -> String {
    switch command {
    case .leave: "leave"
    case .disconnect: "disconnect"
    case .rejoin: "rejoin"
    case .setRecovery(let recovery): "recovery \(recovery == .automatic ? "auto" : "manual")"
    case .join(let ordinal): "join \(ordinal)"
    case .dismiss(let ordinal, let how):
      "dismiss \(ordinal) \(how == .halt ? "halt" : "disconnect")"
    }
  }
}
