/// Which of a sender's last counters have come, so that none is taken twice.
///
/// A ring of words, one more than the window covers: moving on clears whole words and shifts none
/// (RFC 6479). What is older than the window is refused, since nobody knows any more.
struct ReplayWindow: Sendable {
  /// How far a packet may lag behind the newest one.
  static let size: UInt64 = 1_024

  private static let wordCount = 17
  private var words = InlineArray<17, UInt64>(repeating: 0)
  /// The largest counter that was taken.
  private(set) var newest: UInt64 = 0

  /// Whether a counter hasn't come, as far as is known.
  func admits(_ counter: UInt64) -> Bool {
    if counter > newest { return true }
    guard newest - counter < Self.size else { return false }
    return words[Self.word(counter)] & Self.bit(counter) == 0
  }

  /// Notes that a counter has come; only of packets that were opened, so that no forger moves it.
  mutating func insert(_ counter: UInt64) {
    if counter > newest {
      let (from, to) = (newest >> 6, counter >> 6)
      for step in 0..<min(to - from, UInt64(Self.wordCount)) {
        words[Int((from + 1 + step) % UInt64(Self.wordCount))] = 0
      }
      newest = counter
    }
    words[Self.word(counter)] |= Self.bit(counter)
  }

  private static func word(_ counter: UInt64) -> Int { Int((counter >> 6) % UInt64(wordCount)) }

  private static func bit(_ counter: UInt64) -> UInt64 { 1 << (counter & 63) }
}
