import Glibc

/// The machine's, or pod's, name of itself.
enum HostName {
  /// What `gethostname` says; empty when it says nothing.
  static func current() -> String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "" }
    return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
