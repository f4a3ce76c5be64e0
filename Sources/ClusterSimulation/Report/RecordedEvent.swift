package import ClusterCore

/// What one member told its embedder, and when.
package struct RecordedEvent: Sendable {
  /// Nanoseconds since the start.
  package let time: UInt64
  /// The host's number: the member's ordinal, or more for a second process that claims one.
  package let node: Int
  /// What it told.
  package let event: ClusterEvent
}
