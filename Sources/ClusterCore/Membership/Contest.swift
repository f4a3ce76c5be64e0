/// A newer boot of this member's own ordinal was heard of. Either it is a trace of an earlier life that
/// this member's clock is behind of, or another process lives under the same ordinal: a direct probe
/// tells.
package struct Contest: Hashable, Sendable {
  /// A register that was handed over and isn't noted yet.
  package struct Handover: Hashable, Sendable {
    package var nonce: UInt64
    package var key: Key
  }

  package var boot: UInt64
  package var address: Address?
  package var nonce: UInt64
  package var tries = 0
  package var nextAt: Instant
  /// Whether the other one answered: then this process ends, once the rest is handed over.
  package var isLost = false
  package var pending: [Handover] = []
  package var hasListed = false
}
