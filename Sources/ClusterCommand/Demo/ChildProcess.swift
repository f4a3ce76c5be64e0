import Cluster
import Glibc

/// A process that this one started from its own executable.
struct ChildProcess: Hashable, Sendable {
  /// Its number.
  let id: pid_t

  /// Starts this program anew.
  ///
  /// - Parameters:
  ///   - words: The arguments without the program's own name.
  ///   - environment: All of its variables.
  /// - Throws: What the system says.
  init(
    _ words: [String], environment: [String: String]
  ) throws(SystemError) {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A group of its own: Ctrl-C reaches the parent only, which then asks the children in its turn.
    // What the parent ignores or blocks, the child takes by default again.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for number in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&defaults, number) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    var mask = sigset_t()
    sigemptyset(&mask)
    posix_spawnattr_setsigmask(&attributes, &mask)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var number: pid_t = 0
    let code = Self.withPointers(["cluster"] + words) { arguments in
      Self.withPointers(environment.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }) {
        posix_spawn(&number, "/proc/self/exe", nil, &attributes, arguments, $0)
      }
    }
    guard code == 0 else { throw SystemError("start of a member", code: code) }
    id = number
  }

  /// Asks it to end.
  func terminate() { kill(id, SIGTERM) }

  /// Whether it has ended, and with which status; 128 and more for a signal, as shells say it.
  ///
  /// - Returns: None while it runs.
  func endStatus() -> Int32? { waited(WNOHANG) }

  /// Waits for its end.
  func wait() -> Int32 { waited(0) ?? -1 }

  private func waited(_ options: Int32) -> Int32? {
    var status: Int32 = 0
    while true {
      let result = waitpid(id, &status, options)
      if result == id {
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
      }
      guard result < 0 else { return nil }
      guard errno == EINTR else { return -1 }
    }
  }

  private static func withPointers<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
  }
}
