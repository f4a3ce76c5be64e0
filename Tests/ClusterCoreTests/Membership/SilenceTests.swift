import Testing

@testable import ClusterCore

/// Long silences: whose they are, and that they end.
@Suite struct SilenceTests {
  private func at(_ seconds: Double) -> Instant {
    Instant(nanoseconds: UInt64(seconds * 1_000_000_000))
  }

  /// Whether something that is heard ends a silence, after questions.
  private func end(_ silence: inout Silence, _ seconds: Double, asked: [Double] = []) -> Bool {
    for moment in asked { silence.ask(at: at(moment)) }
    return silence.end(at: at(seconds))
  }

  @Test func `to hear nothing is no silence while nobody was asked`() {
    var silence = Silence()
    // Twenty seconds without a question, and then one that is answered at once.
    let ends = [end(&silence, 1), end(&silence, 21), end(&silence, 40.1, asked: [40])]
    #expect(ends == [false, false, false])
    #expect(!silence.covers(at(30)))
  }

  @Test func `a silence begins with the first question that stays without an answer`() {
    var silence = Silence()
    let ends = [end(&silence, 1), end(&silence, 15, asked: [10, 14])]
    #expect(ends == [false, true])
    let listens = [15.2, 15.5].map { silence.isListening(at: at($0)) }
    #expect(listens == [true, false])
    #expect(silence.listensUntil == nil, "a moment that is over isn't waited for")
  }

  @Test func `a member that stood still is silent for no time`() {
    var silence = Silence()
    _ = end(&silence, 1)
    silence.ask(at: at(2))
    silence.forgive(at: at(20))
    let isSilence = end(&silence, 20.1)
    #expect(!isSilence)
  }

  @Test func `a member whose time of listening ends while it is unheard doesn't wake without end`()
  {
    var world = World.settled(3)
    world.partition([0], [1, 2])
    world.run(seconds: 12)
    world.heal()
    #expect(world.run(seconds: 5) { $0.nodes[0].silence.listensUntil != nil })
    world.partition([0], [1, 2])
    world.letters = []
    world.nodes[0].stall.note(.seconds(2), at: Instant(nanoseconds: world.now))
    world.now += 500_000_000
    world.give(.woken, to: 0)
    #expect(world.nodes[0].stall.isUnheard)
    #expect(world.nodes[0].nextWake.nanoseconds > world.now)
  }

  @Test func `two that both moved find each other by name when others vouch for them`() {
    var world = World.settled(3)
    world.endStreams()
    for ordinal in [0, 1] { world.nodes[ordinal].peers[1 - ordinal].address = World.address(40) }
    #expect(
      world.run(seconds: 10) { world in
        [0, 1].allSatisfy {
          world.nodes[$0].peers[1 - $0].address == World.address(1 - $0)
        }
      })
  }
}
