/// What is wrong with a scenario's text, where, and what would be right.
public struct ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, counted from 1.
  public let line: Int
  /// The column of the first wrong character, counted from 1 in bytes.
  public let column: Int
  /// What stands there; "end of line" where something is missing.
  public let found: String
  /// What is expected there.
  public let expected: String
  /// The line as it stands in the text.
  public internal(set) var source = ""

  init(line: Int, column: Int, found: String, expected: String) {
    self.line = line
    self.column = column
    self.found = found
    self.expected = expected
  }

  /// The mistake in one line, without its place: what was found and what is expected.
  public var message: String { "found \(found), expected \(expected)" }

  /// The line of the text, and a caret below the place; empty where there is no such line.
  ///
  /// Of a long line what is around the place.
  public var excerpt: String {
    let before = source.utf8.prefix(column - 1)
    guard !source.isEmpty else { return "" }
    let prefix = String(decoding: before, as: UTF8.self)
    let tooMany = max(0, prefix.count - 70)
    let line = String(source.dropFirst(tooMany).prefix(100))
    // A tab stays one, so that the caret comes to stand where the place is.
    let blanks = String(prefix.dropFirst(tooMany).map { $0 == "\t" ? "\t" : " " })
    let isCut = tooMany > 0
    return "    \(isCut ? "..." : "")\(line)\n    \(isCut ? "   " : "")\(blanks)^"
  }

  /// The place and the mistake, and below them the line with a caret.
  public var description: String {
    let head = "line \(line), column \(column): \(message)"
    return source.isEmpty ? head : head + "\n" + excerpt
  }
}
