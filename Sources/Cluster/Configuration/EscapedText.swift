/// Text of unknown origin, in double quotes and on one line: control characters, quotes and
/// backslashes are escaped as in JSON, and what is longer than `limit` characters is cut.
///
/// Terminals act upon control characters, and log readers upon line ends; U+2028, U+2029 and the
/// controls of U+0080 to U+009F count among them.
package func escaped(_ text: String, limit: Int = 200) -> String {
  var result = "\""
  var count = 0
  for scalar in text.unicodeScalars {
    count += 1
    guard count <= limit else {
      result += "..."
      break
    }
    appendEscaped(scalar, to: &result)
  }
  return result + "\""
}

private func appendEscaped(_ scalar: Unicode.Scalar, to result: inout String) {
  switch scalar {
  case "\"": result += "\\\""
  case "\\": result += "\\\\"
  case "\n": result += "\\n"
  case "\r": result += "\\r"
  case "\t": result += "\\t"
  default:
    if needsEscape(scalar) {
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
}

/// Controls, and the marks that reorder text on a terminal; all of them have at most 16 bits.
private func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
  default: false
  }
}
