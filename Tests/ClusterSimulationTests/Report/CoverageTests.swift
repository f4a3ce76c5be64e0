import Testing

@testable import ClusterSimulation

@Suite struct `The table of what was met` {
  private func network(_ nodes: Int, _ actions: [Action]) -> Network {
    var network = Network(count: nodes + Scenario.guests, link: Link(), seed: 0)
    for action in actions {
      switch action {
      case .heal: network.reachability { _, _ in true }
      case .cut(let from, let to): network.set(from, to, open: false)
      case .partition(let groups):
        network.reachability { a, b in
          (groups.firstIndex { $0.contains(a) } ?? groups.count)
            == (groups.firstIndex { $0.contains(b) } ?? groups.count)
        }
      default: Issue.record("\(action) is no cut")
      }
    }
    return network
  }

  static let shapes: [(Coverage.Shape, [Action])] = [
    (.whole, [.heal]),
    (.halves, PartitionShape.halves([0, 1, 2, 3, 4])),
    (.leaderAlone, PartitionShape.alone([0, 1, 2, 3, 4])),
    (.oneAlone, PartitionShape.alone([3, 0, 1, 2, 4])),
    (.manySides, PartitionShape.threeWay([0, 1, 2, 3, 4])),
    (.allAlone, PartitionShape.singletons([0, 1, 2, 3, 4])),
    (.bridge, PartitionShape.bridge([0, 1, 2, 3, 4])),
    (.ring, PartitionShape.ring([0, 1, 2, 3, 4])),
    (.oneWay, PartitionShape.oneWay([2, 1, 0, 3, 4])),
    (.mute, PartitionShape.mute([2, 0, 1, 3, 4])),
    (.deaf, PartitionShape.deaf([2, 0, 1, 3, 4])),
    (.partial, [.cut(from: 0, to: 1), .cut(from: 1, to: 0)]),
  ]

  @Test(arguments: shapes.indices)
  func `names each shape of the network`(_ index: Int) {
    let (shape, actions) = Self.shapes[index]
    #expect(network(5, actions).shape(among: 5) == shape)
  }

  @Test func `has a shape for each cut that can be asked for`() {
    #expect(Self.shapes.map(\.0) == Coverage.Shape.allCases)
  }

  @Test func `has ninety-six cells, of which three cannot be`() {
    #expect(Coverage.Shape.allCases.count * Coverage.Moment.allCases.count == 96)
    #expect(Coverage.possible == 93)
    #expect(Coverage().reached == 0)
  }

  @Test func `adds up`() {
    var (first, second) = (Coverage(), Coverage())
    first.note(.probe, under: .whole)
    second.note(.probe, under: .whole)
    second.note(.death, under: .ring)
    first.add(second)
    #expect(first[.whole, .probe] == 2 && first[.ring, .death] == 1 && first.reached == 2)
    #expect("\(first)".contains("2 of 93 cells"))
    first.note(.merge, under: .allAlone)
    #expect(first.reached == 2, "what needs luck isn't asked for")
  }

  @Test func `is filled by the run of a scenario`() throws {
    var scenario = Scenario(nodes: 3)
    scenario.at(.seconds(4)) { $0.isolate(0) }
    scenario.at(.seconds(5)) { $0.put("k", "v", at: 1) }
    scenario.at(.seconds(9)) { $0.heal() }
    let coverage = try Simulation(scenario).run(seeds: 0..<2).statistics.coverage
    #expect(coverage[.whole, .probe] > 0 && coverage[.leaderAlone, .merge] > 0)
    #expect(coverage[.leaderAlone, .death] > 0 && coverage[.leaderAlone, .leaderChange] > 0)
    #expect(coverage[.mute, .probe] == 0 && coverage[.halves, .probe] == 0)
  }
}
