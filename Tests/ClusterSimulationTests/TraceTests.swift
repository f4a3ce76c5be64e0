import ClusterCore
import FoundationEssentials
import Testing

@testable import ClusterSimulation

@Suite struct `A trace` {
  private static let scenario: Scenario = {
    var scenario = Scenario(name: "halves", nodes: 3)
    scenario.at(.seconds(4)) { $0.partition([0], [1, 2]) }
    scenario.at(.seconds(9)) { $0.put("k", "a < b", at: 0) }
    scenario.at(.seconds(9)) { $0.put("k", "b", at: 1) }
    scenario.at(.seconds(12)) { $0.heal() }
    return scenario
  }()
  private static let trace = Trace(scenario, seed: 3)

  @Test func `is read as it is written`() throws {
    let text = Self.trace.lines.joined(separator: "\n") + "\n"
    #expect(try Trace(parsing: text) == Self.trace)
    #expect(Self.trace.lines.first?.hasPrefix("# trace 1 scenario=halves nodes=3 seed=3") == true)
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test(arguments: [
    ("", 1), ("# trace 9 scenario=s", 1),
    ("# trace 1 scenario=s nodes=3 seed=3 scenario-hash=0 wire=1\nnonsense", 2),
    ("# trace 1 scenario=s nodes=3 seed=3 scenario-hash=0 wire=1\n0.5 1 0 0 woken", 2),
  ])
  func `that is none is refused with its line`(_ text: String, _ line: Int) {
    #expect { try Trace(parsing: text) } throws: { ($0 as? ScenarioError)?.line == line }
  }

  @Test func `has a cause before each event that has one`() {
    #expect(Self.trace.events.map(\.number) == Array(1...UInt64(Self.trace.events.count)))
    #expect(Self.trace.events.allSatisfy { $0.cause < $0.number })
    for event in Self.trace.events where event.kind == .datagram {
      let sent = Self.trace.event(event.cause)
      #expect(sent?.kind == .sent)
      #expect(sent?.fields.hasPrefix("to=\(event.node ?? -1) ") == true)
    }
  }

  @Test func `explains a leader by the members and faults behind it`() throws {
    let leader = try #require(
      Self.trace.events.first {
        $0.kind == .leader && $0.node == 2 && $0.fields.hasPrefix("1 confirmed")
      })
    let explanation = try #require(Self.trace.why(leader.number, depth: 5))
    #expect(explanation.chain.first == leader)
    #expect(explanation.chain.count == 5 && explanation.omitted > 0)
    #expect(explanation.actions.map(\.fields) == ["partition 0 | 1 2"])
    #expect(explanation.network?.fields.hasPrefix("0 | 1 2") == true)
    #expect(explanation.beliefs.contains { $0.fields.hasPrefix("0 suspect -> dead") })
    #expect(Self.trace.why(1_000_000) == nil)
  }

  @Test func `parts from another one at the first event that differs`() throws {
    #expect(Trace.firstDifference(Self.trace, Self.trace) == nil)
    var other = Self.trace
    let old = other.events[40]
    other.events[40] = TraceEvent(
      nanoseconds: old.nanoseconds, number: old.number, node: old.node, cause: old.cause,
      kind: old.kind, fields: "else")
    let difference = try #require(Trace.firstDifference(Self.trace, other))
    #expect(difference.position == 41)
    #expect(difference.common == Array(Self.trace.events[37..<40]))
    #expect(difference.right.hasSuffix("else"))
    other.events.removeLast(other.events.count - 40)
    #expect(Trace.firstDifference(Self.trace, other)?.position == 41)
    let elsewhere = Trace(Self.scenario, seed: 4)
    #expect(Trace.firstDifference(Self.trace, elsewhere)?.position == 0)
  }

  @Test(arguments: [
    ("book,pen", "book,pen"), ("a b", "0x612062"), ("v@1", "0x764031"), ("0x61", "\"0x61\""),
    ("", "0x"),
  ])
  func `a value stands there as in a scenario, where it is a word`(value: String, shown: String) {
    var scenario = Scenario(nodes: 1)
    scenario.at(.seconds(4)) { $0.put("k", value, at: 0) }
    let written = Trace(scenario, seed: 1).events.first { $0.kind == .wrote }
    #expect(written?.fields == "put k \(shown)")
  }
}

@Suite struct `The picture of a run` {
  @Test func `carries its trace, needs nothing beside it and can't be broken out of`() throws {
    var scenario = Scenario(name: "a < b", nodes: 2)
    scenario.at(.seconds(4)) { $0.put("</script>\\", "v", at: 0) }
    let trace = Trace(scenario, seed: 1)
    let page = trace.html
    #expect(page.hasPrefix("<!doctype html>"))
    #expect(page.contains("scenario=\"a \\x3c b\" nodes=2 seed=1"))
    #expect(page.components(separatedBy: "</script>").count == 3)
    #expect(page.contains("wrote put \\x3c/script>\\\\ v"))
    #expect(page.contains("default-src 'none'"))
    #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("src="))
    #expect(page.contains("hash=\(Simulation.hexadecimal(try #require(trace.hash)))"))
  }
}
