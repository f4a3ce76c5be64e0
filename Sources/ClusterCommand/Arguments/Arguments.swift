/// What was typed after a command, taken apart. Every value has been checked against the command's
/// description; what it means is for the command to say.
struct Arguments: Hashable, Sendable {
  /// The words that lead to the command, such as `cluster get`.
  var path: [String] = []
  /// The values of the options that were given, by name; empty for one that takes none.
  var options: [String: String] = [:]
  /// The values of the operands that were given, by name.
  var operands: [String: String] = [:]

  /// Whether an option was given.
  func has(_ option: String) -> Bool { options[option] != nil }

  /// A required operand's value.
  func operand(_ name: String) -> String { operands[name] ?? "" }
}
