import ClusterCore

/// How long things may take at most, computed from the protocol's times.
///
/// Intuition: a probe round visits every member once in at most 2n - 1 intervals; a suspicion runs
/// out; what one member knows reaches all in about 3 log2 n rounds. A healed member is contacted
/// anew once in `contactInterval` on average, with jitter up to twice that. All is doubled, since
/// local health stretches intervals, and doubled again where datagrams are lost. These are bounds
/// for a verdict; how long it really takes is what `Statistics` shows.
struct Bounds {
  /// Until a crash or cut is known to all, in nanoseconds.
  let detection: UInt64
  /// Until a healed cluster is whole again in all views.
  let healing: UInt64
  /// Until the stores are equal and deletes forgotten.
  let convergence: UInt64

  init(members: Int, timing: Timing, isLossy: Bool) {
    let n = UInt64(members)
    let interval = timing.probeInterval.nanoseconds
    let rounds = 3 * UInt64(64 - (n + 1).leadingZeroBitCount)
    let suspicion =
      timing.suspicionMinimum.nanoseconds * timing.suspicionMaximumFactor
      * UInt64(max(1, (Self.decimals(n))))
    let probing = (2 * n - 1) * interval
    let dissemination = rounds * interval
    let factor: UInt64 = isLossy ? 4 : 2
    detection = factor * (probing + suspicion + dissemination)
    healing = factor * (2 * timing.contactInterval.nanoseconds + probing + dissemination)
    convergence = max(healing, detection) + factor * dissemination + timing.joinWindow.nanoseconds
  }

  /// How long after the last fault a promise may still not hold.
  func limit(of invariant: Invariant) -> UInt64 {
    switch invariant {
    case .completeness: detection
    case .accuracy: healing
    case .agreement: max(detection, healing)
    default: convergence
    }
  }

  private static func decimals(_ number: UInt64) -> UInt64 {
    var (rest, count) = (number, UInt64(0))
    while rest >= 10 {
      rest /= 10
      count += 1
    }
    return count + 1
  }
}
