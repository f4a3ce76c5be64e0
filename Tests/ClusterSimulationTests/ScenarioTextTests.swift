import ClusterCore
import FoundationEssentials
import Testing

@testable import ClusterSimulation

@Suite struct `A scenario written as text` {
  private func again(_ text: String) throws -> String { try Scenario(parsing: text).text }

  @Test(arguments: [
    "isolate 3", "bridge 0 1 | 2 | 3 4", "partition 0 1 | 2 | 3 4", "heal", "cut 0 <-> 3",
    "mend 0 -> 3", "link 0 <-> 3 latency uniform 1ms 5ms",
    "link latency exp 3ms min 150us loss 5% duplicate 1/64 reorder 2% corrupt 1% bandwidth 1000",
    "crash 3", "crash 3 silently", "restart 3", "pause 2 for 1500ms", "duplicate 2",
    "skew 1 -10min", "skew 1 +500ms", "put k v at 0", "put \"a key\" \"a # value\" at 0",
    "put \" \" 0x00ff22 at 1", "put \"0x00\" 0x at 1", "delete k at 1",
    "fill big count 10 size 1000 at 2", "leave 4", "disconnect 2", "rejoin 2", "recovery manual",
    "recovery auto at 3", "join 2 at 0", "dismiss 2 halt at 0", "dismiss 2 disconnect at 0",
  ])
  func `says every action as it is read`(_ action: String) throws {
    let head = "scenario s\nnodes 5\nresolver union\nseed 7\nwithout mergeByStamp\nabsent 1\n"
    let first = try Scenario(parsing: head + "at 1500001us " + action)
    let second = try Scenario(parsing: first.text)
    #expect(second.text == first.text)
    #expect(first.steps.flatMap(\.actions) == second.steps.flatMap(\.actions))
    #expect(second.steps.first?.time == 1_500_001_000)
    #expect(second.seed == 7 && second.plantedFaults == [.mergeByStamp] && second.absent == [1])
  }

  @Test(arguments: ScenarioFileTests.names)
  func `runs as its file does`(_ name: String) throws {
    let scenario = try ScenarioFileTests.read(name)
    let copy = try Scenario(parsing: scenario.text)
    #expect(copy.text == scenario.text)
    var (first, second) = (Simulation(scenario, seed: 5), Simulation(copy, seed: 5))
    first.run(until: .seconds(12))
    second.run(until: .seconds(12))
    #expect(first.hash == second.hash)
  }

  @Test func `says as a comment what only Swift can say`() throws {
    let mine = ConflictResolver.merging(name: "mine") { _ in .delete }
    var scenario = Scenario(name: "cart", nodes: 3, resolver: mine)
    scenario.at(.seconds(1)) { $0.heal() }
    scenario.always("a thing") { _ in true }
    #expect(scenario.text.contains("# resolver mine: a closure, given in Swift"))
    #expect(scenario.text.contains("# at 1s a closure, given in Swift"))
    #expect(scenario.text.contains("# expect always a thing: a closure"))
    #expect(try Scenario(parsing: scenario.text).steps.isEmpty)
  }
}

extension Scenario.Step {
  /// What is done, where that is data.
  var actions: [Action] {
    if case .actions(let actions) = body { actions } else { [] }
  }
}
