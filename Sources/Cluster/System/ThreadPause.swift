package import ClusterCore
import Glibc

/// A pause of the calling thread, for threads that have nothing else to wait for.
package enum ThreadPause {
  /// Waits at least so long.
  package static func wait(_ span: Span64) {
    var rest = timespec(
      tv_sec: Int(clamping: span.nanoseconds / 1_000_000_000),
      tv_nsec: Int(span.nanoseconds % 1_000_000_000))
    var left = rest
    while nanosleep(&rest, &left) != 0, errno == EINTR { rest = left }
  }
}
