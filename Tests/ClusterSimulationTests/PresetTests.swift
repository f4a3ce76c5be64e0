import ClusterCore
import ClusterSimulation
import Testing

/// The presets of `Timing`, each on a network of the kind that it is for.
@Suite struct `The presets` {
  struct Preset: Sendable, CustomStringConvertible {
    var description: String
    var timing: Timing
    var link: Link

    /// When a silent crash is known to all at the latest, as the documentation of `Timing` has it: in
    /// two intervals everyone is probed, by itself and through others, and then suspected.
    var latest: Duration {
      let probed = timing.probeInterval * 2 + timing.probeTimeoutMaximum * 3
      return (probed + timing.suspicionMinimum * timing.suspicionMaximumFactor).duration
    }
  }

  static let presets = [
    Preset(
      description: "local", timing: .local,
      link: Link(latency: .exponential(mean: .microseconds(50)))),
    Preset(
      description: "LAN", timing: .lan,
      link: Link(latency: .exponential(mean: .milliseconds(1)), loss: .percent(1))),
    Preset(
      description: "WAN", timing: .wan,
      link: Link(latency: .uniform(.milliseconds(30), .milliseconds(150)), loss: .percent(3))),
  ]

  @Test(arguments: presets)
  func `know a crash in time and take nobody else for dead`(preset: Preset) throws {
    var scenario = Scenario(nodes: 5)
    (scenario.timing, scenario.link) = (preset.timing, preset.link)
    scenario.at(.seconds(60)) { $0.crash(2, silently: true) }
    scenario.always("nobody else is dead") { cluster in
      cluster.running.allSatisfy { observer in
        cluster.members(of: observer).allSatisfy { $0.state != .dead || $0.ordinal == 2 }
      }
    }
    scenario.eventually("the crash is known", within: preset.latest) { cluster in
      cluster.running.allSatisfy { cluster.members(of: $0)[2].state == .dead }
    }
    try Simulation(scenario).run(seeds: 0..<10).requirePassed()
  }
}
