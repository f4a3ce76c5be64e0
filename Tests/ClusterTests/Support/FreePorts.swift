import Synchronization

@testable import Cluster

/// Ports of loopback that were free for datagrams and streams a moment ago, and that nobody was given
/// before: members of a test that is ending may still call those that it had.
enum FreePorts {
  private static let given = Mutex<Set<UInt16>>([])

  static func take(_ count: Int) throws -> [UInt16] {
    // All are open at once, so that none is given twice.
    var transports: [Transport] = []
    var ports: [UInt16] = []
    while ports.count < count {
      let transport = try Transport(bind: [.loopback(port: 0)])
      transports.append(transport)
      let isNew = given.withLock { $0.insert(transport.port).inserted }
      if isNew { ports.append(transport.port) }
    }
    return ports
  }
}
