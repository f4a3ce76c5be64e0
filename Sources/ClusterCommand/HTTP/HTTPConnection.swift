import Cluster
import Glibc

/// One TCP connection to a server, asked and answered by a blocking caller.
///
/// Every wait ends with the deadline. Only the look-up of the host's name is not bounded by it, since
/// the system's resolver has time limits of its own.
struct HTTPConnection: ~Copyable {
  private let descriptor: Int32

  /// Connects to the first of the host's addresses that answers.
  init(host: String, port: UInt16, deadline: Deadline) throws(ConnectionError) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &list)
    guard code == 0 else { throw .unknownHost(String(cString: gai_strerror(code))) }
    defer { freeaddrinfo(list) }
    var failure = ConnectionError.unknownHost("no address")
    var next = list
    while let address = next?.pointee {
      do throws(ConnectionError) {
        descriptor = try Self.connected(to: address, deadline)
        return
      } catch {
        failure = error
        next = address.ai_next
      }
    }
    throw failure
  }

  deinit { close(descriptor) }

  /// Sends all bytes.
  borrowing func send(_ bytes: [UInt8], deadline: Deadline) throws(ConnectionError) {
    var offset = 0
    while offset < bytes.count {
      let count = bytes[offset...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        offset += count
      } else {
        try Self.waitAfter(errno, descriptor, Int16(POLLOUT), deadline)
      }
    }
  }

  /// Receives some bytes; none at the end of the connection.
  borrowing func receive(deadline: Deadline) throws(ConnectionError) -> [UInt8] {
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count >= 0 { return Array(chunk[..<count]) }
      try Self.waitAfter(errno, descriptor, Int16(POLLIN), deadline)
    }
  }

  private static func connected(
    to address: addrinfo, _ deadline: Deadline
  ) throws(ConnectionError) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(address.ai_family, kind, address.ai_protocol)
    guard descriptor >= 0 else { throw .system(errno) }
    do throws(ConnectionError) {
      if connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
        guard errno == EINPROGRESS || errno == EINTR else { throw .system(errno) }
        try wait(descriptor, Int16(POLLOUT), deadline)
        try checkConnected(descriptor)
      }
    } catch {
      close(descriptor)
      throw error
    }
    return descriptor
  }

  private static func checkConnected(_ descriptor: Int32) throws(ConnectionError) {
    var code: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else {
      throw .system(errno)
    }
    guard code == 0 else { throw .system(code) }
  }

  /// Waits after a call that would have blocked; throws for one that failed.
  private static func waitAfter(
    _ code: Int32, _ descriptor: Int32, _ events: Int16, _ deadline: Deadline
  ) throws(ConnectionError) {
    switch code {
    case EINTR: return
    case EAGAIN: try wait(descriptor, events, deadline)
    default: throw .system(code)
    }
  }

  private static func wait(
    _ descriptor: Int32, _ events: Int16, _ deadline: Deadline
  ) throws(ConnectionError) {
    while true {
      var entry = pollfd(fd: descriptor, events: events, revents: 0)
      let count = poll(&entry, 1, deadline.milliseconds)
      if count > 0 { return }
      guard count < 0 && errno == EINTR else {
        throw count == 0 ? .timedOut : .system(errno)
      }
    }
  }
}

/// Why no reply could be had from a connection.
enum ConnectionError: Error, Hashable {
  /// The host's name has no address; says why.
  case unknownHost(String)
  /// The deadline passed.
  case timedOut
  /// The operating system refused, with this number.
  case system(Int32)

  /// The error in words.
  var reason: String {
    switch self {
    case .unknownHost(let why): why
    case .timedOut: "nothing came in time"
    case .system(let code): SystemError.text(of: code)
    }
  }
}

/// When somebody stops waiting.
struct Deadline {
  private let end: ContinuousClock.Instant

  /// A deadline so far from now.
  init(after duration: Duration) { end = .now + duration }

  /// What is left, in whole milliseconds rounded up, as `poll` takes it.
  var milliseconds: Int32 {
    let left = ContinuousClock.now.duration(to: end)
    guard left > .zero else { return 0 }
    return Int32(clamping: Int64((left / .milliseconds(1)).rounded(.up)))
  }
}
