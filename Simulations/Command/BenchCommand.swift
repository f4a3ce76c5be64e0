import ClusterCore
import ClusterSimulation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Verb {
  static let bench = Verb(
    name: "bench", words: "", count: 0...0,
    summary: "how fast the simulator is, on one core, with all invariants on",
    details: """
      Runs calm clusters of 5, 100 and 1,000 members, once they have come to rest, and two-minute
      netsplits of 5, each on one thread. Shows events a second of processor time, with the spread over
      the rounds, the time simulated in a second, and how much was allocated for each event where
      Tests/Allocations counts it. Fails where a case is slower, or allocates more, than it must.
      """,
    options: [
      Option("--seeds", .required("N"), "how many netsplits; 400 unless said otherwise"),
      Option("--only", .required("TEXT"), "only the cases with this in their name"), json,
    ]
  ) { call in
    let seeds = try call.number("--seeds", in: 1...10_000_000, or: 400)
    let bench = BenchCommand(
      netsplits: UInt64(seeds), only: call.value("--only") ?? "", json: call.has("--json"))
    guard bench.hasCases else {
      throw Exit.usage(
        "no case has '\(bench.only)' in its name; there are:\n"
          + bench.names.joined(separator: "\n"))
    }
    guard bench.run() else { throw Exit(status: .failed, words: "slower than it must be") }
  }
}

/// Measures the simulator by the processor's time, so that what else the machine does counts little.
struct BenchCommand {
  var netsplits: UInt64
  var only: String
  var json: Bool

  /// A cluster in which nothing happens, looked at once it has come to rest.
  private struct Calm {
    var members: Int
    var name: String { "calm, \(members) members" }
    /// How long it takes to come to rest, and how long is measured, in simulated seconds.
    var rest: Int
    var seconds: Int
    var rounds: Int
    var limits: Limits
  }

  /// What a case must reach, on a machine with other work.
  private struct Limits {
    var eventsPerSecond = 0.0
    var timesRealTime = 0.0
    var allocationsPerEvent = Double.infinity
  }

  private static let calms = [
    Calm(
      members: 5, rest: 20, seconds: 3_000, rounds: 7,
      limits: Limits(
        eventsPerSecond: 1_000_000, timesRealTime: 30_000, allocationsPerEvent: 0.01)),
    Calm(
      members: 100, rest: 250, seconds: 120, rounds: 5,
      limits: Limits(eventsPerSecond: 500_000)),
    Calm(members: 1_000, rest: 90, seconds: 30, rounds: 1, limits: Limits()),
  ]

  /// 10,000 two-minute netsplits within 60 s would be 20,000 times real time: that isn't reached yet.
  private static let netsplitLimits = Limits(timesRealTime: 6_000)

  /// What the cases are called.
  fileprivate var names: [String] { Self.calms.map(\.name) + [netsplitName] }

  private var netsplitName: String { "\(netsplits) netsplits of 5" }

  fileprivate var hasCases: Bool { names.contains { isWanted($0) } }

  private func isWanted(_ name: String) -> Bool { only.isEmpty || name.contains(only) }

  /// Whether every case reached what it must.
  func run() -> Bool {
    if !json {
      Output.line(
        "case                     events     M events/s   min..max   x real time        cpu"
          + "   allocations/event")
    }
    var isFast = true
    for calm in Self.calms {
      let (rest, seconds) = (calm.rest, calm.seconds)
      isFast =
        measure(calm.name, calm.rounds, calm.limits) { round in
          var run = Simulation(Self.calm(calm.members, for: rest + seconds), seed: round)
          run.run(until: .seconds(rest))
          let before = run.statistics.events
          let start = Meter()
          run.run(until: .seconds(rest + seconds))
          return Sample(
            events: run.statistics.events - before, simulated: Double(seconds), since: start)
        } && isFast
    }
    let splits = netsplits
    isFast =
      measure(netsplitName, 1, Self.netsplitLimits) { _ in
        let start = Meter()
        var sweep = Sweep(Self.netsplit())
        for seed in 0..<splits { try? sweep.run(seed) }
        let sums = sweep.report().statistics
        return Sample(
          events: sums.events, simulated: Double(sums.simulated.components.seconds), since: start)
      } && isFast
    return isFast
  }

  private struct Sample {
    var events: UInt64
    var simulated: Double
    var seconds: Double
    var allocations: UInt64?
    var rate: Double { Double(events) / seconds }
    var timesRealTime: Double { simulated / seconds }
    var allocationsPerEvent: Double? { allocations.map { Double($0) / Double(events) } }

    init(events: UInt64, simulated: Double, since start: Meter) {
      let now = Meter()
      self.events = events
      self.simulated = simulated
      seconds = now.seconds - start.seconds
      if let end = now.allocations, let begin = start.allocations { allocations = end - begin }
    }

    func misses(_ limits: Limits) -> Bool {
      rate < limits.eventsPerSecond || timesRealTime < limits.timesRealTime
        || (allocationsPerEvent ?? 0) > limits.allocationsPerEvent
    }
  }

  private func measure(
    _ name: String, _ rounds: Int, _ limits: Limits, _ body: (UInt64) -> Sample
  ) -> Bool {
    guard isWanted(name) else { return true }
    let samples = (0..<UInt64(rounds)).map(body).sorted { $0.rate < $1.rate }
    let median = samples[samples.count / 2]
    guard let slowest = samples.first, let fastest = samples.last else { return true }
    func millions(_ rate: Double) -> String { Self.decimal(rate / 1_000_000, 2) }
    let speed = median.timesRealTime
    let allocations = median.allocationsPerEvent.map { Self.decimal($0, 3) }
    let isFast = !median.misses(limits)
    if json {
      Output.line(
        "{\"case\":\"\(name)\",\"events\":\(median.events),\"eventsPerSecond\":\(UInt64(median.rate)),"
          + "\"slowest\":\(UInt64(slowest.rate)),\"fastest\":\(UInt64(fastest.rate)),"
          + "\"timesRealTime\":\(UInt64(speed)),\"seconds\":\(Self.decimal(median.seconds, 3)),"
          + "\"allocationsPerEvent\":\(allocations ?? "null"),\"passed\":\(isFast)}")
      return isFast
    }
    Output.line(
      name.padding(to: 22) + "\(median.events)".padding(to: 10, left: true)
        + millions(median.rate).padding(to: 13, left: true)
        + "  \(millions(slowest.rate))..\(millions(fastest.rate))"
        + "\(UInt64(speed))".padding(to: 11, left: true)
        + "\(Self.decimal(median.seconds, 2)) s".padding(to: 11, left: true)
        + (allocations ?? "-").padding(to: 12, left: true) + (isFast ? "" : "  too slow"))
    return isFast
  }

  private static func calm(_ members: Int, for seconds: Int) -> Scenario {
    var scenario = Scenario(name: "calm", nodes: members)
    scenario.at(.seconds(30 + seconds)) { $0.heal() }
    return scenario
  }

  /// Two minutes with a split of one, writes on both sides, and what comes after.
  private static func netsplit() -> Scenario {
    var scenario = Scenario(name: "netsplit", nodes: 5)
    scenario.workload = Workload(keys: 8, perSecond: 2, until: .seconds(70))
    scenario.at(.seconds(10)) { $0.partition([0, 1], [2, 3, 4]) }
    scenario.at(.seconds(70)) { $0.heal() }
    scenario.at(.seconds(117)) { $0.heal() }
    scenario.eventually("one cluster", within: .seconds(20)) { $0.isConverged }
    return scenario
  }

  private static func decimal(_ number: Double, _ digits: Int) -> String {
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int(number * Double(scale) + 0.5)
    let fraction = String(scaled % scale)
    return "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}

/// What this thread has used so far.
private struct Meter {
  /// Seconds of the processor's time.
  let seconds: Double
  /// How often memory was asked for; none where nobody counts (see Tests/Allocations).
  let allocations: UInt64?

  private static let counter: (@convention(c) () -> UInt64)? = {
    guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "allocations") else { return nil }
    return unsafeBitCast(symbol, to: (@convention(c) () -> UInt64).self)
  }()

  init() {
    allocations = Self.counter?()
    seconds = ProcessorTime.seconds
  }
}

extension String {
  /// The text with blanks behind it, or before it, up to a width.
  fileprivate func padding(to width: Int, left: Bool = false) -> String {
    let blanks = String(repeating: " ", count: Swift.max(0, width - count))
    return left ? blanks + self : self + blanks
  }
}
