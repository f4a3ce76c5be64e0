import Glibc

/// A small file that somebody may replace while the process runs.
///
/// It is looked at by its path each time, symbolic links followed: a kubelet replaces a mounted secret
/// by turning a link to another folder, and the file that was opened first never changes.
package struct WatchedFile: Hashable, Sendable {
  /// Where it is.
  package let path: String

  /// What tells one state of a file from another without reading it.
  package struct Stamp: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    private let changed: [Int]

    fileprivate init(_ status: stat) {
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
      size = Int64(status.st_size)
      // A file's content may be replaced within one tick of its own clock; its inode's isn't set back.
      changed = [
        status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec,
        status.st_ctim.tv_nsec,
      ]
    }
  }

  /// Watches the file at a path, which need not be there.
  package init(path: String) { self.path = path }

  /// Its state; none when there is no such file now.
  package var stamp: Stamp? {
    var status = stat()
    return stat(path, &status) == 0 ? Stamp(status) : nil
  }

  /// Reads all of it, and the state in which that was.
  ///
  /// - Throws: Why it can't be read; `EFBIG` when it has more than `limit` bytes.
  func read(atMost limit: Int) throws(SystemError) -> (bytes: [UInt8], stamp: Stamp) {
    let action = "read \(path)"
    // Not to be kept waiting by a pipe or a device that somebody put there.
    let file = try FileDescriptor(
      SystemCall { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }, action)
    var status = stat()
    try SystemCall { fstat(file.number, &status) }.orThrow(action)
    guard status.st_mode & S_IFMT == S_IFREG else { throw SystemError(action, code: EINVAL) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var count = 0
    while count < bytes.count {
      let part = try bytes.withUnsafeMutableBytes { buffer in
        SystemCall {
          Glibc.read(file.number, buffer.baseAddress.map { $0 + count }, buffer.count - count)
        }
      }.orThrow(action)
      if part == 0 { break }
      count += part
    }
    guard count <= limit else { throw SystemError(action, code: EFBIG) }
    return (Array(bytes[..<count]), Stamp(status))
  }
}
