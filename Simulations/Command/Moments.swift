/// Moments of a run as somebody types them.
enum Moments {
  /// Nanoseconds of `12.3s`, `800ms` or `2min`; seconds where no unit is given. None for anything else.
  static func nanoseconds(_ text: String) -> UInt64? {
    let units: [(String, UInt64)] = [
      ("min", 60_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1), ("s", 1_000_000_000),
    ]
    let unit = units.first { text.hasSuffix($0.0) } ?? ("", 1_000_000_000)
    let parts = text.dropLast(unit.0.utf8.count)
      .split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let whole = UInt64(first), whole < 1_000_000_000 else {
      return nil
    }
    guard parts.count == 2 else { return whole * unit.1 }
    let digits = parts[1].prefix(9)
    guard parts[1].utf8.count <= 9, let fraction = UInt64(digits) else { return nil }
    var scale = unit.1
    for _ in 0..<digits.utf8.count { scale /= 10 }
    return whole * unit.1 + fraction * scale
  }
}
