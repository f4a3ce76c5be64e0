import ClusterCore

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
  private let source: String
  private var words: [Word] = []
  private var next = 0
  private let end: Int

  init(_ text: Substring, line: Int) throws(ScenarioError) {
    self.line = line
    source = String(text.last == "\r" ? text.dropLast() : text)
    let bytes = Array(source.utf8)
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
          throw error(at: end, "end of line", "a closing \"")
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

  /// Takes a word that must be this one; `rest` says what follows it.
  mutating func require(_ word: String, _ rest: String = "") throws(ScenarioError) {
    guard take(word) else { throw wrong("'\(word)'" + (rest.isEmpty ? "" : " " + rest)) }
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

  /// Takes a key.
  mutating func key() throws(ScenarioError) -> String {
    let text = try word("a key")
    guard (try? Key(text)) != nil else {
      throw wrongBefore("a key of 1 to \(Limits.key) bytes")
    }
    return text
  }

  /// Takes any word as bytes.
  mutating func bytes(_ expected: String) throws(ScenarioError) -> [UInt8] {
    if !isAtEnd, let bytes = Self.hexadecimal(words[next]) {
      next += 1
      return bytes
    }
    return Array(try word(expected).utf8)
  }

  /// Takes one of several words; `what` says what they are, where there are many.
  mutating func choice<Value>(
    _ choices: [(String, Value)], _ what: String = ""
  ) throws(ScenarioError) -> Value {
    for (word, value) in choices where take(word) { return value }
    let words = choices.map(\.0)
    let meant = peek.flatMap { Spelling.nearest(to: $0, among: words) }
    let question = meant.map { " (did you mean '\($0)'?)" } ?? ""
    let all = Spelling.alternatives(words)
    throw wrong(what.isEmpty ? all + question : "\(what)\(question): \(all)")
  }

  /// Takes a whole number.
  mutating func number(_ expected: String, in range: ClosedRange<Int>) throws(ScenarioError) -> Int
  {
    guard let text = peek, let number = Int(text), range.contains(number) else {
      throw wrong("\(expected), a number from \(range.lowerBound) to \(range.upperBound)")
    }
    next += 1
    return number
  }

  /// Takes a number of 64 bits.
  mutating func unsigned(_ expected: String) throws(ScenarioError) -> UInt64 {
    guard let text = peek, let number = UInt64(text) else {
      throw wrong("\(expected), a number from 0 to \(UInt64.max)")
    }
    next += 1
    return number
  }

  /// Takes a span of time like `10s`; with a sign where `signed`.
  mutating func duration(_ expected: String, signed: Bool = false) throws(ScenarioError) -> Duration
  {
    let example =
      "\(expected), a number and a unit (ns, us, ms, s, min, h), like \(signed ? "+" : "")10s"
    guard let text = peek else { throw wrong(example) }
    var number = Substring(text)
    let isNegative = signed && number.hasPrefix("-")
    if isNegative || (signed && number.hasPrefix("+")) { number.removeFirst() }
    guard let nanoseconds = Self.nanoseconds(number) else { throw wrong(example) }
    next += 1
    return .nanoseconds(isNegative ? -nanoseconds : nanoseconds)
  }

  /// A span of time like `10s` or `1.5s`, up to thirty years.
  static func nanoseconds(_ text: Substring) -> Int64? {
    let unit = text.drop { ("0"..."9").contains($0) || $0 == "." }
    guard let scale = units.first(where: { $0.name == unit })?.nanoseconds else { return nil }
    guard let number = decimal(text.prefix(upTo: unit.startIndex)),
      number.whole < 1_000_000_000_000_000_000 / scale, number.part * scale % number.unit == 0
    else { return nil }
    return number.whole * scale + number.part * scale / number.unit
  }

  /// A number like `1.25`: its whole, and how many of which parts of one stand behind the point, six
  /// digits at most.
  private static func decimal(_ text: Substring) -> (whole: Int64, part: Int64, unit: Int64)? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let whole = Int64(first), whole >= 0 else { return nil }
    guard parts.count == 2 else { return (whole, 0, 1) }
    guard parts[1].utf8.count <= 6, let part = Int64(parts[1]), part >= 0 else { return nil }
    return (whole, part, parts[1].utf8.reduce(1) { power, _ in power * 10 })
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

  /// Takes a share like `2%`, `0.5%` or `1/64`.
  mutating func share(_ expected: String) throws(ScenarioError) -> Ratio {
    guard let share = peek.flatMap(Self.share) else {
      throw wrong("\(expected) from 0% to 100%, like 2%, 0.5% or 1/64")
    }
    next += 1
    return share
  }

  private static func share(_ text: String) -> Ratio? {
    if let slash = text.firstIndex(of: "/"),
      let part = UInt64(text[..<slash]), let whole = UInt64(text[text.index(after: slash)...]),
      whole > 0, part <= whole
    {
      return Ratio(part, in: whole)
    }
    guard text.hasSuffix("%"), let number = decimal(text.dropLast()), number.whole <= 100 else {
      return nil
    }
    let (part, whole) = (number.whole * number.unit + number.part, 100 * number.unit)
    return part <= whole ? Ratio(UInt64(part), in: UInt64(whole)) : nil
  }

  /// Takes a number of millionths like `+200ppm`.
  mutating func perMillion(_ expected: String) throws(ScenarioError) -> Int64 {
    guard let text = peek, text.hasSuffix("ppm"), let number = Int64(text.dropLast(3)),
      (-100_000...100_000).contains(number)
    else { throw wrong("\(expected), from -100000ppm to +100000ppm, like +500ppm") }
    next += 1
    return number
  }

  /// Takes a share of whole percents like `2%`.
  mutating func percent(_ expected: String) throws(ScenarioError) -> UInt64 {
    guard let text = peek, text.hasSuffix("%"), let number = UInt64(text.dropLast()), number <= 100
    else { throw wrong("\(expected), whole percents from 0% to 100%") }
    next += 1
    return number
  }

  /// Requires that nothing is left.
  func finish() throws(ScenarioError) {
    guard isAtEnd else { throw wrong("the end of the line") }
  }

  /// The error that something else is expected here.
  func wrong(_ expected: String) -> ScenarioError {
    let word = isAtEnd ? "" : words[next].text
    let found = isAtEnd ? "end of line" : "'\(word.prefix(40))\(word.count > 40 ? "..." : "")'"
    return error(at: isAtEnd ? end : words[next].column, found, expected)
  }

  /// The error that the word taken last should be another one.
  func wrongBefore(_ expected: String) -> ScenarioError {
    var before = self
    before.next -= 1
    return before.wrong(expected)
  }

  private func error(at column: Int, _ found: String, _ expected: String) -> ScenarioError {
    var error = ScenarioError(line: line, column: column, found: found, expected: expected)
    error.source = source
    return error
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
