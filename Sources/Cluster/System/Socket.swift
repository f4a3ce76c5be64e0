import CClusterLinux
import ClusterCore
import Glibc

/// What is done to sockets that are streams.
enum Socket {
  /// How long sent bytes may stay unacknowledged before a stream counts as broken, in milliseconds.
  static let userTimeout: Int32 = 10_000

  /// Sets an option.
  static func set(
    _ socket: Int32, _ level: Int32, _ name: Int32, _ value: Int32,
    _ action: @autoclosure () -> String
  ) throws(SystemError) {
    try SystemCall { cluster_set_option(socket, level, name, value) }.orThrow(action())
  }

  /// Reads an option.
  static func option(_ socket: Int32, _ level: Int32, _ name: Int32) -> Int32? {
    var value: Int32 = 0
    let result = SystemCall { cluster_get_option(socket, level, name, &value) }
    return result == .done(0) ? value : nil
  }

  /// Makes a stream send at once and break after `userTimeout`.
  ///
  /// Failure is no failure: the stream may have been reset already, which reading it will tell.
  static func prepareStream(_ socket: borrowing FileDescriptor) {
    let number = socket.number
    try? set(number, cluster_option_tcp, cluster_option_no_delay, 1, "")
    try? set(number, cluster_option_tcp, cluster_option_user_timeout, userTimeout, "")
    try? set(number, SOL_SOCKET, SO_KEEPALIVE, 1, "")
  }

  /// Starts to connect to an address, from that of `source` unless it stands for all.
  ///
  /// Returns the socket and whether it is connected already.
  static func connect(
    to destination: Address, from source: BoundSocket
  ) throws(SystemError) -> Connecting {
    let v6: Int32 = source.isV6 ? 1 : 0
    let text = "connect to \(destination)"
    let descriptor = try FileDescriptor(SystemCall { cluster_socket(v6, 0) }, text)
    let number = descriptor.number
    if !source.address.isAny {
      // The port is chosen at connecting, where it needs to be free for this destination only.
      try? set(number, cluster_option_ip, cluster_option_bind_without_port, 1, text)
      let origin = cluster_address(source.address.with(port: 0))
      try SystemCall { cluster_bind(number, v6, origin) }.orThrow(text)
    }
    prepareStream(descriptor)
    let result = SystemCall { cluster_connect(number, v6, cluster_address(destination)) }
    let isConnected = result == .done(0)
    // EAGAIN is no promise here: it says that no local port is free.
    if !isConnected, result != .failed(EINPROGRESS) { try result.orThrow(text) }
    return Connecting(descriptor: descriptor, isConnected: isConnected)
  }

  /// A socket on its way.
  struct Connecting: ~Copyable {
    var descriptor: FileDescriptor
    var isConnected: Bool

    consuming func take() -> FileDescriptor { descriptor }
  }

  /// The error that waits at a socket, zero when none does; reading clears it.
  static func pendingError(_ socket: borrowing FileDescriptor) -> Int32 {
    option(socket.number, SOL_SOCKET, SO_ERROR) ?? 0
  }

  /// The address of this end.
  static func localAddress(_ socket: borrowing FileDescriptor) -> Address? {
    let number = socket.number
    var address = cluster_address()
    let result = SystemCall { cluster_local_address(number, &address) }
    return result == .done(0) ? address.address : nil
  }

  /// Reads what has come, as much as the buffer holds; done with zero is the end of input.
  static func read(
    _ socket: borrowing FileDescriptor, _ buffer: UnsafeMutableRawBufferPointer
  ) -> SystemCall {
    let number = socket.number
    return SystemCall { recv(number, buffer.baseAddress, buffer.count, 0) }
  }

  /// Says that nothing more will be sent.
  static func endOutput(_ socket: borrowing FileDescriptor) {
    _ = shutdown(socket.number, Int32(SHUT_WR))
  }

  /// Takes one connection that waits at a listener.
  static func accept(_ listener: BoundSocket) -> Accepted {
    var peer = cluster_address()
    let number = listener.descriptor.number
    switch SystemCall({ cluster_accept(number, &peer) }) {
    case .done(let socket):
      let descriptor = FileDescriptor(owning: Int32(socket))
      guard let address = peer.address else { return .failed }
      return .stream(descriptor, address)
    case .wouldBlock: return .nothing
    case .failed(EMFILE), .failed(ENFILE), .failed(ENOBUFS), .failed(ENOMEM): return .exhausted
    case .failed: return .failed
    }
  }

  /// What accepting gave.
  enum Accepted: ~Copyable {
    /// A stream from a peer.
    case stream(FileDescriptor, Address)
    /// None waits.
    case nothing
    /// One waits, and the process or the machine has no descriptor or memory for it.
    case exhausted
    /// One was waiting and has gone wrong; the next may be well.
    case failed
  }
}
