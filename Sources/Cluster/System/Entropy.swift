import Glibc

/// Random bits from the system, for seeds and boot numbers; too slow for every draw (425 ns).
package enum Entropy {
  /// Sixty-four random bits.
  package static func bits() -> UInt64 {
    var bits: UInt64 = 0
    let result = withUnsafeMutableBytes(of: &bits) { getentropy($0.baseAddress, $0.count) }
    precondition(result == 0, "the system has no entropy: \(SystemError.name(of: errno))")
    return bits
  }

  /// So many random bytes, for keys.
  package static func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + 8)
    while bytes.count < count {
      withUnsafeBytes(of: bits()) { bytes.append(contentsOf: $0) }
    }
    return Array(bytes.prefix(count))
  }
}
