import Glibc

/// Standard error, as the place of log lines.
enum StandardErrorLog {
  /// Writes one line in one call, so that lines of several threads don't mix. A full or closed
  /// standard error loses the line: a member doesn't stop for its log.
  static func append(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    var offset = 0
    while offset < bytes.count {
      let call = SystemCall {
        bytes[offset...].withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
      }
      guard case .done(let count) = call, count > 0 else { return }
      offset += count
    }
  }
}
