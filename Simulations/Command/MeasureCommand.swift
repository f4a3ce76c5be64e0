import Dispatch
import Synchronization

extension Verb {
  static let measure = Verb(
    name: "measure", words: "[NAME ...]", count: 0...100,
    summary: "how fast and how right the protocol is, by named experiments against bounds",
    details: """
      Without a name all experiments are run; an unknown name lists them. Larger clusters are run
      with a part of the seeds, as each takes longer. Exit status 1 when a bound is broken.
      """,
    options: [seeds, jobs, Option("--trace", .none, "what members told, too")]
  ) { call in
    let seeds = try call.seeds()
    guard seeds.upperBound <= Int64.max else { throw Exit.usage("measure has seeds to 2^63 only") }
    try MeasureCommand(
      experiments: MeasureCommand.named(call.words), seeds: seeds, jobs: call.jobs(),
      showsEvents: call.has("--trace")
    ).run()
  }
}

/// Runs named experiments over many seeds and holds what they measure against its bounds.
struct MeasureCommand {
  var experiments: [Experiment]
  var seeds: Range<UInt64>
  var jobs: Int
  /// Whether to show what members told, besides.
  var showsEvents = false

  func run() throws {
    Output.line(Measurement.heading)
    var isBroken = false
    for experiment in experiments where !Interruption.isWanted {
      let results = try measure(experiment)
      if Interruption.isWanted { throw Exit(status: .interrupted, words: nil) }
      for result in results {
        Output.line(result.line(of: experiment.name))
        isBroken = isBroken || !result.isWithinBounds
      }
    }
    if isBroken { throw Exit(status: .failed, words: "a bound is broken") }
  }

  /// The experiments of some names; all when there is none.
  static func named(_ names: [String]) throws -> [Experiment] {
    guard !names.isEmpty else { return Experiment.all }
    return try names.map { name in
      guard let found = Experiment.all.first(where: { $0.name == name }) else {
        let known = Experiment.all.map { "  \($0.name): \($0.about)" }.joined(separator: "\n")
        throw Exit.usage("there is no experiment '\(name)'; there are:\n\(known)")
      }
      return found
    }
  }

  /// Larger clusters are run with fewer seeds: each takes longer.
  private func measure(_ experiment: Experiment) throws -> [Measurement] {
    let queue = SeedQueue(seeds, most: max(1, SeedQueue(seeds).count / experiment.thinning))
    let samples = Mutex<[(seed: UInt64, sample: Sample)]>([])
    DispatchQueue.concurrentPerform(iterations: queue.jobs(most: jobs)) { job in
      while !Interruption.isWanted, let seed = queue.next() {
        CrashReport.begin(seed, job: job)
        let sample = experiment.run(seed)
        CrashReport.end(job: job)
        let done = samples.withLock {
          $0.append((seed, sample))
          return $0.count
        }
        Output.progress("\(experiment.name): \(done) of \(queue.count)")
      }
    }
    Output.progress("")
    let ordered = samples.withLock { $0.sorted { $0.seed < $1.seed } }
    for (_, sample) in ordered where showsEvents {
      for event in sample.events { Output.line(event) }
    }
    for (seed, sample) in ordered {
      guard let failure = sample.failure else { continue }
      throw Exit(status: .failed, words: "\(experiment.name), seed \(seed): \(failure)")
    }
    return experiment.bounds.map { bound in
      Measurement(
        bound: bound, samples: ordered.map { ($0.seed, $0.sample.values(of: bound.name)) })
    }
  }
}

/// All values of one quantity, and whether they are within their bounds.
struct Measurement {
  let bound: Bound
  private let sorted: [Double]
  /// The seed that gave the worst value.
  private let worstSeed: UInt64

  init(bound: Bound, samples: [(seed: UInt64, values: [Double])]) {
    self.bound = bound
    sorted = samples.flatMap(\.values).sorted()
    let isLess = { (a: (UInt64, Double), b: (UInt64, Double)) in a.1 < b.1 }
    let peaks = samples.compactMap { entry in entry.values.max().map { (entry.seed, $0) } }
    let floors = samples.compactMap { entry in entry.values.min().map { (entry.seed, $0) } }
    worstSeed =
      (bound.least == nil || bound.maximum != nil ? peaks.max(by: isLess) : floors.min(by: isLess))?
      .0 ?? 0
  }

  /// Without a value nothing was shown.
  var isWithinBounds: Bool {
    guard !sorted.isEmpty else { return false }
    let p99 = sorted.count < 100 ? nil : bound.p99
    return isAtMost(bound.median, percentile(50)) && isAtMost(p99, percentile(99))
      && isAtMost(bound.maximum, percentile(100)) && percentile(0) >= bound.least ?? -.infinity
      && percentile(50) >= bound.leastMedian ?? -.infinity
  }

  private func isAtMost(_ limit: Double?, _ value: Double) -> Bool {
    limit.map { value <= $0 } ?? true
  }

  private func percentile(_ percent: Int) -> Double {
    guard let last = sorted.last else { return .nan }
    let rank = (percent * sorted.count + 99) / 100
    return rank > sorted.count ? last : sorted[max(0, rank - 1)]
  }

  static let heading =
    text("experiment", 16) + text("measured", 34) + number("n", 7) + number("p50", 9)
    + number("p99", 9) + number("max", 9) + "  bounds"

  func line(of experiment: String) -> String {
    let verdict = isWithinBounds ? "ok" : "BROKEN"
    return Self.text(experiment, 16) + Self.text("\(bound.name), \(bound.unit)", 34)
      + Self.number("\(sorted.count)", 7)
      + [50, 99, 100].map { Self.number(Self.digits(percentile($0)), 9) }.joined()
      + "  \(bound.text) (seed \(worstSeed)) \(verdict)"
  }

  private static func text(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func number(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }

  /// Three digits after the point, where there are any.
  static func digits(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "-" }
    let thousandths = Int((value * 1_000).rounded())
    if thousandths % 1_000 == 0 { return "\(thousandths / 1_000)" }
    let fraction = String(thousandths % 1_000 + 1_000).dropFirst()
    return "\(thousandths / 1_000).\(fraction)"
  }
}
