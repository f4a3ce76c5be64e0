/// The parts of one answer to a digest, as they arrive. Its claim holds once all of them have.
package struct Assembly: Hashable, Sendable {
  /// The mark of the digest that is answered.
  package let mark: UInt64
  package let parts: Int
  /// What the sender knew when it answered.
  package let clockDigest: UInt64
  package private(set) var claim: StoreClock?
  package private(set) var forgotten = ForgottenDots()
  /// One bit a part.
  private var arrived: UInt64 = 0

  package init(mark: UInt64, parts: Int, clockDigest: UInt64) {
    self.mark = mark
    self.parts = parts
    self.clockDigest = clockDigest
  }

  /// Notes a part whose entries were merged.
  package mutating func add(_ delta: Delta) {
    arrived |= 1 << UInt64(delta.part)
    guard let claim = delta.claim else { return }
    self.claim = claim
    forgotten = delta.forgotten
  }

  package var isComplete: Bool { arrived.nonzeroBitCount == parts }
}
