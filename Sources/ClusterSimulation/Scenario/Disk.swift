/// How the members' disks behave, where they keep their stores on one.
///
/// What a member gives to its disk is written in order and flushed piece by piece. When its process
/// dies, the piece under way is lost, torn or whole, as the seed has it; what was flushed stays. A
/// restart without its disk finds nothing.
public struct Disk: Hashable, Sendable {
  /// How long the disk takes to flush one piece.
  public var flush: Latency
  /// How many of the restarts that don't say so keep the disk.
  public var kept: Ratio

  /// Creates a disk. Without arguments: one that takes some milliseconds, and is always kept.
  public init(
    flush: Latency = .uniform(.milliseconds(1), .milliseconds(20)), kept: Ratio = .percent(100)
  ) {
    self.flush = flush
    self.kept = kept
  }

  /// The disk as a scenario's text says it.
  var text: String {
    "disk flush \(flush.text) kept \(ScenarioWord.share(kept))"
  }
}
