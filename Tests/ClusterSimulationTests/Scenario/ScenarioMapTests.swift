import FoundationEssentials
import Testing

@testable import ClusterSimulation

/// The situations that a partition-tolerant cluster must come through, and the scenarios that are about
/// them.
@Suite struct `The scenarios` {
  static let situations: [(what: String, scenarios: [String])] = [
    ("calm", ["calm", "calm-alone", "calm-three", "calm-twenty-five"]),
    ("a split shorter than a suspicion", ["short-split"]),
    ("a split longer than a suspicion", ["halves"]),
    ("a split longer than anything is remembered", ["long-partition"]),
    ("the leader isolated", ["isolate-leader"]),
    ("the highest ordinal isolated", ["isolate-highest"]),
    ("everyone isolated", ["total-isolation"]),
    ("three sides, healed pairwise", ["three-way-split"]),
    ("two members, split and split one way", ["two-members"]),
    ("a bridge", ["bridge"]),
    ("rings of majorities", ["ring", "ring-of-seven"]),
    ("one direction of one link cut", ["one-way-link", "one-way"]),
    ("a deaf member and a mute one", ["deaf-member", "mute-leader"]),
    ("a flapping cut", ["flapping"]),
    ("swizzle-clogging", ["swizzle"]),
    ("a rolling partition", ["rolling-partition"]),
    ("a heal of one link", ["partial-heal"]),
    ("nested and crossed splits", ["nested-splits"]),
    ("a crash during a split, restarted elsewhere", ["crash-during-split", "moved-pod"]),
    ("a restart quicker than a suspicion", ["quick-restart"]),
    ("two processes that claim one ordinal", ["duplicate-ordinal"]),
    ("concurrent writes, merged in any order", ["concurrent-writes", "order-of-merges"]),
    ("a delete against an update", ["delete-vs-update"]),
    ("clocks ten minutes apart", ["skewed-clocks"]),
    ("clocks that jump", ["clocks-that-go-wrong"]),
    ("a paused leader", ["paused-leader"]),
    ("loss, duplicates and disorder", ["heavy-loss", "loss"]),
    ("corruption", ["corruption"]),
    ("a storm of merges", ["merge-storm"]),
    ("a join while split", ["join-while-split"]),
    ("a leave while split", ["leave-while-split"]),
    ("a rolling restart while split", ["rolling-restart-while-split"]),
    ("far sites", ["far-sites"]),
    ("born split", ["born-split"]),
    // What is wrong with a resolver is told by `ResolverCheck`; that it harms no cluster, by these.
    ("wrong resolvers", ["order-of-merges", "swarm"]),
    ("mixed versions of the protocol", ["mixed-versions"]),
  ]

  @Test func `are thirty-six situations`() { #expect(Self.situations.count == 36) }

  @Test(arguments: situations.indices)
  func `are there and say what they are about`(_ index: Int) throws {
    for name in Self.situations[index].scenarios {
      let text = try ScenarioFileTests.text(name)
      #expect(text.hasPrefix("# "))
      #expect(try Scenario(parsing: text).name == name)
    }
  }
}
