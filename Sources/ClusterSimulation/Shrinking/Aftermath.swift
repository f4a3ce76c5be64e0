import ClusterCore

/// In which state a run leaves the cluster when nothing more is done to it.
///
/// Cut off for ever, no cluster converges: a run that shows only that shows nothing.
struct Aftermath: Sendable {
  /// How many directions between members are cut or clogged.
  private var closed = 0
  /// How many members don't run, or are separated.
  private var missing = 0
  /// Whether recovery is manual.
  private var isManual: Bool
  /// How many of a million datagrams are lost or damaged on the worst link.
  private var harm: UInt64 = 0

  /// Looks at a run that has ended.
  init(_ world: World) {
    isManual = world.liveness.recovery == .manual
    for node in 0..<world.scenario.nodes {
      let machine = world.machines[node]
      if !machine.isUp || machine.isSeparated { missing += 1 }
      for other in 0..<world.scenario.nodes where other != node {
        if !world.network.reaches(node, other) || world.network.isClogged(node, other) {
          closed += 1
        }
        let link = world.network.link(node, other)
        harm = max(harm, Self.perMillion(link.loss) + Self.perMillion(link.corrupt))
      }
    }
  }

  /// Whether another run leaves the cluster in no worse a state.
  func admits(_ other: Aftermath) -> Bool {
    (closed > 0 || other.closed == 0) && (missing > 0 || other.missing == 0)
      && (isManual || !other.isManual) && other.harm <= harm
  }

  private static func perMillion(_ ratio: Ratio) -> UInt64 {
    ratio.denominator.dividingFullWidth(ratio.numerator.multipliedFullWidth(by: 1_000_000)).quotient
  }
}
