/// What is asked of a conflict resolver.
///
/// The store converges whatever a resolver does, since it never takes part in the merge. What a
/// resolver can spoil is what is *read*: members that read differently, writes that are forgotten
/// although both are there, values that grow with each conflict.
public enum ResolverLaw: String, Hashable, Sendable, CaseIterable {
  /// It answers every conflict and throws for none. Where it throws, the last writer wins.
  case total
  /// The same candidates always give the same answer: no clock, no random numbers, no memory, no
  /// iteration over a dictionary. Members read the same only if this holds.
  case deterministic
  /// What it keeps is one of the candidates.
  case genuine
  /// Each candidate has a say: whichever place it has in the order of stamps, there are values with
  /// which it changes what is read. A resolver that picks by stamp, as last-writer-wins does, breaks it
  /// by intent: the other writes are lost.
  case keepsValues
  /// Two equal values read as that value.
  case idempotent
  /// What was read, met by one of its candidates again, reads the same: somebody who writes what they
  /// read back into the key makes no new value of it.
  case absorbing
  /// Reading and writing back doesn't grow a value without end.
  case bounded
  /// It doesn't matter which of the writes has the larger stamp. Members agree without it, as all see
  /// the candidates in one order; but whose clock is ahead decides what is read.
  case commutative
  /// Three concurrent writes at once read like two that were read, written back, and met the third.
  case associative

  /// What an embedder nearly always wants; the default of `ResolverReport.requirePassed(_:)`.
  public static let usual: [ResolverLaw] = [.total, .deterministic, .genuine, .keepsValues]

  /// The law in a sentence about what went wrong.
  var complaint: String {
    switch self {
    case .total: "throws"
    case .deterministic: "is not deterministic: two answers to the same candidates"
    case .genuine: "keeps something that is none of the candidates"
    case .keepsValues: "loses a candidate's value"
    case .idempotent: "makes something else of two equal values"
    case .absorbing: "makes something else again of what it answered and one of the candidates"
    case .bounded: "grows: its answer, written back and met again, is longer each time"
    case .commutative: "depends on which was written first"
    case .associative: "reads three at once unlike two and then the third"
    }
  }
}
