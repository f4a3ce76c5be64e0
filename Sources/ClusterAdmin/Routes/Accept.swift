/// Which of several representations a client likes best (RFC 9110 §12.5.1).
struct Accept {
  private var ranges: [(type: String, quality: Int)] = []

  /// Reads the `Accept` field. What is malformed in it counts as not being there.
  init(_ fields: Fields) {
    for element in fields.elements("accept") {
      var parts = element.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
        .makeIterator()
      guard let first = parts.next() else { continue }
      let type = String(
        decoding: first.trimmingBlanks().map(\.asciiLowercased), as: UTF8.self)
      var quality = 1_000
      while let part = parts.next() {
        let parameter = part.trimmingBlanks()
        if parameter.prefix(2).equals(ignoringCase: "q=") {
          quality = Self.quality(parameter.dropFirst(2))
        }
      }
      ranges.append((type, quality))
    }
  }

  /// Whether `type` is liked better than JSON, which is what a client gets that doesn't care. A type
  /// that is named beats one that is only covered by a wildcard.
  func prefers(_ type: String) -> Bool {
    guard !ranges.isEmpty else { return false }
    let wanted = rank(of: type)
    let json = rank(of: "application/json")
    return wanted.quality > 0 && (wanted.quality, wanted.detail) > (json.quality, json.detail)
  }

  private func rank(of type: String) -> (quality: Int, detail: Int) {
    let group = type.prefix { $0 != "/" } + "/*"
    var best = (quality: 0, detail: -1)
    for range in ranges {
      let detail = range.type == type ? 2 : range.type == group ? 1 : range.type == "*/*" ? 0 : -1
      if detail > best.detail { best = (range.quality, detail) }
    }
    return best
  }

  /// A weight from 0 to 1 with at most three decimals, in thousandths.
  private static func quality(_ text: ArraySlice<UInt8>) -> Int {
    guard let first = text.first, first == 0x30 || first == 0x31, text.count <= 5 else { return 0 }
    var thousandths = Int(first - 0x30) * 1_000
    let decimals = text.dropFirst(2)
    var scale = 100
    for digit in decimals {
      guard digit.isDigit else { return 0 }
      thousandths += Int(digit - 0x30) * scale
      scale /= 10
    }
    return min(thousandths, 1_000)
  }
}
