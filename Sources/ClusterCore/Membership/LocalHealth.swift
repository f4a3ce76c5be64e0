/// How well this member itself is doing (Lifeguard, Local Health Multiplier): zero is well. A member
/// that misses answers which others would have got probes more slowly and waits longer, so that a
/// starved member doesn't accuse healthy ones.
///
/// A member that hears nobody at all is rather cut off than starved: what has arrived is read before
/// anybody is judged. Probe after probe then fails of one cause. That counts once, and the first answer
/// takes it back: else a short cut would make it blind for the next one.
package struct LocalHealth: Hashable, Sendable {
  package static let worst: UInt64 = 8
  package private(set) var score: UInt64 = 0
  /// What of it came of a silence.
  private var silence: UInt64 = 0

  package init() {}

  /// What interval and timeout are multiplied by.
  package var multiplier: UInt64 { score + 1 }

  package mutating func worsen(by points: UInt64 = 1) { score = min(Self.worst, score + points) }

  /// Takes a probe that failed.
  ///
  /// - Parameter isSilence: Whether nobody at all was heard since it began.
  package mutating func fail(by points: UInt64, isSilence: Bool) {
    guard isSilence else { return worsen(by: points) }
    guard !isSilenced else { return }
    let before = score
    worsen(by: points)
    silence = score - before
  }

  /// Takes an answer.
  package mutating func improve() {
    score -= min(score, 1 + silence)
    silence = 0
  }

  /// Whether it heard nobody and has had no answer since.
  package var isSilenced: Bool { silence > 0 }
}
