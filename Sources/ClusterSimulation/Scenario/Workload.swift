import ClusterCore

/// Writes that go on beside a scenario's faults, drawn from the seed.
public struct Workload: Hashable, Sendable {
  /// How many keys are written.
  public var keys: Int
  /// How many writes a second the whole cluster takes, on average.
  public var perSecond: UInt64
  /// How many of them are deletes.
  public var deletes: Ratio
  /// The size of each value, at least 8 bytes.
  public var size: Int
  /// When the first may come.
  public var from: Duration
  /// When no more come.
  public var until: Duration

  /// Creates a workload.
  public init(
    keys: Int, perSecond: UInt64, deletes: Ratio = .percent(20), size: Int = 24,
    from: Duration = .seconds(3), until: Duration
  ) {
    self.keys = max(keys, 1)
    self.perSecond = max(perSecond, 1)
    self.deletes = deletes
    self.size = max(size, 8)
    self.from = from
    self.until = until
  }

  /// The next gap between two writes in nanoseconds.
  func gap(_ random: inout Randomness) -> UInt64 {
    max(1, ExponentialTable.scaled(1_000_000_000 / perSecond, &random))
  }

  /// The next write: who, and what. Every value is unique, so that it can be told where it came
  /// from.
  func draw(_ number: UInt64, nodes: Int, _ random: inout Randomness) -> Action {
    let node = Int(random.below(UInt64(nodes)))
    let key = "k\(random.below(UInt64(keys)))"
    if deletes.happens(&random) { return .delete(key, at: node) }
    return .put(key, Self.value(number, size: size), at: node)
  }

  /// A value of `size` bytes that begins with a number.
  static func value(_ number: UInt64, size: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0x2E, count: size)
    for index in 0..<min(8, size) {
      bytes[index] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(7 - index)))
    }
    return bytes
  }
}
