import ClusterCore
import ClusterSimulation

/// One run that is watched while it goes on: what members told their embedders, and when.
struct Laboratory {
  private(set) var run: Simulation
  private(set) var events: [RecordedEvent] = []
  /// A number of this seed, for moments that are drawn.
  private var random: Randomness
  var sample = Sample()
  /// Whether what members told is kept as text: when it is asked for.
  private static let keepsEvents = CommandLine.arguments.contains("--trace")

  /// - Parameters:
  ///   - length: How long the run can go on at most, in seconds.
  ///   - scenario: What happens.
  init(_ scenario: Scenario, seed: UInt64, length: Double) {
    var scenario = scenario
    // Nothing is judged before: what is measured may be long after the last action.
    scenario.at(.nanoseconds(Int64(length * 1e9))) { _ in }
    run = Simulation(scenario, seed: seed)
    run.recordEvents()
    random = Randomness(seed: mix(seed, 0x4C41_42))
  }

  /// A link within a data centre.
  static let lan = Link(latency: .exponential(mean: .microseconds(300)))

  var now: Double { Self.seconds(run.cluster.time) }
  var cluster: SimulatedCluster { run.cluster }

  static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }

  /// Lets time pass to a moment.
  mutating func pass(to time: Double) {
    run.run(until: .nanoseconds(Int64(time * 1e9)))
    collect()
  }

  /// Lets time pass until a condition holds, looked at after every step of a millisecond; the moment,
  /// or none when it didn't come.
  mutating func pass(
    to limit: Double, every step: Double = 0.001, until condition: (Laboratory) -> Bool
  ) -> Double? {
    var time = now
    while time < limit {
      if condition(self) { return time }
      time += step
      run.run(until: .nanoseconds(Int64(time * 1e9)))
      collect()
      if run.failure != nil { return nil }
    }
    return condition(self) ? time : nil
  }

  private mutating func collect() {
    let told = run.takeEvents()
    events += told
    if Self.keepsEvents {
      sample.events += told.map { "\(Measurement.digits($0.seconds)) \($0.node) \($0.event)" }
    }
    if let failure = run.failure, sample.failure == nil {
      sample.failure = "\(failure.invariant): \(failure.detail)"
    }
  }

  /// Measures a moment; a run in which it never came failed.
  mutating func measure(_ name: String, _ moment: Double?, since start: Double) {
    guard let moment else {
      sample.failure = sample.failure ?? "\(name): it never came"
      return
    }
    sample.add(name, moment - start)
  }

  /// When the last of `observers` first took all of `lost` for gone after a moment; none when one
  /// never did.
  func knownToAll(
    _ lost: [Int], by observers: [Int], after start: Double
  ) -> Double? {
    var last = start
    for observer in observers {
      for ordinal in lost where ordinal != observer {
        guard let moment = firstLoss(of: ordinal, at: observer, after: start) else { return nil }
        last = max(last, moment)
      }
    }
    return last
  }

  private func firstLoss(of ordinal: Int, at observer: Int, after start: Double) -> Double? {
    for entry in events where entry.node == observer && entry.seconds >= start {
      if case .memberChanged(let member, _) = entry.event, member.ordinal == ordinal, !member.isLive
      {
        return entry.seconds
      }
    }
    return nil
  }

  /// How often members of `observers` took one of `subjects` for dead.
  func deaths(of subjects: [Int], at observers: [Int], after start: Double = 0) -> Int {
    events.count { entry in
      guard case .memberChanged(let member, _) = entry.event else { return false }
      return member.state == .dead && subjects.contains(member.ordinal)
        && observers.contains(entry.node) && entry.seconds >= start
    }
  }

  /// How often a member saw another leader confirmed than before.
  func leaderChanges(at observer: Int, after start: Double) -> Int {
    var (count, current) = (0, Int?.none)
    for entry in events where entry.node == observer {
      guard case .leaderChanged(.confirmed(let leader, _)) = entry.event else { continue }
      if let current, current != leader.ordinal, entry.seconds >= start { count += 1 }
      current = leader.ordinal
    }
    return count
  }

  func count(at observer: Int? = nil, after start: Double = 0, _ body: (ClusterEvent) -> Bool)
    -> Int
  {
    events.count { entry in
      (observer == nil || entry.node == observer) && entry.seconds >= start && body(entry.event)
    }
  }

  /// A moment between two, drawn from the seed.
  mutating func moment(_ from: Double, _ to: Double) -> Double {
    from + Double(random.below(1_000_000)) / 1e6 * (to - from)
  }

  /// Whether everyone sees everyone, and all confirm the lowest.
  var isWhole: Bool {
    let cluster = run.cluster
    return cluster.leader == 0 && cluster.running.allSatisfy { cluster.status(of: $0) == .green }
  }
}

extension RecordedEvent {
  var seconds: Double { Double(time) / 1e9 }
}

extension Scenario {
  /// A cluster of a size in one data centre, with the protocol's default times.
  static func lan(_ nodes: Int) -> Scenario {
    var scenario = Scenario(name: "measured", nodes: nodes)
    scenario.link = Laboratory.lan
    return scenario
  }

  /// A moment, drawn from the seed, at which something begins.
  static func start(_ seed: UInt64, after base: Double, within span: Double) -> Double {
    var random = Randomness(seed: mix(seed, 0x5354_4152_54))
    return base + Double(random.below(1_000_000)) / 1e6 * span
  }
}

extension Duration {
  static func seconds(exactly seconds: Double) -> Duration { .nanoseconds(Int64(seconds * 1e9)) }
}
