import Dispatch
import Glibc
import Synchronization

/// A server on loopback that answers each request as a closure says, and remembers what it was asked.
/// It takes one connection after the other, and closes one when the answer says so.
final class ScriptedServer: Sendable {
  let port: Int
  private let listener: Int32
  private let state = Mutex((requests: [String](), connections: 0))

  /// Creates a server; `answer` gives the bytes for a request, or none to hang up.
  init(_ answer: @escaping @Sendable (String) -> String?) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    precondition(isBound, "loopback has a free port")
    listener = descriptor
    port = Int(UInt16(bigEndian: address.sin_port))
    DispatchQueue(label: "scripted server").async { [self] in serve(answer) }
  }

  /// What was asked, in order.
  var requests: [String] { state.withLock { $0.requests } }

  /// How many connections were taken.
  var connections: Int { state.withLock { $0.connections } }

  /// Takes no more connections; the serving thread ends.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve(_ answer: (String) -> String?) {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      state.withLock { $0.connections += 1 }
      while let request = Self.request(from: connection) {
        state.withLock { $0.requests.append(request) }
        guard let reply = answer(request) else { break }
        let bytes = Array(reply.utf8)
        send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        if reply.contains("Connection: close") { break }
      }
      close(connection)
    }
    close(listener)
  }

  private static func request(from connection: Int32) -> String? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.firstRange(of: "\r\n\r\n") {
        let length = text.firstRange(of: "Content-Length: ")
          .flatMap { Int(text[$0.upperBound...].prefix { $0.isNumber }) }
        if text[end.upperBound...].utf8.count >= length ?? 0 { return text }
      }
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { return nil }
      bytes += chunk[..<count]
    }
  }
}

/// A reply with a length.
func reply(_ status: Int, _ body: String, fields: String = "") -> String {
  "HTTP/1.1 \(status) X\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
}
