import ClusterCore

/// How values stand in a scenario's text, as `LineScanner` reads them.
enum ScenarioWord {
  /// A text: as it is where that is one word, else in quotes, else as bytes.
  static func text(_ text: String) -> String { bytes(Array(text.utf8)) }

  /// Bytes, as text where they are some.
  static func bytes(_ bytes: [UInt8]) -> String {
    let quote = UInt8(ascii: "\"")
    guard let text = String(validating: bytes, as: UTF8.self),
      bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != quote })
    else { return "0x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
    let parts: [UInt8] = [UInt8(ascii: " "), UInt8(ascii: "|"), UInt8(ascii: "#")]
    let isWord = !bytes.isEmpty && !bytes.contains { parts.contains($0) } && !text.hasPrefix("0x")
    return isWord ? text : "\"\(text)\""
  }

  /// A span of time in the largest unit that shows it exactly.
  static func span(_ nanoseconds: UInt64) -> String {
    let units = LineScanner.units.filter { $0.name != "h" && $0.name != "min" }
    let unit = units.last { nanoseconds % UInt64($0.nanoseconds) == 0 }
    guard nanoseconds > 0, let unit else { return "0s" }
    return "\(nanoseconds / UInt64(unit.nanoseconds))\(unit.name)"
  }

  /// A span of time.
  static func span(_ duration: Duration) -> String { span(Span64(duration).nanoseconds) }

  /// A share, in percent where those are whole.
  static func share(_ ratio: Ratio) -> String {
    ratio.numerator * 100 % ratio.denominator == 0
      ? "\(ratio.numerator * 100 / ratio.denominator)%" : "\(ratio.numerator)/\(ratio.denominator)"
  }

  /// A list of members.
  static func list(_ members: [Int]) -> String { members.map(String.init).joined(separator: " ") }
}
