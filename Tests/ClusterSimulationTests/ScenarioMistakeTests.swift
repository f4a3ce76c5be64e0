import Testing

@testable import ClusterSimulation

@Suite struct `A mistake in a scenario` {
  /// A line behind `scenario s` and `nodes 5`, a caret below the place of the mistake, and what is said
  /// of it, or how that begins.
  struct Mistake: CustomTestStringConvertible, Sendable {
    var excerpt: String
    var message: String

    init(_ excerpt: String, _ message: String) {
      self.excerpt = excerpt
      self.message = message
    }

    var line: String { String(excerpt.prefix { $0 != "\n" }) }
    var testDescription: String { line }
  }

  @Test(arguments: beginnings + moments + actions + settings + conditions)
  func `is shown where it stands, with what belongs there`(_ mistake: Mistake) throws {
    let error = try #require(throws: ScenarioError.self) {
      try Scenario(parsing: "scenario s\nnodes 5\n\(mistake.line)\n")
    }
    let shown = error.excerpt.split(separator: "\n").map { $0.dropFirst(4) }
    #expect(shown.joined(separator: "\n") == mistake.excerpt)
    #expect(error.message.hasPrefix(mistake.message), "\(error.message)")
    #expect(error.line == 3)
  }

  private static let beginnings = [
    Mistake("nodes 3\n^", "found 'nodes', expected no second 'nodes': the first one is in line 2"),
    Mistake(
      "heal at 60s\n^", "found 'heal', expected a moment before an action, like 'at 10s heal'"),
    Mistake("At 10s heal\n^", "found 'At', expected a statement (did you mean 'at'?): 'resolver',"),
    Mistake("seed -1\n     ^", "found '-1', expected a seed, a number from 0 to"),
  ]

  private static let moments = [
    Mistake(
      "at 10 heal\n   ^",
      "found '10', expected when, a number and a unit (ns, us, ms, s, min, h), like 10s"),
    Mistake(
      "at 10sec heal\n   ^",
      "found '10sec', expected when, a number and a unit (ns, us, ms, s, min, h), like 10s"),
    Mistake(
      "every 5s until 40s from 10s isolate 2\n         ^",
      "found 'until', expected 'from' and when first, like 'every 5s from 10s until 40s heal'"),
    Mistake(
      "every 5s from 40s until 10s isolate 2\n                        ^",
      "found '10s', expected a time that isn't before the first"),
    Mistake(
      "every 1ns from 0s until 1h heal\n                        ^",
      "found '1h', expected an end after at most 100000 times"),
  ]

  private static let actions = [
    Mistake(
      "at 10s partiton 0 1 | 2 3\n       ^",
      "found 'partiton', expected an action (did you mean 'partition'?):"),
    Mistake("at 10s  heel\n        ^", "found 'heel', expected an action (did you mean 'heal'?):"),
    Mistake("at 10s kill 3\n       ^", "found 'kill', expected an action: 'partition', 'isolate',"),
    Mistake(
      "at 10s partition 0 1 2 3 4\n                          ^",
      "found end of line, expected '|' and another side, where all stand on one, like 'partitio"),
    Mistake(
      "at 10s partition 0 1 | 1 2\n                       ^",
      "found '1', expected a member that stands in no group yet"),
    Mistake(
      "at 10s partition 0,1 | 2,3,4\n                 ^",
      "found '0,1', expected members from 0 to 4, with blanks between them"),
    Mistake(
      "at 10s crash\n            ^",
      "found end of line, expected a member, a number from 0 to 4"),
    Mistake("at 10s crash 5\n             ^", "found '5', expected a member, a number from 0 to 4"),
    Mistake(
      "at 10s crash node-3\n             ^",
      "found 'node-3', expected a member, a number from 0 to 4"),
    Mistake(
      "at 10s pause 3 5s\n               ^",
      "found '5s', expected 'for' and how long, like 'for 5s'"),
    Mistake(
      "at 10s put cart book\n                    ^",
      "found end of line, expected 'at' and the member (a text with blanks stands in double quo"),
    Mistake(
      "at 10s put cart a book at 0\n                  ^",
      "found 'book', expected 'at' and the member (a text with blanks stands in double quotes)"),
    Mistake(
      "at 10s put cart \"a book at 0\n                            ^",
      "found end of line, expected a closing \""),
    Mistake("at 10s cut 2 2\n             ^", "found '2', expected '->' or '<->'"),
    Mistake("at 10s cut 2 -> 2\n                ^", "found '2', expected another member than 2"),
    Mistake(
      "at 10s bridge 0 1 | 2 3\n                       ^",
      "found end of line, expected three groups: LEFT | BRIDGE | RIGHT"),
    Mistake(
      "at 10s restart 3 keeping disk\n                 ^",
      "found 'keeping', expected the end of the line"),
    Mistake(
      "at 10s skew 1 10min ahead\n                    ^",
      "found 'ahead', expected the end of the line"),
    Mistake(
      "at 10s drift 1 500\n               ^",
      "found '500', expected by how much, from -100000ppm to +100000ppm, like +500ppm"),
    Mistake(
      "\tat 10s\tput \"schlüssel größe\" x at 9\n\t      \t                           ^",
      "found '9', expected a member, a number from 0 to 4"),
    Mistake("at 1.5s heal 3\n             ^", "found '3', expected the end of the line"),
  ]

  private static let settings = [
    Mistake(
      "resolver cart\n         ^",
      "found 'cart', expected a resolver that has a name: 'lww', 'max', 'union' or 'concat'"),
    Mistake(
      "link latency 20\n             ^",
      "found '20', expected the latency, a number and a unit (ns, us, ms, s, min, h), like 10s"),
    Mistake(
      "link latency exponential 20ms\n             ^",
      "found 'exponential', expected a time like 20ms, 'exp' and the mean, or 'uniform' and two"),
    Mistake(
      "link loss 2%\n     ^",
      "found 'loss', expected 'latency' first, like 'latency 20ms loss 2%'"),
    Mistake(
      "link latency 1ms loss 2\n                      ^",
      "found '2', expected a share from 0% to 100%, like 2%, 0.5% or 1/64"),
    Mistake(
      "link latency 1ms loss 0.02\n                      ^",
      "found '0.02', expected a share from 0% to 100%, like 2%, 0.5% or 1/64"),
    Mistake(
      "link latency 1ms loss 100.5%\n                      ^",
      "found '100.5%', expected a share from 0% to 100%, like 2%, 0.5% or 1/64"),
    Mistake(
      "link latency uniform 9ms 1ms\n                         ^",
      "found '1ms', expected a time that isn't shorter than the first"),
    Mistake(
      "link 0 -> 3 latency 80ms\n       ^",
      "found '->', expected '<->' between the two members"),
    Mistake(
      "workload keys 16 rate 20/s until 70s\n         ^",
      "found 'keys', expected 'put' first, like 'workload put keys 16 rate 20/s until 70s'"),
    Mistake(
      "workload put keys 16 rate 20 until 70s\n                          ^",
      "found '20', expected how many writes a second, like 20/s"),
    Mistake(
      "workload put keys 16 rate 20/s\n                              ^",
      "found end of line, expected 'until' and when the last write comes"),
    Mistake(
      "nemesis random crash restart every 3s until 60s\n                                   ^",
      "found '3s', expected the shortest and the longest gap, like 4s..8s"),
    Mistake(
      "nemesis random crash restart every 9s..3s until 60s\n                                   ^",
      "found '9s..3s', expected the shortest and the longest gap, like 4s..8s"),
    Mistake(
      "nemesis random crashes every 3s..9s until 60s\n               ^",
      "found 'crashes', expected a fault (did you mean 'crash'?):"),
  ]

  private static let conditions = [
    Mistake(
      "expect converged within 20s\n       ^",
      "found 'converged', expected when it must hold, like 'within 20s':"),
    Mistake(
      "expect within 20 converged\n              ^",
      "found '20', expected how soon, a number and a unit (ns, us, ms, s, min, h), like 10s"),
    Mistake("expect within 20s\n                 ^", "found end of line, expected a condition:"),
    Mistake(
      "expect within 20s converge\n                  ^",
      "found 'converge', expected a condition (did you mean 'converged'?):"),
    Mistake(
      "expect within 20s leader = 0\n                         ^",
      "found '=', expected a member, a number from 0 to 4"),
    Mistake(
      "expect within 20s value cart\n                            ^",
      "found end of line, expected a value"),
    Mistake(
      "expect within 20s converged, leader 0\n                  ^",
      "found 'converged,', expected a condition (did you mean 'converged'?):"),
    Mistake(
      "expect eventually converged\n       ^",
      "found 'eventually', expected when it must hold, like 'within 20s':"),
  ]

  @Test func `before all else is shown, too`() {
    func said(_ text: String) -> String? {
      do throws(ScenarioError) {
        _ = try Scenario(parsing: text)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(
      said("nodes 5\n") == """
        line 1, column 1: found 'nodes', expected 'scenario NAME' before all else
            nodes 5
            ^
        """)
    #expect(
      said("\u{FEFF}scenario my test\n") == """
        line 1, column 13: found 'test', expected the end of the line (a name with blanks stands in \
        double quotes)
            scenario my test
                        ^
        """)
    let long = String(repeating: "k", count: 600)
    #expect(
      said("scenario s\nnodes 1\nat 1s put \(long) v at 0")?.hasPrefix(
        """
        line 3, column 11: found '\(long.prefix(40))...', expected a key of 1 to 512 bytes
            at 1s put kkkk
        """) == true)
    #expect(said("") == "line 1, column 1: found end of file, expected 'scenario NAME'")
    #expect(said("scenario s\r\nnodes 0\r\n")?.hasSuffix("    nodes 0\n          ^") == true)
  }

  @Test(arguments: [
    ("1.5s", 1_500), ("0.25min", 15_000), ("10s", 10_000), ("1h", 3_600_000), ("0s", 0),
  ])
  func `is not in a time with a fraction`(_ text: String, _ milliseconds: Int64) {
    #expect(LineScanner.nanoseconds(text[...]) == milliseconds * 1_000_000)
  }

  @Test(arguments: [
    "1.s", ".5s", "1.0000000s", "1,5s", "1.5", "s", "1e3s", "0.5ns", "99999999h", "-1s",
  ])
  func `is in a time that is none`(_ text: String) {
    #expect(LineScanner.nanoseconds(text[...]) == nil)
  }
}
