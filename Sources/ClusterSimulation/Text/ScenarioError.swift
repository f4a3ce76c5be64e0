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

  /// One line that names all of it.
  public var description: String {
    "line \(line), column \(column): found \(found), expected \(expected)"
  }
}
