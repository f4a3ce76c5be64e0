import ClusterCore
import Synchronization

/// What there is to say of the data directory, where there is one.
extension ClusterMetrics {
  var durability: [MetricFamily] {
    guard let measures = driver.journal.withLock({ $0 })?.measures else { return [] }
    let (isFlushed, quarantined, damages) = driver.withNode {
      ($0.store.isFlushed, $0.restored.quarantine.count, $0.restored.damages)
    }
    return [
      number(
        "cluster_store_unflushed", .gauge,
        "1 while something that this member knows is not on its disk.", isFlushed ? 0 : 1),
      number(
        "cluster_store_write_failing", .gauge,
        "1 while nothing can be written to the data directory.", measures.isFailing ? 1 : 0),
      number(
        "cluster_store_quarantined_keys", .gauge,
        "Restored keys that wait to be compared with the other members.", UInt64(quarantined)),
      number(
        "cluster_store_journal_bytes", .gauge, "Size of the journal on disk.",
        UInt64(measures.fileBytes)),
      number(
        "cluster_store_journal_written_bytes_total", .counter, "Bytes written to the journal.",
        measures.appendedBytes),
      number(
        "cluster_store_flushes_total", .counter, "Times that the disk was waited for.",
        measures.flushes),
      number(
        "cluster_store_snapshots_total", .counter, "Times that the journal was written anew.",
        measures.snapshots),
      number(
        "cluster_store_write_failures_total", .counter, "Writes that failed.", measures.failures),
      number(
        "cluster_store_damages_total", .counter,
        "Times that the journal was found damaged, or older than what this member had told.",
        damages),
      MetricFamily(
        "cluster_store_write_seconds_total", .counter, "Time spent on writing and flushing.",
        Double(measures.busyNanoseconds) / 1e9),
    ]
  }

  private func number(
    _ name: String, _ kind: MetricFamily.Kind, _ help: String, _ value: UInt64
  ) -> MetricFamily {
    MetricFamily(name, kind, help, Double(value))
  }
}
