/// What many runs of one scenario came to.
public struct Statistics: Hashable, Sendable {
  /// How many runs.
  public internal(set) var runs = 0
  /// How many events were carried out.
  public internal(set) var events: UInt64 = 0
  /// The runs' simulated time, summed.
  public internal(set) var simulated: Duration = .zero
  /// How many datagrams were sent.
  public internal(set) var datagrams: UInt64 = 0
  /// How many frames were given to streams.
  public internal(set) var frames: UInt64 = 0
  /// How many bytes were sent in both.
  public internal(set) var bytes: UInt64 = 0
  /// How many writes were acknowledged.
  public internal(set) var writes: UInt64 = 0
  /// How many writes were refused, or found no running member.
  public internal(set) var refusedWrites: UInt64 = 0
  /// How often a member met concurrent versions of a key.
  public internal(set) var conflicts: UInt64 = 0
  /// How often a member saw another leader.
  public internal(set) var leaderChanges: UInt64 = 0
  /// How often a member suspected a partition.
  public internal(set) var partitionsSuspected: UInt64 = 0
  /// How often a member saw one healed.
  public internal(set) var partitionsHealed: UInt64 = 0
  /// Which moments of the protocol were met under which shapes of the network.
  public internal(set) var coverage = Coverage()
  /// From a crash until the last member knew it.
  public internal(set) var detection = Percentiles()
  /// From the last fault until every promise held.
  public internal(set) var convergence = Percentiles()
}

/// A set of measured spans, asked for its percentiles.
public struct Percentiles: Hashable, Sendable {
  private var nanoseconds: [UInt64] = []

  init() {}

  /// How many were measured.
  public var count: Int { nanoseconds.count }

  /// The span that `percent` of all do not exceed; none when nothing was measured.
  public func percentile(_ percent: Int) -> Duration? {
    guard !nanoseconds.isEmpty else { return nil }
    let sorted = nanoseconds.sorted()
    let rank = (max(0, min(percent, 100)) * sorted.count + 99) / 100
    return .nanoseconds(Int64(sorted[max(0, rank - 1)]))
  }

  mutating func add(_ span: UInt64) { nanoseconds.append(span) }

  mutating func add(_ other: Percentiles) { nanoseconds += other.nanoseconds }
}

extension Statistics {
  /// Adds another sum.
  mutating func add(_ other: Statistics) {
    runs += other.runs
    events += other.events
    simulated += other.simulated
    datagrams += other.datagrams
    frames += other.frames
    bytes += other.bytes
    writes += other.writes
    refusedWrites += other.refusedWrites
    conflicts += other.conflicts
    leaderChanges += other.leaderChanges
    partitionsSuspected += other.partitionsSuspected
    partitionsHealed += other.partitionsHealed
    coverage.add(other.coverage)
    detection.add(other.detection)
    convergence.add(other.convergence)
  }

  /// Adds one run.
  mutating func add(_ run: RunStatistics, detections: [UInt64]) {
    runs += 1
    events += run.events
    simulated += .nanoseconds(Int64(run.simulated))
    datagrams += run.datagrams
    frames += run.frames
    bytes += run.bytes
    writes += run.writes
    refusedWrites += run.refusedWrites
    conflicts += run.conflicts
    leaderChanges += run.leaderChanges
    partitionsSuspected += run.partitionsSuspected
    partitionsHealed += run.partitionsHealed
    coverage.add(run.coverage)
    for detection in detections { self.detection.add(detection) }
    if let convergence = run.convergence { self.convergence.add(convergence) }
  }
}
