import Testing

@testable import ClusterCore

@Suite struct TimingTests {
  @Test func `the presets fit`() {
    for timing in [Timing.lan, .wan, .local] { #expect(timing.problem == nil) }
  }

  /// A setting, how it is spoiled, and what names it.
  private static let spoiled: [(String, @Sendable (inout Timing) -> Void)] = [
    ("probeInterval", { $0.probeInterval = .milliseconds(19) }),
    ("probeInterval", { $0.probeInterval = Span64(nanoseconds: .max) }),
    ("probeTimeout", { $0.probeTimeout = .zero }),
    ("probeTimeout", { $0.probeTimeout = .milliseconds(500) }),
    ("probeTimeoutMinimum", { $0.probeTimeoutMinimum = .zero }),
    ("probeTimeoutMinimum", { $0.probeTimeoutMinimum = .milliseconds(351) }),
    ("probeTimeoutMaximum", { $0.probeTimeoutMaximum = .milliseconds(349) }),
    ("probeTimeoutMaximum", { $0.probeTimeoutMaximum = .milliseconds(701) }),
    ("indirectProbes", { $0.indirectProbes = -1 }),
    ("indirectProbes", { $0.indirectProbes = 17 }),
    ("suspicionMinimum", { $0.suspicionMinimum = .milliseconds(999) }),
    ("suspicionMinimum", { $0.suspicionMinimum = .seconds(601) }),
    ("suspicionMaximumFactor", { $0.suspicionMaximumFactor = 0 }),
    ("suspicionMaximumFactor", { $0.suspicionMaximumFactor = 101 }),
    ("contactInterval", { $0.contactInterval = .zero }),
    ("joinWindow", { $0.joinWindow = .zero }),
    ("stallTolerance", { $0.stallTolerance = .zero }),
  ]

  @Test(arguments: spoiled.indices)
  func `a setting out of its bounds is named with what would be right`(index: Int) throws {
    let (setting, change) = Self.spoiled[index]
    var timing = Timing.lan
    change(&timing)
    let problem = try #require(timing.problem)
    #expect(problem.setting == setting)
    #expect(!problem.accepted.isEmpty && problem.description.contains(setting))
  }
}
