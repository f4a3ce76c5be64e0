import Cluster

/// One thing that was looked at, what it is like, and what to do about it.
struct Finding: Hashable, Sendable {
  /// How it is.
  enum Result: String, Sendable {
    /// As it should be.
    case ok
    /// Not wrong, but worth knowing.
    case note
    /// Wrong, and there is something to be done.
    case problem
  }

  /// What was looked at.
  enum Check: String, Sendable {
    case settings, dns, port, http, size, link, leader, clock, key, packets, store, version
  }

  /// How it is.
  var result: Result
  /// What was looked at.
  var check: Check
  /// What was seen.
  var text: String
  /// What to do; empty where nothing is.
  var remedy = ""

  /// The finding for people: one line, the remedy behind an arrow.
  var line: String {
    let cells = [result.rawValue, check.rawValue].map { cell in
      cell + String(repeating: " ", count: max(0, 8 - cell.count))
    }
    let words = remedy.isEmpty ? text : "\(text) -> \(remedy)"
    return (cells + [String(escaped(words, limit: 2_000).dropFirst().dropLast())])
      .joined(separator: "  ")
  }

  /// The finding as a JSON object.
  var json: String {
    let members = [
      ("result", result.rawValue), ("check", check.rawValue), ("text", text), ("remedy", remedy),
    ]
    return "{"
      + members.map { "\"\($0)\":\(escaped($1, limit: .max))" }.joined(separator: ",") + "}"
  }
}

extension Finding {
  static func ok(_ check: Check, _ text: String) -> Finding {
    Finding(result: .ok, check: check, text: text)
  }

  static func note(_ check: Check, _ text: String, _ remedy: String) -> Finding {
    Finding(result: .note, check: check, text: text, remedy: remedy)
  }

  static func problem(_ check: Check, _ text: String, _ remedy: String) -> Finding {
    Finding(result: .problem, check: check, text: text, remedy: remedy)
  }
}

extension Collection where Element == String {
  /// The words as a list in a sentence: `a, b and c`.
  var listed: String {
    guard count > 1, let last = Array(self).last else { return first ?? "nobody" }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}
