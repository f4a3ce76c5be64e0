#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Names the seeds that were running when the process trapped: a trap in the core is a finding, and
/// without its seed it is lost.
enum CrashReport {
  /// How many runs can go on at once.
  static let slots = 64

  /// One number for each job: its seed and 1, or zero.
  ///
  /// Unsafe, and sound: allocated once before any job starts and never freed; each job writes its
  /// own slot only; the signal handler only reads, in a process that is about to end.
  private nonisolated(unsafe) static let running: UnsafeMutablePointer<UInt64> = {
    let slots = UnsafeMutablePointer<UInt64>.allocate(capacity: Self.slots)
    slots.initialize(repeating: 0, count: Self.slots)
    return slots
  }()

  /// Has the seeds named when the process traps.
  static func install() {
    _ = running
    for trap in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS] {
      signal(trap) { number in
        CrashReport.tell()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  /// A job runs a seed.
  static func begin(_ seed: UInt64, job: Int) { running[job] = seed &+ 1 }

  /// A job runs nothing any more.
  static func end(job: Int) { running[job] = 0 }

  private static func tell() {
    for slot in 0..<slots where running[slot] != 0 {
      Output.error("simulate: trapped while seed \(running[slot] &- 1) was running")
    }
  }
}
