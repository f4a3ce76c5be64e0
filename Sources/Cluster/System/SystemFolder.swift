import Glibc

/// A directory of this machine, held by one process at a time.
final class SystemFolder: DataFolder {
  /// Where it is.
  let path: String
  private let directory: FileDescriptor
  /// Locked as long as this lives; the system lets go of it when the process ends, however it ends.
  private let lock: FileDescriptor

  /// Opens a directory, and makes it if there is none. Its parent must be there.
  ///
  /// - Throws: Why it can't be had: with `EWOULDBLOCK`, another process has it.
  init(_ path: String) throws(SystemError) {
    self.path = path
    if case .failed(let code) = SystemCall({ mkdir(path, 0o700) }), code != EEXIST {
      throw SystemError("create \(path)", code: code)
    }
    directory = try FileDescriptor(
      SystemCall { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }, "open \(path)")
    let number = directory.number
    lock = try FileDescriptor(
      SystemCall { openat(number, "lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600) },
      "open \(path)/lock")
    let locked = lock.number
    try SystemCall { flock(locked, LOCK_EX | LOCK_NB) }.orThrow("lock \(path)/lock")
  }

  func open(_ name: String) throws(SystemError) -> SystemFile? {
    let number = directory.number
    let call = SystemCall { openat(number, name, O_RDWR | O_CLOEXEC) }
    if case .failed(ENOENT) = call { return nil }
    return SystemFile(try FileDescriptor(call, "open \(path)/\(name)"), name: "\(path)/\(name)")
  }

  func create(_ name: String) throws(SystemError) -> SystemFile {
    let number = directory.number
    let call = SystemCall {
      openat(number, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    }
    return SystemFile(try FileDescriptor(call, "create \(path)/\(name)"), name: "\(path)/\(name)")
  }

  func rename(_ name: String, to other: String) throws(SystemError) {
    let number = directory.number
    try SystemCall { renameat(number, name, number, other) }
      .orThrow("rename \(path)/\(name) to \(other)")
  }

  func keep(_ name: String, as other: String) throws(SystemError) {
    try remove(other)
    let number = directory.number
    try SystemCall { linkat(number, name, number, other, 0) }
      .orThrow("link \(path)/\(name) to \(other)")
  }

  func remove(_ name: String) throws(SystemError) {
    let number = directory.number
    let call = SystemCall { unlinkat(number, name, 0) }
    if case .failed(ENOENT) = call { return }
    try call.orThrow("remove \(path)/\(name)")
  }

  func flush() throws(SystemError) {
    let number = directory.number
    try SystemCall { fsync(number) }.orThrow("flush \(path)")
  }
}

/// A file of this machine.
final class SystemFile: DataFile {
  private let descriptor: FileDescriptor
  private let name: String

  init(_ descriptor: consuming FileDescriptor, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  func size() throws(SystemError) -> Int {
    let number = descriptor.number
    return try SystemCall { lseek(number, 0, SEEK_END) }.orThrow("measure \(name)")
  }

  func read(_ range: Range<Int>) throws(SystemError) -> [UInt8] {
    let number = descriptor.number
    var failure: SystemError?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      while count < range.count {
        let done = count
        let call = SystemCall {
          pread(
            number, buffer.baseAddress?.advanced(by: done), range.count - done,
            off_t(range.lowerBound + done))
        }
        guard case .done(let part) = call else {
          if case .failed(let code) = call { failure = SystemError("read \(name)", code: code) }
          return
        }
        guard part > 0 else { return }
        count += part
      }
    }
    if let failure { throw failure }
    return bytes
  }

  func write(_ bytes: [UInt8], at offset: Int) throws(SystemError) {
    let number = descriptor.number
    var done = 0
    while done < bytes.count {
      let call = bytes.withUnsafeBytes { raw in
        SystemCall {
          pwrite(
            number, raw.baseAddress?.advanced(by: done), raw.count - done, off_t(offset + done))
        }
      }
      let part = try call.orThrow("write \(name)")
      guard part > 0 else { throw SystemError("write \(name)", code: ENOSPC) }
      done += part
    }
  }

  func truncate(to size: Int) throws(SystemError) {
    let number = descriptor.number
    try SystemCall { ftruncate(number, off_t(size)) }.orThrow("truncate \(name)")
  }

  func flush() throws(SystemError) {
    let number = descriptor.number
    try SystemCall { fdatasync(number) }.orThrow("flush \(name)")
  }
}

extension SystemError {
  /// Whether a file is locked by another process.
  var isLockedElsewhere: Bool { code == EWOULDBLOCK }

  /// What stands for the failure of a file that failed before and isn't written to any more.
  static func isLost(_ name: String) -> SystemError { SystemError("write \(name)", code: EIO) }
}
