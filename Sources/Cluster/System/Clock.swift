package import ClusterCore
import Glibc

/// The two clocks of this machine.
package enum Clock {
  /// Reads both clocks.
  ///
  /// The monotonic one goes on while the machine is suspended (`CLOCK_BOOTTIME`): a member that
  /// slept with its laptop must notice that time has passed.
  package static func now() -> Moment {
    let wall = wallMilliseconds()
    return Moment(instant: instant(), wallMilliseconds: wall)
  }

  /// Reads the wall clock alone, in milliseconds since 1970.
  package static func wallMilliseconds() -> UInt64 {
    let wall = read(CLOCK_REALTIME)
    return UInt64(max(wall.tv_sec, 0)) * 1_000 + UInt64(wall.tv_nsec) / 1_000_000
  }

  /// Reads the monotonic clock alone.
  package static func instant() -> Instant {
    let time = read(CLOCK_BOOTTIME)
    return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  private static func read(_ clock: Int32) -> timespec {
    var time = timespec()
    let result = clock_gettime(clock, &time)
    precondition(result == 0, "clock \(clock) can't be read")
    return time
  }
}
