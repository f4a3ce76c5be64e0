import CClusterLinux
import ClusterCore

/// `Address` as the C shim has it; only the shim knows `sockaddr`.
extension cluster_address {
  init(_ address: Address) {
    self.init(
      high: address.high, low: address.low, port: address.port, family: address.family.rawValue)
  }

  /// The address; nil for a family that is neither IPv4 nor IPv6.
  var address: Address? {
    Address.Family(rawValue: family).map { Address(family: $0, high: high, low: low, port: port) }
  }
}

extension Address {
  /// All addresses of this machine, of both protocols.
  package static func any(port: UInt16) -> Address {
    Address(family: .v6, high: 0, low: 0, port: port)
  }

  /// All IPv4 addresses of this machine.
  package static func anyV4(port: UInt16) -> Address {
    Address(family: .v4, high: 0, low: 0, port: port)
  }

  /// This machine, by IPv4.
  package static func loopback(port: UInt16) -> Address {
    Address(family: .v4, high: 0, low: 0x7F00_0001, port: port)
  }

  /// Whether it stands for all addresses of a machine.
  package var isAny: Bool { high == 0 && low == 0 }

  /// Whether it is reachable from this machine only: 127.0.0.0/8 or ::1.
  package var isLoopback: Bool {
    family == .v4 ? low >> 24 == 127 : high == 0 && low == 1
  }

  /// The same host with another port.
  package func with(port: UInt16) -> Address {
    Address(family: family, high: high, low: low, port: port)
  }
}
