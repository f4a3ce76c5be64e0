import ClusterCore

/// One thing that a scenario does to the cluster, as data: it can be printed, written to a file, and
/// left out by the shrinker.
enum Action: Equatable, Sendable {
  /// Only members of one group reach each other.
  case partition([[Int]])
  /// Everyone reaches everyone.
  case heal
  /// One direction between two members is cut.
  case cut(from: Int, to: Int)
  /// One direction between two members works again.
  case mend(from: Int, to: Int)
  /// What one direction carries is held back, and arrives when the direction is unclogged.
  case clog(from: Int, to: Int)
  /// One direction carries again, and what it held back first.
  case unclog(from: Int, to: Int)
  /// All streams between two members end, though the network between them works: what a middlebox
  /// does that forgets them.
  case sever(Int, Int)
  /// Both directions between two members behave so from now on.
  case link(Int, Int, Link)
  /// All directions behave so from now on.
  case links(Link)
  /// The process dies; its host answers connects with a refusal, unless it vanishes as well.
  case crash(Int, silently: Bool)
  /// The process starts (again), with nothing in memory, and with its disk or without.
  case restart(Int, keepingDisk: Bool = false)
  /// Another process starts that claims the member's ordinal, at an address of its own.
  case duplicate(Int)
  /// The process stands still.
  case pause(Int, for: Span64)
  /// The wall clock is set forward, or back, by so many milliseconds.
  case skew(Int, milliseconds: Int64)
  /// The clocks run faster, or slower, by so many millionths.
  case drift(Int, perMillion: Int64)
  /// The process runs on at another address.
  case move(Int)
  /// The process starts (again) as a build that speaks a later version of the protocol.
  case upgrade(Int)
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
