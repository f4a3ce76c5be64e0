/// How values stand in JSON (RFC 8259).
package enum JSONText {
  /// A text in quotes.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// A span in whole milliseconds.
  package static func milliseconds(_ span: Duration) -> Int64 {
    span.components.seconds * 1_000 + span.components.attoseconds / 1_000_000_000_000_000
  }
}
