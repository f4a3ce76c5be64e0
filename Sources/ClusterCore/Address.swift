/// Where a member can be reached: an IPv4 or IPv6 address and a port, for UDP and TCP alike.
///
/// An address is data about a member, never its identity. Its text form belongs to the driver, which
/// asks the system's library for it.
public struct Address: Hashable, Sendable {
  /// The kind of address.
  public enum Family: UInt8, Hashable, Sendable {
    /// Internet Protocol version 4; the address is the low 32 bits of `low`.
    case v4 = 4
    /// Internet Protocol version 6.
    case v6 = 6
  }

  /// Which of the two protocols.
  public var family: Family
  /// The upper 64 bits in network order read as a number; zero for version 4.
  public var high: UInt64
  /// The lower 64 bits in network order read as a number.
  public var low: UInt64
  /// The port.
  public var port: UInt16

  /// Creates an address from its parts.
  public init(family: Family, high: UInt64, low: UInt64, port: UInt16) {
    self.family = family
    self.high = family == .v4 ? 0 : high
    self.low = family == .v4 ? low & 0xFFFF_FFFF : low
    self.port = port
  }
}
