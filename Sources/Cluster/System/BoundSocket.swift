import CClusterLinux
import ClusterCore
import Glibc

/// A socket bound to an address of this machine: for datagrams, or listening for streams.
final class BoundSocket: Sendable {
  /// The socket.
  let descriptor: FileDescriptor
  /// Whether it is one of IPv6; then it takes mapped IPv4 addresses too, if it is bound to all.
  let isV6: Bool
  /// What it is bound to, with the port that it got.
  let address: Address

  /// What a socket is for.
  enum Purpose {
    /// UDP.
    case datagrams
    /// Accepting TCP connections.
    case listening
  }

  /// The receive and send buffer that datagram sockets ask for, in bytes. The system gives at most
  /// `net.core.rmem_max`; with its usual default, a burst of 170 datagrams would already be lost.
  static let datagramBuffer = 4 << 20
  /// How many connections wait to be accepted, at most.
  private static let backlog: Int32 = 1_024

  /// Opens a socket, binds it and makes it ready. Port 0 takes any free one.
  init(_ purpose: Purpose, at address: Address, isDualStack: Bool) throws(SystemError) {
    let isV6 = address.family == .v6
    let text = "\(purpose == .datagrams ? "udp" : "tcp") \(address)"
    descriptor = try FileDescriptor(
      SystemCall { cluster_socket(isV6 ? 1 : 0, purpose == .datagrams ? 1 : 0) }, "open \(text)")
    self.isV6 = isV6
    let number = descriptor.number
    if isV6 {
      let only: Int32 = isDualStack && address.isAny ? 0 : 1
      try Socket.set(number, cluster_option_ipv6, cluster_option_v6_only, only, "open \(text)")
    }
    switch purpose {
    case .datagrams:
      let size = Int32(Self.datagramBuffer)
      try Socket.set(number, SOL_SOCKET, SO_RCVBUF, size, "size the buffer of \(text)")
      try Socket.set(number, SOL_SOCKET, SO_SNDBUF, size, "size the buffer of \(text)")
    case .listening:
      // A restarted member finds connections of its former life in TIME_WAIT at this port.
      try Socket.set(number, SOL_SOCKET, SO_REUSEADDR, 1, "open \(text)")
    }
    try SystemCall { cluster_bind(number, isV6 ? 1 : 0, cluster_address(address)) }
      .orThrow("bind \(text)")
    if purpose == .listening {
      try SystemCall { listen(number, Self.backlog) }.orThrow("listen at \(text)")
    }
    var bound = cluster_address()
    try SystemCall { cluster_local_address(number, &bound) }.orThrow("bind \(text)")
    self.address = address.with(port: bound.port)
  }

  /// How large its receive buffer is. The system counts its own needs too and doubles what it was
  /// asked for; half of it is what was granted.
  var receiveBuffer: Int {
    Int(Socket.option(descriptor.number, SOL_SOCKET, SO_RCVBUF) ?? 0) / 2
  }

  /// Whether it can send to, or connect from it to, addresses of this kind.
  func reaches(_ destination: Address) -> Bool {
    destination.family == address.family || (isV6 && address.isAny)
  }

  /// Listeners at all of the addresses, at one port.
  static func listeners(at addresses: [Address]) throws(SystemError) -> [BoundSocket] {
    try open([.listening], at: addresses).map { $0[0] }
  }

  /// A datagram socket and a listener at each of the addresses, all at one port.
  static func pairs(
    at addresses: [Address]
  ) throws(SystemError) -> [(datagrams: BoundSocket, listener: BoundSocket)] {
    try open([.datagrams, .listening], at: addresses).map { ($0[0], $0[1]) }
  }

  /// The sockets for each purpose at each address, all at one port.
  ///
  /// When the port is left to the system, the first socket gets one that may be taken for the
  /// others; then another is tried.
  private static func open(
    _ purposes: [Purpose], at addresses: [Address]
  ) throws(SystemError) -> [[BoundSocket]] {
    let attempts = 100
    for attempt in 1... {
      do throws(SystemError) {
        return try openOnce(purposes, at: addresses)
      } catch {
        let wasFree = addresses.contains { $0.port == 0 } && error.code == EADDRINUSE
        guard wasFree, attempt < attempts else { throw error }
      }
    }
    preconditionFailure("the last attempt returns or throws")
  }

  private static func openOnce(
    _ purposes: [Purpose], at addresses: [Address]
  ) throws(SystemError) -> [[BoundSocket]] {
    let hasAnyV4 = addresses.contains { $0.family == .v4 && $0.isAny }
    var groups: [[BoundSocket]] = []
    var skipped: SystemError?
    var port = addresses.first { $0.port != 0 }?.port ?? 0
    for address in addresses {
      var group: [BoundSocket] = []
      var wanted = address
      do throws(SystemError) {
        for purpose in purposes {
          wanted = wanted.with(port: port)
          let socket = try openFallingBack(purpose, at: wanted, isDualStack: !hasAnyV4)
          wanted = socket.address
          port = wanted.port
          group.append(socket)
        }
        groups.append(group)
      } catch {
        // A name such as localhost may have an IPv6 address on a machine without IPv6.
        guard address.family == .v6, group.isEmpty, error.saysThatFamilyIsMissing else {
          throw error
        }
        skipped = error
      }
    }
    guard !groups.isEmpty else {
      throw skipped ?? SystemError("bind to no address at all", code: EINVAL)
    }
    return groups
  }

  /// Opens a socket; where all addresses are wanted and there is no IPv6, all those of IPv4.
  private static func openFallingBack(
    _ purpose: Purpose, at address: Address, isDualStack: Bool
  ) throws(SystemError) -> BoundSocket {
    do throws(SystemError) {
      return try BoundSocket(purpose, at: address, isDualStack: isDualStack)
    } catch {
      guard address.family == .v6, address.isAny, isDualStack, error.saysThatFamilyIsMissing else {
        throw error
      }
      return try BoundSocket(purpose, at: .anyV4(port: address.port), isDualStack: false)
    }
  }
}

extension SystemError {
  /// Whether the machine has no such kind of addresses, as with IPv6 switched off.
  fileprivate var saysThatFamilyIsMissing: Bool {
    code == EAFNOSUPPORT || code == EADDRNOTAVAIL || code == EPROTONOSUPPORT
  }
}
