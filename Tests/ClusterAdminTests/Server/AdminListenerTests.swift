import Cluster
import ClusterAdmin
import ClusterCore
import Glibc
import Testing

/// The one test of the admin interface on a real socket: everything else is bytes in memory.
@Suite struct AdminListenerTests {
  @Test func `a listener answers over TCP until its task is cancelled`() async throws {
    let cluster = InMemoryCluster()
    let listener = try AdminListener(
      for: cluster, policy: AccessPolicy(token: nil, isOpen: false, hosts: []),
      at: [.loopback(port: 0)])
    let running = Task { try await listener.run() }
    let answer = try ask(
      listener.port,
      "PUT /keys/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nv"
        + "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    let replies = try Reply.all(in: answer)
    #expect(replies.map(\.status) == [200, 200])
    #expect(replies.last?.text.contains("\ncluster_http_connections_accepted_total 1\n") == true)
    #expect(cluster.keyCount == 1)
    running.cancel()
    try await running.value
  }

  /// Sends bytes to a port of this machine and reads until the end.
  private func ask(_ port: UInt16, _ text: String) throws -> [UInt8] {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let connected = withUnsafeBytes(of: &address) { bytes in
      connect(socket, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, size)
    }
    try #require(connected == 0)
    let request = Array(text.utf8)
    try #require(send(socket, request, request.count, 0) == request.count)
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while case let count = recv(socket, &buffer, buffer.count, 0), count > 0 {
      answer += buffer.prefix(count)
    }
    return answer
  }
}
