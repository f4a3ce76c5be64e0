/// One request as it goes out.
struct HTTPRequest: Hashable, Sendable {
  /// The method, such as `GET`.
  var method: String
  /// Path and query, percent-encoded.
  var target: String
  /// Header fields besides Host and Content-Length.
  var fields: [String: String] = [:]
  /// The body; none where the method has none.
  var body: [UInt8]?

  /// Whether asking twice is as good as asking once, and changes nothing.
  var isSafe: Bool { method == "GET" }

  /// The bytes on the wire.
  func encoded(host: String) -> [UInt8] {
    var head = "\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n"
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) { head += "\(name): \(value)\r\n" }
    if let body { head += "Content-Length: \(body.count)\r\n" }
    return Array((head + "\r\n").utf8) + (body ?? [])
  }
}

/// Percent-encodes text for one segment of a path or one value of a query: everything but letters,
/// digits, `-`, `_` and `~`. Dots are kept, unless all of the text is one or two of them: such a
/// segment would mean a directory.
func percentEncoded(_ text: String) -> String {
  let keepsDots = text != "." && text != ".."
  var result = ""
  for byte in text.utf8 {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
      result.unicodeScalars.append(Unicode.Scalar(byte))
    case UInt8(ascii: ".") where keepsDots:
      result += "."
    default:
      result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
    }
  }
  return result
}
