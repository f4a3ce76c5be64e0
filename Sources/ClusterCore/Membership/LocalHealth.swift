/// How well this member itself is doing (Lifeguard, Local Health Multiplier): zero is well. A member
/// that misses answers which others would have got probes more slowly and waits longer, so that a
/// starved member doesn't accuse healthy ones.
package struct LocalHealth: Hashable, Sendable {
  package static let worst: UInt64 = 8
  package private(set) var score: UInt64 = 0

  package init() {}

  /// What interval and timeout are multiplied by.
  package var multiplier: UInt64 { score + 1 }

  package mutating func worsen(by points: UInt64 = 1) { score = min(Self.worst, score + points) }
  package mutating func improve() { score -= min(score, 1) }
}
