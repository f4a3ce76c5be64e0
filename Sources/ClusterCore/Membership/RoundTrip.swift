/// How long a member takes to answer, smoothed as TCP does (Jacobson 1988; RFC 6298, section 2): a
/// near member is missed sooner and a far one isn't missed at all.
package struct RoundTrip: Hashable, Sendable {
  /// The smoothed round trip; zero before the first sample.
  package private(set) var smoothed = Span64.zero
  /// The smoothed distance of samples from it.
  package private(set) var variation = Span64.zero
  package private(set) var samples: UInt64 = 0

  package init() {}

  /// The smoothed round trip; none before the first sample.
  package var estimate: Span64? { samples > 0 ? smoothed : nil }

  /// Takes a sample. The first counts whole, later ones as an eighth; deviations as a quarter.
  package mutating func note(_ sample: Span64) {
    samples += 1
    guard samples > 1 else {
      smoothed = sample
      variation = sample / 2
      return
    }
    let (new, old) = (sample.nanoseconds, smoothed.nanoseconds)
    let distance = new > old ? new - old : old - new
    variation = Span64(
      nanoseconds: variation.nanoseconds - variation.nanoseconds / 4 + distance / 4)
    smoothed = Span64(nanoseconds: old - old / 8 + new / 8)
  }

  /// How long a direct probe is waited for: smoothed + 4 × variation, within the setting's bounds;
  /// `probeTimeout` until something was measured.
  package func timeout(_ timing: Timing) -> Span64 {
    guard samples > 0 else { return timing.probeTimeout }
    return max(
      timing.probeTimeoutMinimum, min(smoothed + variation * 4, timing.probeTimeoutMaximum))
  }
}
