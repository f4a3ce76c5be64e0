/// How a command ended, for the shell that called it.
enum ExitStatus: Int32, Sendable {
  /// All is well.
  case success = 0
  /// The member refused, or what was asked for does not exist.
  case failure = 1
  /// No member answered.
  case unreachable = 2
  /// The cluster is not green, and `--check` asked whether it is.
  case notGreen = 3
  /// The arguments or the configuration are wrong (EX_USAGE of sysexits.h).
  case usage = 64
  /// Another process runs as this member (EX_DATAERR of sysexits.h).
  case superseded = 65
}
