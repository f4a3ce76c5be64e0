import ClusterCore
import ClusterSimulation

/// The search for one seed with which a run without one rule fails, and with it passes.
struct FaultHunt {
  /// After so many seeds that tell nothing a scenario is given up.
  private static let mostUnsound = 5

  let fault: PlantedFault
  let job: Int
  private(set) var row: FaultRow
  /// The scenario without the rule, in which it was caught.
  private var scenario: Scenario?

  init(fault: PlantedFault, job: Int) {
    self.fault = fault
    self.job = job
    row = FaultRow(fault: fault)
  }

  /// Runs the scenarios one after another until a seed tells.
  mutating func run(in scenarios: [Scenario], seeds: Range<UInt64>) {
    for sound in scenarios {
      var planted = sound
      planted.plantedFaults.insert(fault)
      var runs = 0
      for seed in seeds where !Interruption.isWanted {
        CrashReport.begin(seed, job: job)
        defer { CrashReport.end(job: job) }
        runs += 1
        var run = Simulation(planted, seed: seed)
        guard let failure = run.finish() else { continue }
        var again = Simulation(sound, seed: seed)
        guard again.finish() == nil else {
          row.unsound.append("\(sound.name) seed \(seed)")
          if row.unsound.count >= Self.mostUnsound { break }
          continue
        }
        row.caught = FaultRow.Catch(
          scenario: sound.name, seed: seed, runs: runs, invariant: failure.invariant,
          detail: failure.detail)
        scenario = planted
        return
      }
    }
  }

  /// Makes the failure small.
  mutating func shrink() {
    guard let scenario, let caught = row.caught else { return }
    CrashReport.begin(caught.seed, job: job)
    defer { CrashReport.end(job: job) }
    let start = ProcessorTime.seconds
    guard var shrinker = Shrinker(scenario, seed: caught.seed, planted: fault) else { return }
    shrinker.run()
    let spent = Int((ProcessorTime.seconds - start) * 1_000)
    row.small = FaultRow.Small(
      actions: shrinker.remainingActions, members: shrinker.minimal.nodes, milliseconds: spent,
      original: shrinker.originalActions)
    guard !shrinker.isStubborn else { return }
    var minimal = shrinker.minimal
    minimal.name = fault.rawValue
    minimal.plantedFaults.remove(fault)
    row.file = """
      # \(FaultRules.section(fault)). Without the rule it breaks: \(shrinker.invariant).
      # \(shrinker.detail)

      """ + minimal.text
  }
}

/// What is known of one planted fault: a line of the table.
struct FaultRow: Sendable {
  /// How it was caught.
  struct Catch: Sendable {
    var scenario: String
    var seed: UInt64
    var runs: Int
    var invariant: String
    var detail: String
  }

  /// What was left after shrinking.
  struct Small: Sendable {
    var actions: Int
    var members: Int
    var milliseconds: Int
    var original: Int
  }

  let fault: PlantedFault
  var caught: Catch?
  var small: Small?
  /// Seeds that fail with the rule in place as well: of no use, and a finding of their own.
  var unsound: [String] = []
  /// The small run as a scenario.
  var file: String?

  init(fault: PlantedFault) { self.fault = fault }

  /// The whole table.
  static func table(_ rows: [FaultRow]) -> String {
    let head = [
      "rule", "design", "scenario", "seeds", "invariant", "actions", "left", "members", "ms",
    ]
    let lines = [head] + rows.map(\.cells)
    let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: "  ").trimmed
    }.joined(separator: "\n")
  }

  private var cells: [String] {
    var cells = [fault.rawValue, FaultRules.section(fault)]
    if let caught {
      cells += [caught.scenario, "\(caught.runs)", caught.invariant]
    } else if let test = FaultRules.writtenOut[fault] {
      cells += ["written out: \(test.test)", "-", "-"]
    } else {
      cells += ["NOT CAUGHT", "-", "-"]
    }
    guard let small else { return cells + ["-", "-", "-", "-"] }
    return cells
      + [small.original, small.actions, small.members, small.milliseconds].map(String.init)
  }
}
