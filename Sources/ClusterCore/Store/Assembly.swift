/// The parts of one answer to a digest, as they arrive. Its claim holds once all of them have.
package struct Assembly: Hashable, Sendable {
  /// The mark of the digest that is answered.
  package let mark: UInt64
  package let answer: UInt32
  package let parts: Int
  package private(set) var claim: StoreClock?
  package private(set) var forgotten = ForgottenDots()
  /// One bit a part.
  private var arrived: UInt64 = 0

  /// Begins with any part of an answer, which has yet to be added.
  package init(of delta: Delta) {
    mark = delta.mark
    answer = delta.answer
    parts = delta.parts
  }

  /// Whether a part is of this answer.
  package func includes(_ delta: Delta) -> Bool {
    delta.mark == mark && delta.answer == answer && delta.parts == parts
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
