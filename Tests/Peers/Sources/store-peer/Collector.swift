import Cluster
import Synchronization

/// How long stamped writes took until a watch of this member told of them.
final class Collector: Sendable {
  private struct State {
    var lags: [UInt64] = []
    var expected = 0
    var last: UInt64 = 0
  }

  private let state = Mutex(State())

  func start(_ cluster: Cluster, expecting count: Int) {
    state.withLock { $0 = State(expected: count) }
    let changes = cluster.store.changes(from: .now)
    Task {
      var (lags, seen) = ([UInt64](), 0)
      lags.reserveCapacity(count)
      for await change in changes {
        guard case .written(let value) = change.kind else { continue }
        let now = Workload.wallNanoseconds()
        lags.append(now &- Workload.stamp(of: value))
        seen += 1
        if seen >= count { break }
      }
      let (told, at) = (lags, Workload.wallNanoseconds())
      state.withLock {
        $0.lags = told
        $0.last = at
      }
    }
  }

  /// The percentiles, in microseconds, once all were seen; nothing before.
  func result() -> [(String, Double)] {
    let (lags, at) = state.withLock { ($0.lags.sorted(), $0.last) }
    guard !lags.isEmpty else { return [] }
    func percentile(_ share: Double) -> Double {
      Double(lags[min(lags.count - 1, Int(Double(lags.count) * share))]) / 1_000
    }
    return [
      ("p50", percentile(0.5)), ("p99", percentile(0.99)), ("max", percentile(1)),
      ("at", Double(at)),
    ]
  }
}
