/// The words of one line of a scenario, one after the other.
///
/// Words are parted by blanks; `|` stands for itself; text in double quotes is one word; `#` begins
/// a comment, unless it is quoted. Where text is expected, `0x` and pairs of hexadecimal digits,
/// unquoted, stand for those bytes.
struct LineScanner {
  /// One word and where it begins.
  struct Word {
    var text: String
    var column: Int
    var isQuoted = false
  }

  private let line: Int
  private var words: [Word] = []
  private var next = 0
  private let end: Int

  init(_ text: Substring, line: Int) throws(ScenarioError) {
    self.line = line
    let bytes = Array(text.utf8)
    end = bytes.count + 1
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): index += 1
      case UInt8(ascii: "#"): return
      case UInt8(ascii: "|"):
        words.append(Word(text: "|", column: index + 1))
        index += 1
      case UInt8(ascii: "\""):
        guard let close = bytes[(index + 1)...].firstIndex(of: UInt8(ascii: "\"")) else {
          throw ScenarioError(
            line: line, column: end, found: "end of line", expected: "a closing \"")
        }
        let text = String(decoding: bytes[(index + 1)..<close], as: UTF8.self)
        words.append(Word(text: text, column: index + 1, isQuoted: true))
        index = close + 1
      default:
        let start = index
        while index < bytes.count, !Self.ends(bytes[index]) { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        words.append(Word(text: text, column: start + 1))
      }
    }
  }

  /// Whether nothing is left.
  var isAtEnd: Bool { next == words.count }

  /// The next word, which stays; none at the end.
  var peek: String? { isAtEnd || words[next].isQuoted ? nil : words[next].text }

  /// Takes the next word if it is this one.
  mutating func take(_ word: String) -> Bool {
    guard peek == word else { return false }
    next += 1
    return true
  }

  /// Takes a word that must be this one.
  mutating func require(_ word: String) throws(ScenarioError) {
    guard take(word) else { throw wrong("'\(word)'") }
  }

  /// Takes any word.
  mutating func word(_ expected: String) throws(ScenarioError) -> String {
    guard !isAtEnd, words[next].text != "|" || words[next].isQuoted else { throw wrong(expected) }
    if let bytes = Self.hexadecimal(words[next]) {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw wrong("\(expected), of valid UTF-8")
      }
      next += 1
      return text
    }
    next += 1
    return words[next - 1].text
  }

  /// Takes any word as bytes.
  mutating func bytes(_ expected: String) throws(ScenarioError) -> [UInt8] {
    if !isAtEnd, let bytes = Self.hexadecimal(words[next]) {
      next += 1
      return bytes
    }
    return Array(try word(expected).utf8)
  }

  /// Takes one of several words.
  mutating func choice<Value>(_ choices: [(String, Value)]) throws(ScenarioError) -> Value {
    for (word, value) in choices where take(word) { return value }
    throw wrong(choices.map { "'\($0.0)'" }.joined(separator: ", "))
  }

  /// Takes a whole number.
  mutating func number(_ expected: String, in range: ClosedRange<Int>) throws(ScenarioError) -> Int
  {
    guard let text = peek, let number = Int(text), range.contains(number) else {
      throw wrong("\(expected), \(range.lowerBound) to \(range.upperBound)")
    }
    next += 1
    return number
  }

  /// Takes a number of 64 bits.
  mutating func unsigned(_ expected: String) throws(ScenarioError) -> UInt64 {
    guard let text = peek, let number = UInt64(text) else {
      throw wrong("\(expected), 0 to \(UInt64.max)")
    }
    next += 1
    return number
  }

  /// Takes a span of time like `10s`; with a sign where `signed`.
  mutating func duration(_ expected: String, signed: Bool = false) throws(ScenarioError) -> Duration
  {
    let example = "\(expected), a whole number with ns, us, ms, s, min or h"
    guard let text = peek else { throw wrong(example) }
    var digits = Substring(text)
    let isNegative = signed && digits.hasPrefix("-")
    if isNegative || (signed && digits.hasPrefix("+")) { digits.removeFirst() }
    let unit = digits.drop { $0.isASCII && $0.isNumber }
    let count = digits.prefix(upTo: unit.startIndex)
    guard let scale = Self.units.first(where: { $0.name == unit })?.nanoseconds,
      let number = Int64(count), number <= 1_000_000_000_000_000_000 / scale
    else { throw wrong(example) }
    next += 1
    return .nanoseconds((isNegative ? -number : number) * scale)
  }

  /// Takes two spans of time like `4s..8s`, the second not shorter than the first.
  mutating func durationRange(_ expected: String) throws(ScenarioError) -> ClosedRange<Duration> {
    guard let text = peek, let dots = text.firstRange(of: "..") else { throw wrong(expected) }
    let before = self
    words[next].text = String(text[..<dots.lowerBound])
    let low = try duration(expected)
    next -= 1
    words[next].text = String(text[dots.upperBound...])
    let high = try duration(expected)
    guard low <= high else { throw before.wrong(expected) }
    return low...high
  }

  /// The units of time, shortest first.
  static let units: [(name: String, nanoseconds: Int64)] = [
    ("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
  ]

  /// Takes a share like `2%` or `1/64`.
  mutating func share(_ expected: String) throws(ScenarioError) -> Ratio {
    if let text = peek, let slash = text.firstIndex(of: "/"),
      let part = UInt64(text[..<slash]), let whole = UInt64(text[text.index(after: slash)...]),
      whole > 0, part <= whole
    {
      next += 1
      return Ratio(part, in: whole)
    }
    return .percent(try percent(expected))
  }

  /// Takes a number of millionths like `+200ppm`.
  mutating func perMillion(_ expected: String) throws(ScenarioError) -> Int64 {
    guard let text = peek, text.hasSuffix("ppm"), let number = Int64(text.dropLast(3)),
      (-100_000...100_000).contains(number)
    else { throw wrong("\(expected), -100000ppm to +100000ppm") }
    next += 1
    return number
  }

  /// Takes a share of whole percents like `2%`.
  mutating func percent(_ expected: String) throws(ScenarioError) -> UInt64 {
    guard let text = peek, text.hasSuffix("%"), let number = UInt64(text.dropLast()), number <= 100
    else { throw wrong("\(expected), 0% to 100%") }
    next += 1
    return number
  }

  /// Requires that nothing is left.
  func finish() throws(ScenarioError) {
    guard isAtEnd else { throw wrong("end of line") }
  }

  /// The error that something else is expected here.
  func wrong(_ expected: String) -> ScenarioError {
    let found = isAtEnd ? "end of line" : "'\(words[next].text)'"
    let column = isAtEnd ? end : words[next].column
    return ScenarioError(line: line, column: column, found: found, expected: expected)
  }

  /// The bytes that an unquoted word of hexadecimal digits stands for.
  private static func hexadecimal(_ word: Word) -> [UInt8]? {
    let digits = Array(word.text.utf8.dropFirst(2))
    guard !word.isQuoted, word.text.hasPrefix("0x"), !digits.isEmpty, digits.count % 2 == 0 else {
      return nil
    }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      let pair = String(decoding: digits[index...index + 1], as: UTF8.self)
      guard let byte = UInt8(pair, radix: 16) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }

  private static func ends(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
      || byte == UInt8(ascii: "|") || byte == UInt8(ascii: "#") || byte == UInt8(ascii: "\"")
  }
}
