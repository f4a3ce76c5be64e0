#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Standard error, as the place of log lines.
enum StandardErrorLog {
  /// Writes one line in one call, so that lines of several threads don't mix. A full or closed
  /// standard error loses the line: a member doesn't stop for its log.
  static func append(_ line: String) {
    var bytes = Array(line.utf8)
    bytes.append(UInt8(ascii: "\n"))
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes {
        write(STDERR_FILENO, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      offset += count
    }
  }

  /// Milliseconds since 1970 by the wall clock.
  static func wallMilliseconds() -> UInt64 {
    var time = timespec()
    guard clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
    return UInt64(max(time.tv_sec, 0)) * 1_000 + UInt64(time.tv_nsec / 1_000_000)
  }
}
