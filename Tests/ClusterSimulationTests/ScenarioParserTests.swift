import ClusterCore
import Testing

@testable import ClusterSimulation

@Suite struct `A scenario's text` {
  private let head = "scenario s\nnodes 5\n"

  private func failure(_ text: String) -> ScenarioError? {
    do throws(ScenarioError) {
      _ = try Scenario(parsing: text)
      return nil
    } catch {
      return error
    }
  }

  @Test func `becomes the scenario that Swift would write`() throws {
    let scenario = try Scenario(
      parsing: """
        # a comment
        scenario netsplit-cart
        nodes 5
        resolver union
        link latency exp 20ms min 1ms loss 2% duplicate 1% reorder 5%
        workload put keys 16 rate 20/s until 70s
        at 10s partition 0 1 | 2 3 4
        every 5s from 20s until 30s isolate 2
        at 60s heal   # whole again
        expect within 20s converged leader 0
        expect sometimes conflict
        """)
    #expect(scenario.name == "netsplit-cart")
    #expect(scenario.nodes == 5)
    #expect(scenario.resolver.name == "union")
    #expect(scenario.link.loss == .percent(2))
    #expect(
      scenario.link.latency == .exponential(mean: .milliseconds(20), minimum: .milliseconds(1)))
    #expect(scenario.workload?.keys == 16)
    #expect(scenario.steps.map(\.time) == [10, 20, 25, 30, 60].map { $0 * 1_000_000_000 })
    #expect(scenario.eventualities.map(\.name) == ["converged leader 0"])
    #expect(scenario.possibilities.map(\.name) == ["conflict"])
    #expect(scenario.lastAction(seed: 0) == 70_000_000_000)
  }

  @Test(arguments: [
    "isolate 3", "bridge 0 1 | 2 | 3 4", "heal", "cut 0 -> 3", "cut 0 <-> 3", "mend 0 -> 3",
    "link 0 <-> 3 latency uniform 1ms 5ms", "link latency 3ms loss 5% corrupt 1%", "crash 3",
    "crash 3 silently", "restart 3", "restart 3 disk lost", "pause 2 for 3s", "duplicate 2",
    "skew 1 -10min",
    "skew 1 +500ms", "put k v at 0", "put \"a key\" \"a # value\" at 0", "delete k at 1",
    "fill big count 10 size 1000 at 2", "leave 4", "disconnect 2", "rejoin 2", "recovery manual",
    "recovery auto at 3", "join 2 at 0", "dismiss 2 halt at 0",
  ])
  func `knows every action`(_ action: String) throws {
    let error = failure(head + "at 1s " + action)
    #expect(error == nil)
  }

  @Test(arguments: [
    "converged", "leader 0", "leader 0 at 3", "equal k", "absent k", "value k v", "value k v at 1",
    "conflict", "lost 3", "ended 3", "converged leader 0 value k v",
  ])
  func `knows every condition`(_ condition: String) {
    for when in ["within 5s", "always", "sometimes"] {
      #expect(failure(head + "expect \(when) \(condition)") == nil)
    }
  }

  @Test func `never traps, whatever it is`() {
    let words = [
      "scenario", "nodes", "at", "5", "10s", "|", "0", "put", "\"", "expect", "within", "link",
      "latency", "exp", "99999999999999999999", "-", "%", "2%", "swarm", "every", "from", "until",
    ]
    var random = RandomStream.script.generator(5)
    for _ in 0..<3_000 {
      var text = random.chance(1, in: 2) ? head : ""
      for _ in 0..<random.below(12) {
        text += words[Int(random.below(UInt64(words.count)))]
        text += random.chance(1, in: 4) ? "\n" : " "
      }
      _ = failure(text)
    }
  }
}
