import ClusterCore

/// What broke, in which run, and how to see it again.
public struct Failure: Sendable {
  /// The scenario that was run.
  public let scenario: Scenario
  /// The run's seed.
  public let seed: UInt64
  /// Which invariant or condition broke.
  public let invariant: String
  /// What exactly was wrong.
  public let detail: String
  /// When, counted from the start of the run.
  public let time: Duration
  /// On which member, if it was one.
  public let node: Int?
  /// A scenario that breaks the same invariant with its own `seed`: the smallest that was found, where
  /// `isShrunk`, else the one that was run. A sweep shrinks the first failure of each of its first
  /// three broken invariants; `shrunk(budget:)` does it for any.
  public internal(set) var minimal: Scenario
  /// Whether `minimal` was made smaller.
  public internal(set) var isShrunk = false

  init(_ scenario: Scenario, seed: UInt64, _ broken: Violation) {
    self.scenario = scenario
    self.seed = seed
    invariant = broken.invariant
    detail = broken.detail
    time = Span64(nanoseconds: broken.time).duration
    node = broken.node
    minimal = scenario
    minimal.seed = seed
  }

  /// The command that replays the run, to be pasted into a shell, for scenarios that were read from a
  /// file; else the call.
  public var command: String {
    guard let file = scenario.file else { return "Simulation(scenario).replay(seed: \(seed))" }
    return "swift run -c release simulate replay \(Self.shellWord(file)) --seed \(seed) --trace"
  }

  /// A text as one word of a shell: in quotes unless nothing in it means anything to one.
  private static func shellWord(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "-"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    if isPlain { return text }
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "'\\''") + "'"
  }

  /// The same failure with its scenario made as small as the budget allows.
  ///
  /// - Parameter budget: How many events all runs together may take.
  /// - Complexity: Some hundred runs, each at most four times as long as the failing one.
  public func shrunk(budget: UInt64 = Shrinker.defaultBudget) -> Failure {
    guard !isShrunk, var shrinker = Shrinker(scenario, seed: seed, budget: budget) else {
      return self
    }
    shrinker.run()
    guard !shrinker.isStubborn else { return self }
    var failure = self
    failure.minimal = shrinker.minimal
    failure.isShrunk = true
    return failure
  }
}

extension Failure: CustomStringConvertible {
  /// What broke, where, the command that replays it, and the shrunk scenario.
  public var description: String {
    // What came true in no run happened at no moment, and no run shows it.
    if invariant.hasPrefix("sometimes: ") { return "\(scenario.name): \(invariant): \(detail)" }
    let place = node.map { " on member \($0)" } ?? ""
    let head =
      "\(scenario.name), seed \(seed): \(invariant) broke after "
      + "\(TraceWords.time(Span64(time).nanoseconds)) s\(place): \(detail)\n  replay: \(command)"
    guard isShrunk else { return head }
    let lines = minimal.text.split(separator: "\n").map { "    \($0)" }
    return head + "\n  shrunk to:\n" + lines.joined(separator: "\n")
  }
}
