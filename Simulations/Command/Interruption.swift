import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Ctrl-C: the first one ends the work at the next seed, with a report of what was done; the second
/// one ends the process.
enum Interruption {
  private static let flag = Atomic<Bool>(false)

  /// Whether the work is to end.
  static var isWanted: Bool { flag.load(ordering: .relaxed) }

  /// Has Ctrl-C noted. The flag is made before a signal can come: a handler must not make it.
  static func install() {
    flag.store(false, ordering: .relaxed)
    signal(SIGINT) { number in
      Interruption.flag.store(true, ordering: .relaxed)
      signal(number, SIG_DFL)
    }
  }
}

/// The machine's processors.
enum Processors {
  /// How many there are.
  static var count: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
