import ClusterCore
import ClusterSimulation

extension Experiment {
  /// The other presets of `Timing`, each on links of the kind that it is for.
  static let presets = [
    crash("crash-5-local", .local, Link(latency: .exponential(mean: .microseconds(50)))),
    crash("crash-5-wan", .wan, far), cut("cut-5-wan", .wan, far),
  ]

  /// Between continents: one way takes 40 to 150 ms, and one packet in a hundred is lost.
  private static let far = Link(
    latency: .uniform(.milliseconds(40), .milliseconds(150)), loss: .percent(1))

  /// As `Timing` says: half an interval until it is probed, one until it is suspected, the shortest
  /// suspicion. At worst its turn comes two intervals later, or an accusation is lost.
  private static func crash(_ name: String, _ timing: Timing, _ link: Link) -> Experiment {
    let (interval, suspicion) = (seconds(timing.probeInterval), seconds(timing.suspicionMinimum))
    return Experiment(
      name: name, about: "a host of 5 vanishes without a word",
      bounds: [
        Bound(
          name: "known to all", unit: "s", median: interval * 1.5 + suspicion,
          p99: interval * 3 + suspicion)
      ]
    ) { seed in
      lose([Int(seed) % 5], in: settled(timing, link), silently: true, after: 30, seed: seed)
    }
  }

  /// Of two that are cut off from three neither has a second accuser for all that it misses: a
  /// suspicion there may last as long as one can.
  private static func cut(_ name: String, _ timing: Timing, _ link: Link) -> Experiment {
    let (interval, suspicion) = (seconds(timing.probeInterval), seconds(timing.suspicionMinimum))
    let typical = interval * 2 + suspicion
    let longest = interval * 2 + suspicion * Double(timing.suspicionMaximumFactor)
    let report = 3 * seconds(Knock.patience)
    return Experiment(
      name: name, about: "5 members are cut in two, each way",
      bounds: [
        Bound(name: "known to all across", unit: "s", median: typical, maximum: longest),
        Bound(
          name: "partition suspected by all", unit: "s", median: typical + report,
          maximum: longest + report),
      ]
    ) { seed in
      let side = [Int(seed) % 5, (Int(seed) + 3) % 5].sorted()
      return split(side, in: settled(timing, link), after: 30, watching: 60, seed: seed)
    }
  }

  private static func seconds(_ span: Span64) -> Double { Double(span.nanoseconds) / 1e9 }

  private static func settled(_ timing: Timing, _ link: Link) -> Scenario {
    var scenario = Scenario.lan(5)
    (scenario.timing, scenario.link) = (timing, link)
    return scenario
  }
}
