import Cluster
import ClusterAdmin
import Glibc
import Testing

/// A cluster of one with its admin port, as long as a test takes.
enum Lone {
  static func run(
    _ body: @escaping @Sendable (Cluster, AdminServer) async throws -> Void
  ) async throws {
    var configuration = Cluster.Configuration(
      name: "lone-0", peers: ["127.0.0.1:\(try FreePort.find())"])
    configuration.logHandler = { _, _, _ in }
    configuration.bind = "127.0.0.1"
    configuration.httpBind = "127.0.0.1"
    let cluster = try Cluster(configuration)
    let admin = try AdminServer(for: cluster, port: 0)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await cluster.run() }
      group.addTask { try await admin.run() }
      try await cluster.ready()
      do { try await body(cluster, admin) } catch {
        group.cancelAll()
        throw error
      }
      group.cancelAll()
    }
  }
}

/// A port of loopback that is free now, for streams and datagrams.
enum FreePort {
  static func find() throws -> UInt16 { try Transport(bind: [.loopback(port: 0)]).port }
}

/// A client that reads a feed as it comes.
final class LineReader {
  private let number: Int32
  private(set) var text = ""

  init(port: Int, _ line: String, fields: [String] = []) throws {
    number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if result != 0 { throw SystemError("connect", code: errno) }
    let request = Array(
      "\(line)\r\nHost: localhost\r\n\(fields.map { $0 + "\r\n" }.joined())\r\n".utf8)
    try #require(send(number, request, request.count, 0) == request.count)
  }

  deinit { close(number) }

  /// The last event's id until now.
  var lastID: String? {
    text.split(separator: "\n").last { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
  }

  /// Reads until a text has come, half a minute at most and a hundred turns at least.
  func expect(
    _ wanted: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let deadline = Clock.instant() + .seconds(30)
    var turns = 0
    while !text.contains(wanted) {
      guard turns < 100 || Clock.instant() < deadline else {
        Issue.record("\(wanted) didn't come; what came: \(text)", sourceLocation: sourceLocation)
        throw Malformed(wanted)
      }
      var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
      guard poll(&entry, 1, 20) > 0 else {
        turns += 1
        await Task.yield()
        continue
      }
      var buffer = [UInt8](repeating: 0, count: 64 << 10)
      let count = recv(number, &buffer, buffer.count, 0)
      guard count > 0 else { throw Malformed("the feed ended") }
      text += String(decoding: buffer.prefix(count), as: UTF8.self)
    }
  }
}
