import Testing

@testable import ClusterSimulation

@Suite struct `A nemesis` {
  private static let second: UInt64 = 1_000_000_000

  static let kinds: [(name: String, nemesis: Nemesis)] = [
    (
      "random",
      .random([.halves, .crash, .vanish, .restart, .oneWay], every: .seconds(1) ... .seconds(4))
    ),
    ("flip-flop", .flipFlop(.bridge, .heal, every: .seconds(2) ... .seconds(3))),
    ("swizzle", .swizzle(every: .seconds(2))),
    ("rolling", .rolling(every: .seconds(2))),
    (
      "mixed",
      .mixed([
        .flipFlop(.halves, .heal, every: .seconds(4) ... .seconds(8)),
        .random([.crash, .restart, .pause(.seconds(3))], every: .seconds(2) ... .seconds(9)),
      ])
    ),
    (
      "staggered",
      .staggered(
        [
          .swizzle(every: .seconds(2)),
          .random([.mute, .deaf, .ring], every: .seconds(1) ... .seconds(2)),
        ],
        by: .seconds(20))
    ),
  ]

  private func drawn(_ index: Int, _ seed: UInt64) -> [(time: UInt64, action: Action)] {
    Self.kinds[index].nemesis.actions(nodes: 5, seed: seed, link: Link())
  }

  @Test(arguments: kinds.indices)
  func `draws the same from the same seed`(_ index: Int) {
    for seed in 0..<20 as Range<UInt64> {
      let (first, second) = (drawn(index, seed), drawn(index, seed))
      #expect(first.map(\.time) == second.map(\.time))
      #expect(first.map(\.action) == second.map(\.action))
    }
  }

  @Test(arguments: kinds.indices.filter { kinds[$0].name != "rolling" })
  func `draws something else from another seed`(_ index: Int) {
    let first = drawn(index, 1)
    let second = drawn(index, 2)
    #expect(first.map(\.time) != second.map(\.time) || first.map(\.action) != second.map(\.action))
  }

  @Test(arguments: kinds.indices)
  func `keeps within its time, in order`(_ index: Int) {
    for seed in 0..<50 as Range<UInt64> {
      let times = drawn(index, seed).map(\.time)
      #expect(times.allSatisfy { (5 * Self.second...64 * Self.second).contains($0) })
      #expect(times == times.sorted())
      #expect(times.count > 5 && times.count < 2_000)
    }
  }

  @Test(arguments: kinds.indices)
  func `leaves a whole network and running members behind`(_ index: Int) {
    var scenario = Scenario(name: Self.kinds[index].name, nodes: 5)
    scenario.nemesis = Self.kinds[index].nemesis
    var world = World(scenario, seed: 1)
    while world.now <= world.lastAction, world.step() {}
    #expect(world.failure == nil)
    for a in 0..<5 { for b in 0..<5 { #expect(world.network.carries(a, b)) } }
    #expect(world.machines.count { $0.isUp } == 5)
  }

  @Test func `gives the network its weather back`() {
    var nemesis = Nemesis.random(
      [.weather(Link(loss: .percent(90)))], every: .seconds(1) ... .seconds(2))
    nemesis.until = .seconds(20)
    let link = Link(loss: .percent(1))
    let actions = nemesis.actions(nodes: 3, seed: 4, link: link)
    let last = actions.compactMap { if case .links(let link) = $0.action { link } else { nil } }
      .last
    #expect(last == link)
  }

  @Test func `in parts has a random stream for each`() {
    let part = Nemesis.random([.crash, .restart], every: .seconds(1) ... .seconds(9))
    let twice = Nemesis.mixed([part, part]).actions(nodes: 5, seed: 3, link: Link())
    let once = part.actions(nodes: 5, seed: 3, link: Link())
    let faults = once.filter { $0.time < 60 * Self.second }
    for fault in faults { #expect(twice.contains { $0.time == fault.time }) }
    #expect(twice.count > faults.count + 2)
  }

  @Test func `that is staggered begins its parts one after another`() {
    let part = Nemesis.flipFlop(.halves, .heal, every: .seconds(1) ... .seconds(1))
    let actions = Nemesis.staggered([part, part], by: .seconds(30))
      .actions(nodes: 4, seed: 0, link: Link())
    let before = actions.count { $0.time < 35 * Self.second }
    let after = actions.count { (36 * Self.second..<60 * Self.second).contains($0.time) }
    #expect(before == 29)
    #expect(after == 2 * 24)
  }
}
