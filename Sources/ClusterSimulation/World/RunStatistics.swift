/// What is counted in one run.
struct RunStatistics {
  var events: UInt64 = 0
  var simulated: UInt64 = 0
  var datagrams: UInt64 = 0
  var droppedDatagrams: UInt64 = 0
  var frames: UInt64 = 0
  var bytes: UInt64 = 0
  var writes: UInt64 = 0
  var refusedWrites: UInt64 = 0
  var conflicts: UInt64 = 0
  var leaderChanges: UInt64 = 0
  var partitionsSuspected: UInt64 = 0
  var partitionsHealed: UInt64 = 0
  /// Which moments were met under which shapes of the network.
  var coverage = Coverage()
  /// From the last fault until everything had converged; none when it wasn't judged.
  var convergence: UInt64?
  /// The highest boot and incarnation that each member ever had itself.
  var highestOwn: [(boot: UInt64, incarnation: UInt64)] = []
}
