package import ClusterCore

/// Temporary: what the stream server drives.
package protocol ByteStreamMachine: Sendable {
  mutating func received(_ bytes: [UInt8], at now: Instant)
  mutating func inputClosed(at now: Instant)
  mutating func timedOut(at now: Instant)
  var deadline: Instant { get }
  mutating func takeOutput() -> [UInt8]
  var wantsInput: Bool { get }
  var isFinished: Bool { get }
}
