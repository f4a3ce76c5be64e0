import ClusterCore

/// The two clocks of one member: a monotonic one with an origin and a rate of its own, and a wall
/// clock with an offset that a scenario may move.
///
/// Members must not agree by accident: their monotonic clocks begin anywhere, and go wrong by up to
/// 50 millionths.
struct MachineClock {
  /// What the wall clock shows at the simulation's start, in milliseconds since 1970.
  static let epoch: UInt64 = 1_800_000_000_000

  /// What the monotonic clock showed at `since`.
  private var origin: UInt64
  /// From which moment of the simulation on it runs as it does now.
  private var since: UInt64 = 0
  private var driftPerMillion: Int64
  /// By how much the wall clock is ahead, in milliseconds.
  var skew: Int64

  init(_ random: inout Randomness) {
    origin = 1_000_000_000_000 + random.below(1 << 50)
    driftPerMillion = Int64(random.below(101)) - 50
    skew = Int64(random.below(41)) - 20
  }

  /// The process runs on another host from now on: another monotonic clock.
  mutating func move(_ random: inout Randomness, at time: UInt64) {
    origin = 1_000_000_000_000 + random.below(1 << 50)
    since = time
  }

  /// It runs faster from now on by so many millionths, or slower.
  mutating func setDrift(_ perMillion: Int64, at time: UInt64) {
    origin = instant(at: time).nanoseconds
    skew += (Int64(time - since) / 1_000_000 * driftPerMillion) / 1_000_000
    since = time
    driftPerMillion = perMillion
  }

  /// What the clocks read at a moment of the simulation.
  func moment(at time: UInt64) -> Moment {
    let elapsed = Int64((time - since) / 1_000_000)
    let wall =
      Int64(Self.epoch) + Int64(time / 1_000_000) + skew + elapsed * driftPerMillion / 1_000_000
    return Moment(instant: instant(at: time), wallMilliseconds: UInt64(max(wall, 1)))
  }

  /// The earliest moment of the simulation at which the monotonic clock reads `instant` or later;
  /// the end of time for what never comes.
  func time(of instant: Instant) -> UInt64 {
    guard instant.nanoseconds > origin else { return since }
    let elapsed = instant.nanoseconds - origin
    guard elapsed < 1 << 62 else { return .max }
    let rate = UInt64(1_000_000 + driftPerMillion)
    var time = since + elapsed / rate * 1_000_000 + elapsed % rate * 1_000_000 / rate
    while true {
      let missing = instant.since(self.instant(at: time)).nanoseconds
      guard missing > 0 else { return time }
      time += missing
    }
  }

  private func instant(at time: UInt64) -> Instant {
    let elapsed = Int64(time - since)
    let drift =
      elapsed / 1_000_000 * driftPerMillion + elapsed % 1_000_000 * driftPerMillion / 1_000_000
    return Instant(nanoseconds: UInt64(Int64(origin) + elapsed + drift))
  }
}
