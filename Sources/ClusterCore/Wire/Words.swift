extension Array<UInt8> {
  /// Hands out the bytes eight at a time, first byte highest; what is left at the end comes as one
  /// shorter number, if anything is left.
  @inline(__always)
  package func forEachWord(upTo count: Int? = nil, _ body: (UInt64) -> Void) {
    let end = Swift.min(count ?? self.count, self.count)
    let span = self.span
    var index = 0
    while index &+ 8 <= end {
      body(span.word(at: index))
      index &+= 8
    }
    var rest: UInt64 = 0
    for last in index..<Swift.max(end, index) { rest = rest << 8 | UInt64(span[last]) }
    if index < end { body(rest) }
  }
}

extension Span<UInt8> {
  /// Whether these are the same bytes as those.
  @inline(__always)
  func hasSameBytes(as other: borrowing Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    var index = 0
    while index &+ 8 <= count {
      guard word(at: index) == other.word(at: index) else { return false }
      index &+= 8
    }
    if count >= 8 { return word(at: count &- 8) == other.word(at: count &- 8) }
    while index < count {
      guard self[index] == other[index] else { return false }
      index &+= 1
    }
    return true
  }

  /// Eight bytes as one number, the first one highest.
  @inline(__always)
  func word(at index: Int) -> UInt64 {
    precondition(index >= 0 && index <= count &- 8, "eight bytes from \(index) of \(count)")
    // Of a part that is eight bytes long each byte is there: they are read as one word.
    let part = extracting(index..<(index &+ 8))
    let high =
      UInt64(part[0]) << 56 | UInt64(part[1]) << 48 | UInt64(part[2]) << 40 | UInt64(part[3]) << 32
    let low =
      UInt64(part[4]) << 24 | UInt64(part[5]) << 16 | UInt64(part[6]) << 8 | UInt64(part[7])
    return high | low
  }
}
