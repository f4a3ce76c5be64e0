@testable import Cluster

/// Ports of loopback that were free for datagrams and streams a moment ago.
enum FreePorts {
  static func take(_ count: Int) throws -> [UInt16] {
    // All are open at once, so that none is given twice.
    let transports = try (0..<count).map { _ in try Transport(bind: [.loopback(port: 0)]) }
    return transports.map(\.port)
  }
}
