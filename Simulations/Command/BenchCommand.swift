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
      Runs calm clusters of 5, 100 and 1,000 members and two-minute netsplits of 5, each on one thread,
      and shows events a second of processor time, the time simulated in a second, and the spread.
      """,
    options: [
      Option("--seeds", .required("N"), "how many netsplits; 400 unless said otherwise"), json,
    ]
  ) { call in
    let seeds = try call.number("--seeds", in: 1...10_000_000, or: 400)
    BenchCommand(netsplits: UInt64(seeds), json: call.has("--json")).run()
  }
}

/// Measures the simulator by the processor's time, so that what else the machine does counts little.
struct BenchCommand {
  var netsplits: UInt64
  var json: Bool

  func run() {
    if !json {
      Output.line("case                     events     M events/s   min..max   x real time   cpu")
    }
    for (members, seconds, rounds) in [(5, 600, 7), (100, 60, 5), (1_000, 10, 1)] {
      measure("calm, \(members) members", rounds: rounds) { round in
        var run = Simulation(Self.calm(members, for: seconds), seed: round)
        run.run(until: .seconds(20))
        let before = run.statistics.events
        let start = Self.processorTime()
        run.run(until: .seconds(20 + seconds))
        return Sample(
          events: run.statistics.events - before, simulated: Double(seconds),
          seconds: Self.processorTime() - start)
      }
    }
    measure("\(netsplits) netsplits of 5", rounds: 1) { _ in
      let start = Self.processorTime()
      var sweep = Sweep(Self.netsplit())
      for seed in 0..<netsplits { try? sweep.run(seed) }
      let sums = sweep.report().statistics
      return Sample(
        events: sums.events, simulated: Double(sums.simulated.components.seconds),
        seconds: Self.processorTime() - start)
    }
  }

  private struct Sample {
    var events: UInt64
    var simulated: Double
    var seconds: Double
    var rate: Double { Double(events) / seconds }
  }

  private func measure(_ name: String, rounds: Int, _ body: (UInt64) -> Sample) {
    let samples = (0..<UInt64(rounds)).map(body).sorted { $0.rate < $1.rate }
    let median = samples[samples.count / 2]
    guard let slowest = samples.first, let fastest = samples.last else { return }
    func millions(_ rate: Double) -> String { Self.decimal(rate / 1_000_000, 2) }
    let speed = median.simulated / median.seconds
    if json {
      Output.line(
        "{\"case\":\"\(name)\",\"events\":\(median.events),\"eventsPerSecond\":\(UInt64(median.rate)),"
          + "\"slowest\":\(UInt64(slowest.rate)),\"fastest\":\(UInt64(fastest.rate)),"
          + "\"timesRealTime\":\(UInt64(speed)),\"seconds\":\(Self.decimal(median.seconds, 3))}")
      return
    }
    Output.line(
      name.padding(to: 22) + "\(median.events)".padding(to: 10, left: true)
        + millions(median.rate).padding(to: 13, left: true)
        + "  \(millions(slowest.rate))..\(millions(fastest.rate))"
        + "\(UInt64(speed))".padding(to: 11, left: true)
        + "\(Self.decimal(median.seconds, 2)) s".padding(to: 11, left: true))
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

  /// Seconds of processor time that this thread has used.
  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
  }

  private static func decimal(_ number: Double, _ digits: Int) -> String {
    var scale = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = Int(number * Double(scale) + 0.5)
    let fraction = String(scaled % scale)
    return "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
  }
}

extension String {
  /// The text with blanks behind it, or before it, up to a width.
  fileprivate func padding(to width: Int, left: Bool = false) -> String {
    let blanks = String(repeating: " ", count: Swift.max(0, width - count))
    return left ? blanks + self : self + blanks
  }
}
