import ClusterCore
import Testing

@testable import ClusterSimulation

@Suite struct `A link` {
  @Test func `draws exponential delays of the wanted mean from integers`() {
    var random = RandomStream.link.generator(1)
    let latency = Latency.exponential(mean: .milliseconds(20), minimum: .milliseconds(5))
    var sum: UInt64 = 0
    for _ in 0..<20_000 {
      let delay = latency.draw(&random)
      #expect(delay >= 5_000_000)
      #expect(delay < 160_000_000)
      sum += delay
    }
    let mean = sum / 20_000
    #expect((19_500_000...20_500_000).contains(mean))
  }

  @Test func `draws nothing for a fault that is switched off`() {
    var random = RandomStream.link.generator(1)
    let before = random
    #expect(!Ratio.zero.happens(&random))
    #expect(random == before)
  }

  @Test func `keeps the order of datagrams that are not reordered`() {
    let link = Link(latency: .exponential(mean: .milliseconds(20)))
    var network = Network(count: 2, link: link, seed: 3)
    var last: UInt64 = 0
    for time in 0..<1_000 {
      let fate = network.fate(from: 0, to: 1, size: 10, at: UInt64(time) * 1_000_000)
      let arrival = fate.arrival ?? 0
      #expect(arrival >= last)
      last = arrival
    }
  }

  @Test func `draws from a stream of its own`() {
    let link = Link(latency: .exponential(mean: .milliseconds(20)))
    var busy = Network(count: 3, link: link, seed: 3)
    var idle = busy
    for _ in 0..<100 { _ = busy.fate(from: 0, to: 1, size: 10, at: 0) }
    let first = busy.fate(from: 1, to: 2, size: 10, at: 0)
    let second = idle.fate(from: 1, to: 2, size: 10, at: 0)
    #expect(first.arrival == second.arrival)
  }

  @Test func `finds the groups that reach each other both ways`() {
    var network = Network(count: 5, link: Link(), seed: 0)
    network.reachability { from, to in (from < 2) == (to < 2) }
    let groups = network.components(of: [0, 1, 2, 3, 4])
    #expect(groups.map(\.members) == [[0, 1], [2, 3, 4]])
    network.set(3, 2, open: false)
    let bridged = network.components(of: [2, 3, 4])
    #expect(bridged.map(\.members) == [[2, 3, 4]])
    #expect(bridged.map(\.isWhole) == [false])
  }
}

@Suite struct `A machine's clock` {
  @Test func `names the moment at which it will read an instant`() {
    for seed in 0..<200 as Range<UInt64> {
      var random = RandomStream.clock.generator(seed)
      let clock = MachineClock(&random)
      for time in [0, 1, 999_999, 5_000_000_123, 7_200_000_000_000] as [UInt64] {
        let wanted = clock.moment(at: time).instant + .milliseconds(350)
        let due = clock.time(of: wanted)
        #expect(clock.moment(at: due).instant >= wanted)
        #expect(due < time + 350_300_000)
      }
    }
  }
}
