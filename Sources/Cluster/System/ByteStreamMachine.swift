package import ClusterCore

/// A protocol on one connection as a pure value: bytes and time in, bytes out.
///
/// A `StreamServer` drives it, on one thread. It asks again for output, for deadline and for what
/// is wanted after each call of the first three and after each `post`.
package protocol ByteStreamMachine: Sendable {
  /// Bytes came; at most 64 KiB at once, and none unless `wantsInput`.
  mutating func received(_ bytes: [UInt8], at now: Instant)

  /// The peer says that no more comes, or the server is about to stop. Once at most.
  mutating func inputClosed(at now: Instant)

  /// The deadline has come. One that is still due afterwards, without the machine being finished,
  /// ends the connection.
  mutating func timedOut(at now: Instant)

  /// When to call `timedOut`; `.distantFuture` when never.
  var deadline: Instant { get }

  /// Hands over what is to be written now, once; empty when there is nothing.
  ///
  /// Not called while more than the limit waits for a slow reader: what is to be written then stays
  /// in the machine, which decides how much that may be.
  mutating func takeOutput() -> [UInt8]

  /// False stops reading: back pressure.
  var wantsInput: Bool { get }

  /// Whether the connection is to be closed as soon as its output has left.
  var isFinished: Bool { get }
}

/// The number of one connection of a server, not used again.
package struct ConnectionID: Hashable, Comparable, Sendable {
  /// The number.
  package let rawValue: UInt64

  /// Creates a connection's number.
  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Orders connections by age.
  package static func < (left: ConnectionID, right: ConnectionID) -> Bool {
    left.rawValue < right.rawValue
  }
}
