import Glibc

/// Ports of 127.0.0.1.
enum LoopbackPort {
  /// Whether nobody has the port, neither for TCP nor for UDP. Somebody may take it a moment later;
  /// then the member that wanted it says so.
  static func isFree(_ port: Int) -> Bool {
    canBind(port, Int32(SOCK_STREAM.rawValue)) && canBind(port, Int32(SOCK_DGRAM.rawValue))
  }

  private static func canBind(_ port: Int, _ kind: Int32) -> Bool {
    guard let number = UInt16(exactly: port) else { return false }
    let descriptor = socket(AF_INET, kind | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // As servers do: connections that linger after their end don't make a port taken.
    var yes: Int32 = 1
    if kind == Int32(SOCK_STREAM.rawValue) {
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = number.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
