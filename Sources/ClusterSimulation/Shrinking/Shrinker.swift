import ClusterCore

/// Makes a failing run small: takes away members, faults, writes, time and the network's bad habits,
/// as long as the same invariant still breaks.
///
/// The method is delta debugging (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing
/// Input", 2002) on the run's actions, and a list of simplifications beside it: each attempt is a whole
/// run, and what still fails is kept. The result is a scenario of its own, with its seed, that can be
/// written to a file. It is a local minimum, not the smallest of all.
///
/// A condition of the scenario that must come true speaks of what the scenario writes: a cart is not
/// wrong where nobody put anything into it. So the script's own writes and the resolver stay, and a run
/// that met conflicts has to meet some, where such a condition breaks.
///
/// What comes true only after the last fault is not due where the fault never ends: a smaller run
/// counts only if it leaves the cluster as well as the given one did, healed, unclogged and running.
///
/// ```swift
/// var shrinker = Shrinker(scenario, seed: 8123)
/// shrinker?.run()
/// print(shrinker?.minimal.text ?? "seed 8123 doesn't fail")
/// ```
public struct Shrinker: Sendable {
  /// How many events all attempts together may take when nothing else is said: some seconds. Code
  /// that wasn't optimised is slower by a factor of thirty, and gets less.
  public static var defaultBudget: UInt64 {
    #if DEBUG
    40_000
    #else
    2_000_000
    #endif
  }

  /// Which invariant the run breaks; every smaller one breaks the same.
  public let invariant: String
  /// How many events may be spent in all.
  public let budget: UInt64
  /// How many events were spent so far.
  public private(set) var spent: UInt64 = 0
  /// How many runs were tried so far.
  public private(set) var attempts = 0
  /// How many actions the run had before anything was taken away.
  public let originalActions: Int

  /// The smallest failing run so far.
  var run: WrittenRun
  /// How it fails.
  private(set) var violation: Violation
  /// How the given run left the cluster.
  private let aftermath: Aftermath
  /// Without which rule the run fails; with the rule in place it must pass.
  private let planted: PlantedFault?
  /// How many writes the script makes itself, and whether the given run met conflicts.
  private let scriptedWrites: Int
  private let meetsConflicts: Bool
  /// How many events it takes.
  private var length: UInt64 = 0

  /// Prepares to shrink the run of one seed; none when it doesn't fail.
  public init?(_ scenario: Scenario, seed: UInt64, budget: UInt64 = Self.defaultBudget) {
    self.init(scenario, seed: seed, budget: budget, planted: nil)
  }

  /// Prepares to shrink the run of one seed that fails without the rule `planted`, and passes with it;
  /// all smaller ones do so, too.
  package init?(
    _ scenario: Scenario, seed: UInt64, budget: UInt64 = Self.defaultBudget,
    planted: PlantedFault?
  ) {
    var original = World(scenario, seed: seed)
    while original.step() {}
    guard let broken = original.failure else { return nil }
    invariant = broken.invariant
    violation = broken
    aftermath = Aftermath(original)
    self.planted = planted
    self.budget = budget
    run = WrittenRun(scenario, seed: seed)
    originalActions = run.actions.count
    scriptedWrites = run.actions.count(where: \.isScriptedWrite)
    meetsConflicts = original.resolvers.calls > 0
    length = original.statistics.events
    keepConditions()
    // Written out, the run must fail as before. Liveness is due after the last action: where the run
    // broke before it, something harmless stands for the rest.
    var padded = run
    padded.actions.append(.init(time: original.lastAction, action: .heal))
    guard attempt(run) || attempt(padded) else {
      isStubborn = true
      return
    }
  }

  /// Whether the run fails only as it was given: a closure of the scenario draws or counts.
  public private(set) var isStubborn = false

  /// The smallest failing scenario so far. Its `seed` is the one with which it fails.
  public var minimal: Scenario {
    var scenario = run.scenario
    scenario.file = nil
    scenario.name = scenario.name + "-\(run.seed)"
    return scenario
  }

  /// What exactly is wrong in the smallest run so far.
  public var detail: String { violation.detail }

  /// How many actions are left.
  public var remainingActions: Int { run.actions.count }

  /// Shrinks until nothing more can be taken away, or the budget is spent.
  ///
  /// - Parameter progress: Called after each pass.
  public mutating func run(progress: (Shrinker) -> Void = { _ in }) {
    guard !isStubborn else { return }
    let passes: [(inout Shrinker) -> Void] = [
      { $0.calmNetwork() }, { $0.dropKinds() }, { $0.gatherWrites() }, { $0.dropActions() },
      { $0.removeMembers() }, { $0.dropActions() }, { $0.simplifyActions() },
      { $0.shortenTimes() }, { $0.roundTimes() }, { $0.simplifySettings() },
      // Where much is left, luck may have had a part in it: other seeds need less.
      { if $0.run.actions.count > 10 { $0.dropActions(seeds: 4) } },
    ]
    var before: WrittenRun
    repeat {
      before = run
      for pass in passes where spent < budget {
        pass(&self)
        progress(self)
      }
    } while spent < budget && (before.actions != run.actions || before.seed != run.seed)
  }

  /// Of `seeds` other seeds, with how many the minimal scenario fails in the same way: one that needs
  /// no luck is easier to work on.
  public func failingSeeds(of seeds: UInt64) -> Int {
    (0..<seeds).count { seed in
      var copy = self
      copy.spent = 0
      var other = run
      other.seed = seed
      return copy.attempt(other)
    }
  }

  /// Runs a smaller one; keeps it if it fails in the same way.
  mutating func attempt(_ smaller: WrittenRun) -> Bool {
    guard spent < budget else { return false }
    attempts += 1
    var world = World(smaller.scenario, seed: smaller.seed)
    let limit = max(4 * length, 20_000)
    while world.statistics.events < limit, world.step() {}
    spent += world.statistics.events
    guard let broken = world.failure, broken.invariant == invariant else { return false }
    guard !isDueLater || aftermath.admits(Aftermath(world)), isAbout(smaller, world),
      passesWithRule(smaller)
    else { return false }
    run = smaller
    violation = broken
    length = world.statistics.events
    return true
  }

  /// Whether the invariant is one that is due after the last fault only.
  private var isDueLater: Bool {
    invariant.hasPrefix("eventually: ") || invariant.hasPrefix("L")
  }

  /// Whether what breaks is a condition of the scenario that must come true. Where a rule is taken out,
  /// it is the run with the rule that keeps a smaller one to the matter.
  var keepsScript: Bool { planted == nil && invariant.hasPrefix("eventually: ") }

  /// Whether a smaller run still has what a condition that must come true speaks of.
  private func isAbout(_ smaller: WrittenRun, _ world: World) -> Bool {
    guard keepsScript else { return true }
    return smaller.actions.count(where: \.isScriptedWrite) == scriptedWrites
      && (world.resolvers.calls > 0 || !meetsConflicts)
  }

  /// Whether a run passes when the rule whose absence it shows is in place.
  private mutating func passesWithRule(_ smaller: WrittenRun) -> Bool {
    guard let planted else { return true }
    var scenario = smaller.scenario
    scenario.plantedFaults.remove(planted)
    var world = World(scenario, seed: smaller.seed)
    while world.step() {}
    spent += world.statistics.events
    return world.failure == nil
  }

  /// The conditions of the scenario that didn't break are none of the matter.
  private mutating func keepConditions() {
    run.settings.constants.removeAll { "always: \($0.name)" != invariant }
    run.settings.eventualities.removeAll { "eventually: \($0.name)" != invariant }
  }
}
