import Cluster
import ClusterCore
import Glibc

/// A socket that listens on a free port of 127.0.0.1, closed with it.
struct LoopbackListener: ~Copyable {
  let number: Int32
  /// Where it is.
  let address: Address
  private var name = sockaddr_in()

  init(backlog: Int32) throws {
    number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let (listener, size) = (number, socklen_t(MemoryLayout<sockaddr_in>.size))
    var length = size
    let isListening = Self.withAddress(of: &name) { name in
      bind(listener, name, size) == 0 && listen(listener, backlog) == 0
        && getsockname(listener, name, &length) == 0
    }
    address = .loopback(port: UInt16(bigEndian: name.sin_port))
    guard isListening else { throw SystemError("listen", code: errno) }
  }

  /// Begins a connection to it, and doesn't wait.
  ///
  /// - Returns: The socket, for the caller to close.
  func beginConnection() -> Int32 {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    var name = name
    _ = Self.withAddress(of: &name) {
      connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
    return number
  }

  private static func withAddress<Result>(
    of name: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
  ) -> Result {
    withUnsafeMutablePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
    }
  }

  deinit { close(number) }
}
