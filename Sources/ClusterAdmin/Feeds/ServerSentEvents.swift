/// Writes server-sent events (WHATWG HTML, section 9.2), the data of each being one line of JSON.
struct ServerSentEvents {
  /// What was written.
  private(set) var bytes: [UInt8] = []

  /// Says after how long a client that lost its connection comes back.
  mutating func retry(milliseconds: Int) {
    bytes.append("retry: ")
    bytes.append(contentsOf: String(milliseconds).utf8)
    bytes.append("\n\n")
  }

  /// Writes an event. `id` is what the client names when it comes back; JSON has no line ends.
  mutating func event(_ name: String, id: String?, _ members: (inout JSONWriter) -> Void) {
    if let id {
      bytes.append("id: ")
      bytes.append(contentsOf: id.utf8)
      bytes.append("\n")
    }
    bytes.append("event: ")
    bytes.append(contentsOf: name.utf8)
    bytes.append("\ndata: ")
    bytes.append(contentsOf: JSONWriter.text { $0.object(members) })
    bytes.append("\n\n")
  }

  /// Takes what was written.
  mutating func takeAll() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }
}
