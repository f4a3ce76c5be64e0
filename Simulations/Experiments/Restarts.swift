import ClusterCore
import ClusterSimulation

extension Experiment {
  /// Members that come back as new boots.
  static let restarts = [restart, rolling]

  private static let restart = Experiment(
    name: "restart-5", about: "one of five is killed and starts again, perhaps at another address",
    bounds: [
      Bound(name: "new boot known to all", unit: "s", maximum: 1),
      Bound(name: "partitions told", unit: "count", maximum: 0),
    ]
  ) { seed in
    let node = Int(seed) % 5
    var scenario = Scenario.lan(5)
    let start = Scenario.start(seed, after: 8, within: 2)
    scenario.at(.seconds(exactly: start)) { $0.crash(node) }
    scenario.at(.seconds(exactly: start + 2)) { $0.restart(node) }
    var laboratory = Laboratory(scenario, seed: seed, length: start + 31)
    laboratory.pass(to: start + 2)
    let known = laboratory.pass(to: start + 30) { laboratory in
      let cluster = laboratory.cluster
      let boot = cluster.members(of: node).first { $0.ordinal == node }?.boot
      return (0..<5).allSatisfy { other in
        cluster.members(of: other).contains {
          $0.ordinal == node && $0.boot == boot && $0.state == .alive
        }
      }
    }
    laboratory.measure("new boot known to all", known, since: start + 2)
    laboratory.pass(to: start + 20)
    laboratory.sample.add("partitions told", Double(laboratory.count(\.isPartition)))
    return laboratory.sample
  }

  private static let rolling = Experiment(
    name: "rolling-5", about: "five leave and start again one by one, the highest first",
    bounds: [
      Bound(name: "changes of the leader", unit: "count", maximum: 2, least: 2),
      Bound(name: "deaths", unit: "count", maximum: 0),
    ]
  ) { seed in
    var scenario = Scenario.lan(5)
    let start = Scenario.start(seed, after: 8, within: 2)
    for step in 0..<5 {
      let node = 4 - step
      let moment = start + Double(step) * 10
      scenario.at(.seconds(exactly: moment)) { $0.leave(node) }
      scenario.at(.seconds(exactly: moment + 5)) { $0.restart(node) }
    }
    var laboratory = Laboratory(scenario, seed: seed, length: start + 61)
    laboratory.pass(to: start + 60)
    // What all members together confirm, as one that isn't restarted meanwhile would see it.
    var (changes, current) = (0, 0)
    for entry in laboratory.events where entry.seconds >= start {
      guard case .leaderChanged(.confirmed(let leader, _)) = entry.event,
        leader.ordinal != current
      else { continue }
      changes += 1
      current = leader.ordinal
    }
    laboratory.sample.add("changes of the leader", Double(changes))
    laboratory.sample.add(
      "deaths", Double(laboratory.deaths(of: Array(0..<5), at: Array(0..<5), after: start)))
    return laboratory.sample
  }
}

extension ClusterEvent {
  var isPartition: Bool {
    switch self {
    case .partitionSuspected, .partitionHealed: true
    default: false
    }
  }
}
