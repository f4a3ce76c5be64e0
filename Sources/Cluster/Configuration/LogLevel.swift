/// How grave a log line is, by swift-log's names, so that a bridge to it is a matter of the name.
public enum LogLevel: String, Hashable, Sendable, CaseIterable, Comparable {
  /// What only somebody who traces the protocol wants to see.
  case trace
  /// What helps to find a fault.
  case debug
  /// What happened in normal operation.
  case info
  /// What is normal, but deserves to be seen.
  case notice
  /// What isn't as it should be, and mends itself or can wait.
  case warning
  /// What failed.
  case error
  /// What ends the member.
  case critical

  /// Whether one level is less grave than another.
  public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }

  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

  private var rank: Int {
    switch self {
    case .trace: 0
    case .debug: 1
    case .info: 2
    case .notice: 3
    case .warning: 4
    case .error: 5
    case .critical: 6
    }
  }
}
