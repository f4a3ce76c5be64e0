import Cluster

/// What surrounds a command: environment and streams. Data goes to standard output, words to standard
/// error, so that a pipe gets the one and a person reads the other.
struct Shell: Sendable {
  /// The environment's variables.
  var environment: [String: String]
  /// Whether standard output is a terminal.
  var isTerminal: Bool
  /// Takes bytes for standard output.
  var write: @Sendable ([UInt8]) -> Void
  /// Takes a line for standard error.
  var say: @Sendable (String) -> Void
  /// Reads all of standard input, or one byte more than the limit.
  var read: @Sendable (_ limit: Int) throws(SystemError) -> [UInt8]
  /// Reads all of a file, or one byte more than the limit.
  var readFile: @Sendable (_ path: String, _ limit: Int) throws(SystemError) -> [UInt8]

  /// Writes lines to standard output.
  func print(_ text: String) { write(Array((text + "\n").utf8)) }
}
