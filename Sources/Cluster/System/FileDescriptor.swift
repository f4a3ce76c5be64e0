import Glibc

/// An open file descriptor; it is closed once, when its owner goes.
package struct FileDescriptor: ~Copyable, Sendable {
  /// The number, valid as long as this value lives.
  package let number: Int32

  /// Takes over a descriptor that nobody else closes.
  package init(owning number: Int32) { self.number = number }

  /// Takes over what a call that opens a descriptor returned.
  package init(_ call: SystemCall, _ action: @autoclosure () -> String) throws(SystemError) {
    number = Int32(truncatingIfNeeded: try call.orThrow(action()))
  }

  deinit {
    // Never again after EINTR: on Linux the number is free by then and may be somebody else's.
    _ = Glibc.close(number)
  }
}
