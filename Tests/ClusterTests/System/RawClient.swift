import Cluster
import Glibc
import Testing

/// A client that is none of ours: plain blocking calls, so that the tests don't trust the code that
/// they test. Waits at most 10 s for input.
final class RawClient {
  private let number: Int32

  /// Connects to a port of 127.0.0.1, from 127.0.0.`host`.
  init(
    port: UInt16, datagrams: Bool = false, receiveBuffer: Int32? = nil, from host: UInt32 = 1
  ) throws {
    let type = datagrams ? SOCK_DGRAM : SOCK_STREAM
    number = socket(AF_INET, Int32(type.rawValue), 0)
    var timeout = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    if var receiveBuffer {
      setsockopt(number, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4)
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = (UInt32(0x7F00_0000) + host).bigEndian
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = number
    func named(_ body: (UnsafePointer<sockaddr>) -> Int32) -> Int32 {
      withUnsafePointer(to: address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
      }
    }
    if host != 1, named({ bind(descriptor, $0, length) }) != 0 {
      throw SystemError("bind", code: errno)
    }
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = named { connect(descriptor, $0, length) }
    if result != 0 { throw SystemError("connect", code: errno) }
  }

  deinit { close(number) }

  /// Whether the peer sends something, or ends, before so many milliseconds are over.
  func hears(within milliseconds: Int32) -> Bool {
    var wanted = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    return poll(&wanted, 1, milliseconds) > 0
  }

  /// Sends all of the bytes; false when the peer is gone.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.send(
          number, buffer.baseAddress.map { $0 + sent }, bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  /// Sends a text.
  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Says that no more comes.
  func endOutput() { shutdown(number, Int32(SHUT_WR)) }

  /// Resets the connection when it is closed, which it is when the client goes.
  func reset() {
    var option = Glibc.linger(l_onoff: 1, l_linger: 0)
    setsockopt(number, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  /// Receives so many bytes, or fewer when the stream ends.
  func receive(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while bytes.count < count {
      let got = recv(number, &buffer, min(buffer.count, count - bytes.count), 0)
      if got <= 0 { break }
      bytes.append(contentsOf: buffer[..<got])
    }
    return bytes
  }

  /// Receives a text of so many bytes.
  func receiveText(_ count: Int) -> String { String(decoding: receive(count), as: UTF8.self) }

  /// Whether the peer ends the stream, cleanly or not, before another byte.
  func isEnded() -> Bool {
    var byte: UInt8 = 0
    let result = recv(number, &byte, 1, 0)
    return result == 0 || (result < 0 && errno != EAGAIN)
  }
}

/// A listener of 127.0.0.1 that answers nobody: its queue is full.
struct FullListener: ~Copyable {
  private let listener: LoopbackListener
  private let fillers: [Int32]
  /// Where it is.
  var address: Address { listener.address }

  init() throws {
    listener = try LoopbackListener(backlog: 0)
    var fillers: [Int32] = []
    for _ in 0..<8 { fillers.append(listener.beginConnection()) }
    self.fillers = fillers
  }

  deinit { for filler in fillers { close(filler) } }
}
