import Glibc

/// What a system call gave: a result, that it would have had to wait, or an error number.
///
/// An interrupted call (`EINTR`) is made again and never seen. Would-block is a value, because to a
/// loop it is news and no failure.
package enum SystemCall: Hashable, Sendable {
  /// It succeeded with this result, zero or more.
  case done(Int)
  /// A descriptor that doesn't wait had nothing to give or no room (`EAGAIN`).
  case wouldBlock
  /// It failed with this error number.
  case failed(Int32)

  /// Makes a call that returns -1 and sets `errno` when it fails.
  @inline(__always)
  package init<Result: FixedWidthInteger>(_ call: () -> Result) {
    while true {
      let result = call()
      if result >= 0 {
        self = .done(Int(result))
        return
      }
      let code = errno
      if code == EINTR { continue }
      self = code == EAGAIN || code == EWOULDBLOCK ? .wouldBlock : .failed(code)
      return
    }
  }

  /// The result, where would-block is a failure like any other.
  @discardableResult
  package func orThrow(_ action: @autoclosure () -> String) throws(SystemError) -> Int {
    switch self {
    case .done(let result): return result
    case .wouldBlock: throw SystemError(action(), code: EAGAIN)
    case .failed(let code): throw SystemError(action(), code: code)
    }
  }
}
