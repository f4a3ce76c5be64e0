import Cluster
import ClusterAdmin
import ClusterCore
import Synchronization

/// The network of a demonstration: a filter in front of each member, all of which are set together.
final class DemoLinks: DemoNetwork {
  private let names: [String]
  private let addresses: [Address]
  /// What stands before each member, in ordinal order.
  let filters: [LinkFilter]
  private let current = Mutex<[String]>([])

  /// Creates a whole network of the planned members.
  init(_ plan: DemoPlan) {
    names = plan.nodes.map(\.name)
    addresses = plan.nodes.compactMap {
      Address(host: "127.0.0.1", port: UInt16(truncatingIfNeeded: $0.port))
    }
    filters = plan.nodes.map { _ in LinkFilter() }
  }

  var side: [String] { current.withLock { $0 } }

  func cut(_ side: [String]) {
    current.withLock { current in
      current = names.filter(side.contains)
      for (index, filter) in filters.enumerated() {
        let isInside = side.contains(names[index])
        filter.block(
          zip(names, addresses).filter { side.contains($0.0) != isInside }.map(\.1))
      }
    }
  }

  func heal() {
    current.withLock { current in
      current = []
      for filter in filters { filter.block([]) }
    }
  }
}
