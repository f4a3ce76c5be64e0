/// A run as a picture to look around in: one HTML page that needs nothing beside itself.
///
/// Time goes from left to right, each member has a lane, each message is a line from its sending to its
/// arrival: Lamport's space-time diagram (1978). The page carries the trace itself and reads it; far
/// out it draws one of many messages, so that a hundred thousand events stay quick. It asks the network
/// for nothing, and its own policy forbids it to.
enum SpaceTimePage {
  /// The page for a trace.
  static func html(_ trace: Trace) -> String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="\(policy)">
    <title>\(escaped(trace.header.scenario))</title><style>
    \(style)
    </style></head><body>
    \(body)
    <script type="text/plain" id="trace">
    \(trace.lines.map(escaped).joined(separator: "\n"))
    </script><script>
    \(model)
    \(lanes)
    \(marks)
    \(hands)
    </script></body></html>

    """
  }

  private static let policy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

  /// A line of the trace without what could end its element: keys and names are anybody's text.
  private static func escaped(_ line: String) -> String {
    guard line.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "\\") }) else {
      return line
    }
    var text = ""
    for scalar in line.unicodeScalars {
      switch scalar {
      case "<": text += "\\x3c"
      case "\\": text += "\\\\"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
