import CClusterLinux

/// A system call that failed: what was being done, and what the system said.
///
/// Its text is one line of a log: `bind 0.0.0.0:7946: address already in use (EADDRINUSE)`.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was being done and to what, such as `bind 0.0.0.0:7946`.
  package var action: String
  /// The system's number of the error (`errno`).
  package var code: Int32

  /// Creates the error of an action.
  package init(_ action: String, code: Int32) {
    self.action = action
    self.code = code
  }

  /// The action, the system's words and the number's name.
  package var description: String { "\(action): \(Self.text(of: code)) (\(Self.name(of: code)))" }

  /// The name of an error number, such as `EADDRINUSE`; the number itself when nothing names it.
  package static func name(of code: Int32) -> String {
    cluster_error_name(code).map { String(cString: $0) } ?? "errno \(code)"
  }

  /// What the system says of an error number, in lower case.
  package static func text(of code: Int32) -> String {
    cluster_error_text(code).map { String(cString: $0).lowercased() } ?? "unknown error"
  }
}
