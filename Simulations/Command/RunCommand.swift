import ClusterSimulation
import Dispatch
import Synchronization

/// Runs a scenario with many seeds, on several threads: each run is a value of its own.
struct RunCommand {
  var scenario: Scenario
  var seeds: Range<UInt64>
  var jobs: Int
  var json: Bool

  func run() throws {
    let start = ContinuousClock.now
    let report = try Self.sweep(scenario, seeds: seeds, jobs: jobs)
    Output.progress("")
    let elapsed = ContinuousClock.now - start
    Output.line(
      json ? ReportText.json(scenario, seeds, report) : ReportText.table(scenario, report, elapsed))
    guard report.failures.isEmpty else { throw Exit(status: .failed, words: nil) }
  }

  /// Runs all seeds and sums up.
  static func sweep(
    _ scenario: Scenario, seeds: Range<UInt64>, jobs: Int, stopAtFirst: Bool = false
  ) throws -> Report {
    let next = Atomic<UInt64>(seeds.lowerBound)
    let hasFailed = Atomic<Bool>(false)
    let joined = Mutex<(sweep: Sweep, done: UInt64)>((Sweep(scenario), 0))
    let unstable = Mutex<UInt64?>(nil)
    DispatchQueue.concurrentPerform(iterations: jobs) { job in
      while true {
        let seed = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard seed < seeds.upperBound, !(stopAtFirst && hasFailed.load(ordering: .relaxed)) else {
          break
        }
        CrashReport.begin(seed, job: job)
        var sweep = Sweep(scenario)
        do throws(SimulationError) {
          try sweep.run(seed, twice: seed % 50 == 0)
        } catch {
          unstable.withLock { $0 = $0 ?? seed }
        }
        CrashReport.end(job: job)
        if sweep.failureCount > 0 { hasFailed.store(true, ordering: .relaxed) }
        let progress = joined.withLock { state in
          state.sweep.join(sweep)
          state.done += 1
          return
            "\(scenario.name): \(state.done) of \(seeds.count), \(state.sweep.failureCount) failed"
        }
        Output.progress(progress)
      }
    }
    if let seed = unstable.withLock({ $0 }) {
      throw Exit(status: .notDeterministic, words: "seed \(seed) gave two different runs")
    }
    return joined.withLock { $0.sweep.report() }
  }
}
