import ClusterSimulation
import Dispatch
import Synchronization

extension Verb {
  static let run = Verb(
    name: "run", words: "FILE ...", count: 1...10_000,
    summary: "run scenarios with many seeds",
    details: """
      Each failure is shown with its seed, the broken invariant, the moment and the member, the
      command that replays it, and the smallest scenario that still fails. Ctrl-C ends the sweep and
      reports what was done.
      """,
    options: [
      seeds, jobs, json, Option("--no-shrink", .none, "leave failures as large as they are"),
    ]
  ) { call in
    var hasFailed = false
    for file in call.words where !Interruption.isWanted {
      let scenario = try ScenarioFiles.read(file)
      let command = RunCommand(
        scenario: scenario, seeds: try call.seeds(of: scenario), jobs: try call.jobs(),
        json: call.has("--json"), shrinks: !call.has("--no-shrink"))
      if try !command.run() { hasFailed = true }
    }
    if hasFailed { throw Exit(status: .failed, words: nil) }
    if Interruption.isWanted { throw Exit(status: .interrupted, words: nil) }
  }
}

/// Runs a scenario with many seeds, on several threads: each run is a value of its own.
struct RunCommand {
  var scenario: Scenario
  var seeds: Range<UInt64>
  var jobs: Int
  var json: Bool
  var shrinks: Bool

  /// Runs and reports. Whether all went well.
  func run() throws -> Bool {
    let start = ContinuousClock.now
    let sweep = try Self.sweep(scenario, seeds: seeds, jobs: jobs)
    let elapsed = ContinuousClock.now - start
    if sweep.count == 0 { return true }
    if sweep.failureCount > 0, shrinks { Output.progress("\(scenario.name): shrinking") }
    let report = sweep.report(shrinking: shrinks)
    Output.progress("")
    let asked = SeedQueue(seeds).count
    if UInt64(sweep.count) < asked {
      Output.error("interrupted after \(sweep.count) of \(asked) seeds")
    }
    Output.line(json ? report.json : "\(report)\n\(ReportText.rate(report, elapsed))")
    return report.failures.isEmpty
  }

  /// Runs all seeds.
  static func sweep(
    _ scenario: Scenario, seeds: Range<UInt64>, jobs: Int, stopAtFirst: Bool = false
  ) throws -> Sweep {
    let queue = SeedQueue(seeds)
    let hasFailed = Atomic<Bool>(false)
    let joined = Mutex<State>(
      State(sweep: Sweep(scenario), progress: Progress(scenario.name, of: queue.count)))
    let unstable = Mutex<UInt64?>(nil)
    DispatchQueue.concurrentPerform(iterations: queue.jobs(most: jobs)) { job in
      while !Interruption.isWanted {
        guard !(stopAtFirst && hasFailed.load(ordering: .relaxed)), let seed = queue.next() else {
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
        joined.withLock { $0.join(sweep) }
      }
    }
    if let seed = unstable.withLock({ $0 }) {
      throw Exit(
        status: .notDeterministic,
        words: "\(scenario.name): seed \(seed) gave two different runs;"
          + " 'simulate diff' on two traces of it shows where")
    }
    return joined.withLock { $0.sweep }
  }

  /// What all jobs have done together.
  private struct State {
    var sweep: Sweep
    var progress: Progress

    mutating func join(_ other: Sweep) {
      sweep.join(other)
      progress.show(UInt64(sweep.count), ", \(sweep.failureCount) failed")
    }
  }
}
