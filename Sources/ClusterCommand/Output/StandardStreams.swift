import Cluster
import FoundationEssentials
import Glibc

/// The process's own streams and environment.
enum StandardStreams {
  /// The shell that this process was called from.
  static func shell() -> Shell {
    Shell(
      environment: ProcessInfo.processInfo.environment,
      isTerminal: isatty(STDOUT_FILENO) == 1,
      write: { write($0, to: STDOUT_FILENO) },
      say: { write(Array(($0 + "\n").utf8), to: STDERR_FILENO) },
      read: { limit throws(SystemError) in try read(STDIN_FILENO, limit, "standard input") },
      readFile: { path, limit throws(SystemError) in try readFile(path, limit) })
  }

  /// Writes all bytes. A reader that went away ends the process by SIGPIPE, as usual; what else stops
  /// the output ends it here, so that nobody takes half of it for the whole.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { exit(ExitStatus.failure.rawValue) }
      offset += count
    }
  }

  private static func readFile(_ path: String, _ limit: Int) throws(SystemError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(path, code: errno) }
    defer { close(descriptor) }
    return try read(descriptor, limit, path)
  }

  private static func read(
    _ descriptor: Int32, _ limit: Int, _ name: String
  ) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count <= limit {
      let count = Glibc.read(descriptor, &chunk, min(chunk.count, limit + 1 - bytes.count))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw SystemError(name, code: errno) }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }
}
