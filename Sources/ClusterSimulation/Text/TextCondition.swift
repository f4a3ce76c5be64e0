import ClusterCore

/// A condition as a scenario's text names it.
enum TextCondition: Hashable, Sendable, CustomStringConvertible {
  case converged
  case conflict
  case leader(Int, at: Int?)
  case equal(String)
  case absent(String, at: Int?)
  case value(String, String, at: Int?)
  case lost(Int)
  case ended(Int)
  /// At most so many times did one member, or all together, take another one for dead.
  case deaths(Int, at: Int?)
  /// At most so many times did one member, or any, see another leader confirmed than before.
  case changes(Int, at: Int?)
  /// At most so many times did one member, or any, suspect another one.
  case suspicions(Int, at: Int?)
  /// At most so many running members confirm themselves as the leader.
  case leaders(Int)

  var description: String {
    switch self {
    case .converged: "converged"
    case .conflict: "conflict"
    case .leader(let node, let at): "leader \(node)" + (at.map { " at \($0)" } ?? "")
    case .equal(let key): "equal \(ScenarioWord.text(key))"
    case .absent(let key, let at):
      "absent \(ScenarioWord.text(key))" + (at.map { " at \($0)" } ?? "")
    case .value(let key, let value, let at):
      "value \(ScenarioWord.text(key)) \(ScenarioWord.text(value))"
        + (at.map { " at \($0)" } ?? "")
    case .lost(let node): "lost \(node)"
    case .ended(let node): "ended \(node)"
    case .deaths(let most, let at): "deaths \(most)" + (at.map { " at \($0)" } ?? "")
    case .changes(let most, let at): "changes \(most)" + (at.map { " at \($0)" } ?? "")
    case .suspicions(let most, let at): "suspicions \(most)" + (at.map { " at \($0)" } ?? "")
    case .leaders(let most): "leaders \(most)"
    }
  }

  func holds(in cluster: SimulatedCluster) -> Bool {
    switch self {
    case .converged: cluster.isConverged
    case .conflict: cluster.resolverCalls > 0
    case .leader(let node, nil): cluster.leader == node
    case .leader(let node, let observer?): cluster.confirmedLeader(of: observer) == node
    case .equal(let key): cluster.allEqual(key)
    case .absent(let key, let at):
      (at.map { [$0] } ?? cluster.running).allSatisfy { cluster.value(key, at: $0) == nil }
    case .value(let key, let value, let at):
      (at.map { [$0] } ?? cluster.running).allSatisfy { cluster.string(key, at: $0) == value }
    case .lost(let node):
      cluster.running.allSatisfy { observer in
        observer == node || !cluster.members(of: observer)[node].isLive
      }
    case .ended(let node): cluster.ending(of: node) != nil
    case .deaths(let most, let node?): cluster.deaths(of: node) <= most
    case .deaths(let most, nil): cluster.deaths <= most
    case .changes(let most, let node?): cluster.leaderChanges(of: node) <= most
    case .changes(let most, nil):
      cluster.running.allSatisfy { cluster.leaderChanges(of: $0) <= most }
    case .suspicions(let most, let node?): cluster.suspicions(of: node) <= most
    case .suspicions(let most, nil):
      cluster.running.allSatisfy { cluster.suspicions(of: $0) <= most }
    case .leaders(let most): cluster.leaders <= most
    }
  }

  /// The same for other numbers of the members; none where the member spoken of has no number.
  func renumbered(_ number: (Int) -> Int?) -> TextCondition? {
    switch self {
    case .converged, .conflict, .equal, .absent(_, nil): self
    case .absent(let key, let at?): number(at).map { .absent(key, at: $0) }
    case .leader(let node, nil): number(node).map { .leader($0, at: nil) }
    case .leader(let node, let at?):
      if let node = number(node), let at = number(at) { .leader(node, at: at) } else { nil }
    case .value(_, _, nil): self
    case .value(let key, let value, let at?): number(at).map { .value(key, value, at: $0) }
    case .lost(let node): number(node).map { .lost($0) }
    case .ended(let node): number(node).map { .ended($0) }
    case .deaths(let most, let node?): number(node).map { .deaths(most, at: $0) }
    case .deaths(_, nil), .changes(_, nil), .suspicions(_, nil), .leaders: self
    case .changes(let most, let node?): number(node).map { .changes(most, at: $0) }
    case .suspicions(let most, let node?): number(node).map { .suspicions(most, at: $0) }
    }
  }
}

extension Scenario.Eventuality {
  /// Says something else; the name, by which a failure is known, stays.
  mutating func setText(_ text: [TextCondition]) {
    self.text = text
    condition = { cluster in text.allSatisfy { $0.holds(in: cluster) } }
  }
}

extension Scenario.NamedCondition {
  /// Says something else; the name, by which a failure is known, stays.
  mutating func setText(_ text: [TextCondition]) {
    self.text = text
    condition = { cluster in text.allSatisfy { $0.holds(in: cluster) } }
  }
}
