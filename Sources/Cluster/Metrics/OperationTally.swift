import ClusterCore
import Synchronization

/// Counts local writes by kind. Reads are not counted: they take less time than counting them.
final class OperationTally: Sendable {
  private let puts = Atomic<UInt64>(0)
  private let deletes = Atomic<UInt64>(0)
  private let refused = Atomic<UInt64>(0)

  /// Counts writes that were made, relaxed: nothing is concluded from one counter about another.
  func count(_ operations: some Collection<StoreOperation>) {
    for operation in operations {
      if case .put = operation { puts.add(1) } else { deletes.add(1) }
    }
  }

  /// Counts a write that was refused.
  func countRefusal() { refused.add(1) }

  /// The counts as a metric.
  var family: MetricFamily {
    let load = { (counter: borrowing Atomic<UInt64>) in
      Double(counter.load(ordering: .relaxed))
    }
    return MetricFamily(
      "cluster_store_operations_total", .counter, "Local writes, by kind, and those refused.",
      [
        MetricSample([("op", "put")], load(puts)), MetricSample([("op", "delete")], load(deletes)),
        MetricSample([("op", "refused")], load(refused)),
      ])
  }
}
