/// The protocol's times. The same on every member: a member with longer ones would be suspected by
/// those with shorter ones.
///
/// What they come to, with N members, h the local health (0 to 8), T `probeInterval` and S
/// `suspicionMinimum`:
///
///     a member is probed by somebody within       T, on average, and by everybody within (2N − 1) T
///     its direct probe is waited for              (1 + h) × clamp(RTT + 4 × deviation,
///                                                  probeTimeoutMinimum, probeTimeoutMaximum)
///     a suspicion lasts, with c of k confirmations max − (max − min) · log(c + 1) / log(k + 1),
///                                                  at least min = S × max(1, log10 N),
///                                                  max = min × suspicionMaximumFactor,
///                                                  k = min(3, N − 2)
///     a silent crash is known to all within about  T/2 + T + S  (each suspects by its own probe)
///
/// `simulate measure` prints what these defaults were chosen by: they are measured, not copied.
public struct Timing: Hashable, Sendable {
  /// T: each member probes one other in each. Scaled by local health: T × (1 + h).
  /// 20 ms to 1 minute.
  public var probeInterval: Span64
  /// How long a direct probe of a member is waited for before others are asked, until its round trip
  /// was measured; others are waited for as long again. Scaled by local health. More than nothing and
  /// less than half of `probeInterval`.
  public var probeTimeout: Span64
  /// A direct probe is waited for at least so long, however near a member is: members that share a busy
  /// machine answer late now and then. At most `probeTimeout`.
  public var probeTimeoutMinimum: Span64
  /// A direct probe is waited for at most so long, however far a member is. At least `probeTimeout` and
  /// at most 7/10 of `probeInterval`, so that others still have time to try.
  public var probeTimeoutMaximum: Span64
  /// How many members are asked to probe in one's stead. 0 to 16; with 0 nothing but
  /// repeated pings stands between loss and suspicion.
  public var indirectProbes: Int
  /// S: the shortest suspicion, reached when enough others confirm it, is this × max(1, log10 N).
  /// At least `probeInterval`, so that there is time to refute; at most 10 minutes.
  public var suspicionMinimum: Span64
  /// The longest suspicion, which holds while nobody confirms, as a multiple of the shortest. 1 to 100.
  public var suspicionMaximumFactor: UInt64
  /// How often one lost member is contacted anew, on average, each time with its name resolved: it
  /// heals partitions. Of more than 8 members each does so less often, so that a lost one hears
  /// about eight contacts in this time. 50 ms to 10 minutes.
  public var contactInterval: Span64
  /// How long a starting member waits for a first answer before it takes itself for alone.
  /// At least `probeTimeout`; at most 10 minutes.
  public var joinWindow: Span64
  /// How late a timer may be before the member takes itself for paused. At least 100 ms; at most
  /// 10 minutes.
  public var stallTolerance: Span64

  /// Creates times one by one; `problem` says what doesn't fit together.
  public init(
    probeInterval: Span64, probeTimeout: Span64, probeTimeoutMinimum: Span64,
    probeTimeoutMaximum: Span64, indirectProbes: Int, suspicionMinimum: Span64,
    suspicionMaximumFactor: UInt64, contactInterval: Span64, joinWindow: Span64,
    stallTolerance: Span64
  ) {
    self.probeInterval = probeInterval
    self.probeTimeout = probeTimeout
    self.probeTimeoutMinimum = probeTimeoutMinimum
    self.probeTimeoutMaximum = probeTimeoutMaximum
    self.indirectProbes = indirectProbes
    self.suspicionMinimum = suspicionMinimum
    self.suspicionMaximumFactor = suspicionMaximumFactor
    self.contactInterval = contactInterval
    self.joinWindow = joinWindow
    self.stallTolerance = stallTolerance
  }

  /// For members within one data centre or region: round trips of up to some 100 ms. The default.
  /// Of five members, a host that vanishes is known to all others within 2.3 s, 99 times in 100
  /// within 3.1 s (`simulate measure crash-5`).
  public static let lan = Timing(
    probeInterval: .milliseconds(1_000), probeTimeout: .milliseconds(350),
    probeTimeoutMinimum: .milliseconds(200), probeTimeoutMaximum: .milliseconds(600),
    indirectProbes: 3, suspicionMinimum: .milliseconds(1_200), suspicionMaximumFactor: 2,
    contactInterval: .milliseconds(1_000), joinWindow: .milliseconds(2_000),
    stallTolerance: .milliseconds(1_000))

  /// For members on several continents: round trips of up to a second, and more loss.
  /// Of five with 40 to 150 ms a way and 1 % loss, a host that vanishes is known to all others within
  /// 9.0 s, 99 times in 100 within 11.2 s, and a cut to all within 10.0 and 13.9 s (`crash-5-wan`,
  /// `cut-5-wan`).
  public static let wan = Timing(
    probeInterval: .milliseconds(3_000), probeTimeout: .milliseconds(1_200),
    probeTimeoutMinimum: .milliseconds(600), probeTimeoutMaximum: .milliseconds(2_000),
    indirectProbes: 4, suspicionMinimum: .milliseconds(5_000), suspicionMaximumFactor: 3,
    contactInterval: .milliseconds(3_000), joinWindow: .milliseconds(6_000),
    stallTolerance: .milliseconds(2_000))

  /// For members on one machine, in tests and demonstrations: quick to notice, and quick to be mistaken
  /// where the machine is busy. Of five members, one that vanishes is known to all others within 0.8 s,
  /// 99 times in 100 within 1.1 s (`crash-5-local`).
  public static let local = Timing(
    probeInterval: .milliseconds(300), probeTimeout: .milliseconds(100),
    probeTimeoutMinimum: .milliseconds(50), probeTimeoutMaximum: .milliseconds(200),
    indirectProbes: 2, suspicionMinimum: .milliseconds(500), suspicionMaximumFactor: 2,
    contactInterval: .milliseconds(300), joinWindow: .milliseconds(600),
    stallTolerance: .milliseconds(500))
}

extension Timing {
  /// A setting that doesn't fit.
  public struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The property of `Timing`.
    public let setting: String
    /// What was given.
    public let value: String
    /// What would be right.
    public let accepted: String

    /// The problem in one line.
    public var description: String {
      "timing.\(setting): \(value) is not accepted; accepted: \(accepted)"
    }
  }

  /// The first setting that is out of its bounds; none when all fit.
  public var problem: Problem? {
    let minute = Span64.seconds(60)
    return Self.check("probeInterval", probeInterval, .milliseconds(20)...minute, "20 ms to 1 min")
      ?? Self.check(
        "probeTimeout", probeTimeout,
        .milliseconds(1)...Span64(nanoseconds: probeInterval.nanoseconds / 2 - 1),
        "more than nothing and less than half of probeInterval")
      ?? Self.check(
        "probeTimeoutMinimum", probeTimeoutMinimum, .milliseconds(1)...probeTimeout,
        "1 ms to probeTimeout")
      ?? Self.check(
        "probeTimeoutMaximum", probeTimeoutMaximum, probeTimeout...probeInterval * 7 / 10,
        "probeTimeout to 7/10 of probeInterval")
      ?? Self.check(
        "suspicionMinimum", suspicionMinimum, probeInterval...minute * 10,
        "probeInterval to 10 min")
      ?? Self.check(
        "contactInterval", contactInterval, .milliseconds(50)...minute * 10, "50 ms to 10 min")
      ?? Self.check("joinWindow", joinWindow, probeTimeout...minute * 10, "probeTimeout to 10 min")
      ?? Self.check(
        "stallTolerance", stallTolerance, .milliseconds(100)...minute * 10, "100 ms to 10 min")
      ?? checkCounts
  }

  private var checkCounts: Problem? {
    if !(0...16).contains(indirectProbes) {
      return Problem(setting: "indirectProbes", value: "\(indirectProbes)", accepted: "0 to 16")
    }
    if !(1...100).contains(suspicionMaximumFactor) {
      return Problem(
        setting: "suspicionMaximumFactor", value: "\(suspicionMaximumFactor)", accepted: "1 to 100")
    }
    return nil
  }

  private static func check(
    _ setting: String, _ value: Span64, _ bounds: ClosedRange<Span64>, _ accepted: String
  ) -> Problem? {
    if bounds.contains(value) { return nil }
    return Problem(setting: setting, value: "\(value.duration)", accepted: accepted)
  }
}
