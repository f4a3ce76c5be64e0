public import ClusterCore
import Glibc

extension Address: CustomStringConvertible {
  /// The text form: `1.2.3.4:7946` or `[::1]:7946`.
  public var description: String { family == .v4 ? "\(host):\(port)" : "[\(host)]:\(port)" }

  /// The address without its port, such as `1.2.3.4` or `::1`.
  public var host: String {
    switch family {
    case .v4:
      var address = in_addr(s_addr: UInt32(truncatingIfNeeded: low).bigEndian)
      return Self.text(AF_INET, &address)
    case .v6:
      var address = (high.bigEndian, low.bigEndian)
      return Self.text(AF_INET6, &address)
    }
  }

  /// Reads `1.2.3.4:7946` or `[::1]:7946`; nil for anything else, names among it.
  ///
  /// An IPv4 address in IPv6 form, such as `[::ffff:1.2.3.4]:7946`, becomes an IPv4 address.
  public init?(parsing text: String) {
    guard let parts = try? HostAndPort(parsing: text, ports: 0...UInt16.max) else { return nil }
    self.init(host: parts.host, port: parts.port)
  }

  /// Reads a numeric address without a port, such as `1.2.3.4` or `::1`; nil for anything else.
  public init?(host: String, port: UInt16) {
    var v4 = in_addr()
    var v6 = (UInt64(0), UInt64(0))
    // The system reads up to a zero byte; what comes behind one was never looked at.
    if host.utf8.contains(0) {
      return nil
    } else if inet_pton(AF_INET, host, &v4) == 1 {
      self.init(family: .v4, high: 0, low: UInt64(UInt32(bigEndian: v4.s_addr)), port: port)
    } else if inet_pton(AF_INET6, host, &v6) == 1 {
      let (high, low) = (UInt64(bigEndian: v6.0), UInt64(bigEndian: v6.1))
      let isMapped = high == 0 && low >> 32 == 0xFFFF
      self.init(family: isMapped ? .v4 : .v6, high: high, low: low, port: port)
    } else {
      return nil
    }
  }

  private static func text(_ family: Int32, _ address: UnsafeRawPointer) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
      let size = socklen_t(buffer.count)
      return inet_ntop(family, address, buffer.baseAddress, size).map { String(cString: $0) } ?? "?"
    }
  }
}
