import ClusterCore

/// The two clocks of one member: a monotonic one with an origin and a rate of its own, and a wall
/// clock with an offset that a scenario may move.
///
/// Members must not agree by accident: their monotonic clocks begin anywhere, and go wrong by up to
/// 50 millionths.
struct MachineClock {
  /// What the wall clock shows at the simulation's start, in milliseconds since 1970.
  static let epoch: UInt64 = 1_800_000_000_000

  private var origin: UInt64
  private var driftPerMillion: Int64
  /// By how much the wall clock is ahead, in milliseconds.
  var skew: Int64

  init(_ random: inout Randomness) {
    origin = 1_000_000_000_000 + random.below(1 << 50)
    driftPerMillion = Int64(random.below(101)) - 50
    skew = Int64(random.below(41)) - 20
  }

  /// The process runs on another host from now on: another monotonic clock.
  mutating func move(_ random: inout Randomness) {
    origin = 1_000_000_000_000 + random.below(1 << 50)
  }

  /// What the clocks read at a moment of the simulation.
  func moment(at time: UInt64) -> Moment {
    let wall = Int64(Self.epoch) + Int64(time / 1_000_000) + skew
    return Moment(instant: instant(at: time), wallMilliseconds: UInt64(max(wall, 1)))
  }

  /// The earliest moment of the simulation at which the monotonic clock reads `instant` or later;
  /// the end of time for what never comes.
  func time(of instant: Instant) -> UInt64 {
    guard instant.nanoseconds > origin else { return 0 }
    let elapsed = instant.nanoseconds - origin
    guard elapsed < 1 << 62 else { return .max }
    var time = elapsed - elapsed / 20_000
    while true {
      let missing = instant.since(self.instant(at: time)).nanoseconds
      guard missing > 0 else { return time }
      time += missing
    }
  }

  private func instant(at time: UInt64) -> Instant {
    let drift = Int64(time) * driftPerMillion / 1_000_000
    return Instant(nanoseconds: UInt64(Int64(origin + time) + drift))
  }
}
