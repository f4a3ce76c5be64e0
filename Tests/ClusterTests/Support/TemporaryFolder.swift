import Cluster
import Glibc

/// A directory of its own, gone with its test.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array(
      ("/tmp/cluster-test-" + String(repeating: "X", count: 6)).utf8CString)
    guard let made = mkdtemp(&template) else { throw SystemError("mkdtemp", code: errno) }
    path = String(cString: made)
  }

  deinit {
    for name in ["data/journal", "data/journal.new", "data/journal.damaged", "data/lock"] {
      unlink("\(path)/\(name)")
    }
    rmdir("\(path)/data")
    rmdir(path)
  }

  func read(_ name: String) throws -> [UInt8] {
    let folder = try SystemCall { open("\(path)/\(name)", O_RDONLY) }.orThrow("open \(name)")
    defer { close(Int32(folder)) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = try SystemCall { Glibc.read(Int32(folder), &chunk, chunk.count) }
        .orThrow("read \(name)")
      guard count > 0 else { return bytes }
      bytes += chunk.prefix(count)
    }
  }

  func write(_ bytes: [UInt8], _ name: String) throws {
    let file = try SystemCall { open("\(path)/\(name)", O_WRONLY | O_TRUNC | O_CREAT, 0o600) }
      .orThrow("open \(name)")
    defer { close(Int32(file)) }
    let count = try SystemCall { Glibc.write(Int32(file), bytes, bytes.count) }
      .orThrow("write \(name)")
    guard count == bytes.count else { throw SystemError("write \(name)", code: EIO) }
  }
}
