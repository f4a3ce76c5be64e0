import ClusterSimulation
import Testing

@testable import simulate

@Suite struct `A call of simulate` {
  private func call(_ verb: Verb, _ words: String...) throws -> Call { try Call(verb, words[...]) }

  private func usage(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch let exit as Exit {
      return exit.status == .usage ? exit.words : nil
    } catch {
      return nil
    }
  }

  @Test func `takes words and options in any order`() throws {
    let call = try call(.run, "--seeds", "10", "a", "--jobs=2", "b", "--json")
    #expect(call.words == ["a", "b"])
    #expect(try call.seeds() == 0..<10)
    #expect(try call.jobs() == 2)
    #expect(call.has("--json") && !call.has("--no-shrink"))
  }

  @Test(
    arguments: [("100", 0..<100), ("5..<9", 5..<9), ("0..<1", 0..<1)] as [(String, Range<UInt64>)])
  func `names seeds by a count or a range`(_ text: String, _ seeds: Range<UInt64>) throws {
    #expect(try call(.run, "f", "--seeds", text).seeds() == seeds)
  }

  @Test(arguments: ["", "0", "-1", "9..<5", "5..<5", "5...9", "a", "99999999999999999999"])
  func `with seeds that are none is refused`(_ text: String) {
    #expect(usage { _ = try call(.run, "f", "--seeds", text).seeds() }?.contains("'A..<B'") == true)
  }

  @Test func `uses the seed that the file names`() throws {
    let scenario = try Scenario(parsing: "scenario s\nnodes 1\nseed 7\n")
    #expect(try call(.run, "f").seeds(of: scenario) == 7..<8)
    #expect(try call(.replay, "f").seed(of: scenario) == 7)
    #expect(try call(.replay, "f", "--seed", "9").seed(of: scenario) == 9)
    #expect(try call(.run, "f").seeds(of: Scenario(nodes: 1)) == 0..<100)
  }

  @Test func `writes a trace where a word follows, and prints it where none does`() throws {
    #expect(try call(.replay, "f", "--trace", "out").value("--trace") == "out")
    #expect(try call(.replay, "f", "--trace", "--seed", "3").value("--trace") == nil)
    let before = try call(.replay, "--trace", "f")
    #expect(before.words == ["f"] && before.has("--trace") && before.value("--trace") == nil)
  }

  @Test func `that is wrong says what is right`() {
    #expect(usage { _ = try call(.run) }?.contains("needs FILE") == true)
    #expect(usage { _ = try call(.run, "f", "--frob") }?.contains("no option --frob") == true)
    #expect(usage { _ = try call(.run, "f", "--jobs") }?.contains("--jobs needs N") == true)
    #expect(usage { _ = try call(.run, "f", "--jobs", "0").jobs() }?.contains("1 to") == true)
    #expect(usage { _ = try call(.verify, "f") } != nil)
    #expect(usage { _ = try call(.run, "f", "--json=1") }?.contains("no value") == true)
    #expect(usage { _ = try call(.replay, "f", "--seed", "x").seed(of: Scenario(nodes: 1)) } != nil)
  }

  @Test(
    arguments: [
      ("12.3s", 12_300_000_000), ("800ms", 800_000_000), ("2min", 120_000_000_000),
      ("1.5", 1_500_000_000),
      ("7ns", 7), ("0.000000001s", 1),
    ] as [(String, UInt64)])
  func `reads moments`(_ text: String, _ nanoseconds: UInt64) {
    #expect(Moments.nanoseconds(text) == nanoseconds)
  }

  @Test(arguments: ["", "s", "-1s", "1.2.3s", "1h", "99999999999s", "1.0000000001s", "x"])
  func `reads no moment where there is none`(_ text: String) {
    #expect(Moments.nanoseconds(text) == nil)
  }
}

@Suite struct `The manual` {
  @Test func `names every verb and every option`() {
    for verb in Verb.all {
      #expect(Help.manual.contains("    \(verb.name) \(verb.words)"))
      let page = Help.page(verb)
      for option in verb.options { #expect(page.contains("    \(option.name)"), "\(verb.name)") }
      #expect(Help.synopsis(verb).hasPrefix("usage: simulate \(verb.name)"))
    }
    for status in ["0   ", "1   ", "2   ", "3   ", "130 "] { #expect(Help.manual.contains(status)) }
  }

  @Test func `fits a terminal`() {
    for text in [Help.manual] + Verb.all.map(Help.page) {
      for line in text.split(separator: "\n") { #expect(line.count <= 110, "\(line)") }
    }
  }

  @Test func `shows a scenario that can be run`() throws {
    let lines = Help.manual.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix("    scenario ") })
    let text = lines[start...].prefix { $0.hasPrefix("    ") }.joined(separator: "\n")
    #expect(try Scenario(parsing: text).name == "netsplit-cart")
  }
}
