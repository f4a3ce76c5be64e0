import Testing

@testable import ClusterCore

@Suite struct RegisterTableTests {
  private func register(_ number: UInt64) -> Register {
    Register(
      Version(
        dot: Dot(actor: Actor(ordinal: 0, boot: 1), sequence: number), time: number, expires: 0,
        value: [1]))
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `a table holds what a dictionary and a sorted array hold`(seed: UInt64) throws {
    var generator = Generator(seed: seed)
    var table = RegisterTable(seed: seed)
    var model: [Key: Register] = [:]
    for step in 1...UInt64(2_500) {
      let key = try Key("\(generator.below(seed < 3 ? 40 : 3_000))")
      if let slot = table.slot(key) {
        #expect(table[slot]?.register == model[key])
        guard generator.chance(1, in: 2) else { continue }
        table.remove(slot)
        model[key] = nil
        #expect(table[slot] == nil)
      } else {
        #expect(model[key] == nil)
        let slot = table.insert(key, register(step))
        model[key] = register(step)
        #expect(table[slot]?.key == key)
      }
      #expect(table.count == model.count)
    }
    let keys = model.keys.sorted()
    #expect(table.slots(from: []).map { table[$0]?.key } == keys)
    for start in ["", "1", "25", "29999", "3", "a"] {
      let expected = keys.filter { !$0.bytes.lexicographicallyPrecedes(Array(start.utf8)) }
      #expect(table.slots(from: Array(start.utf8)).map { table[$0]?.key } == expected)
    }
    for (key, register) in model {
      let slot = try #require(table.slot(key))
      #expect(table[slot]?.register == register)
      #expect(table.slot(utf8: key.text.utf8) == slot)
      guard case .value(let value) = table.find(utf8: key.text.utf8) else {
        Issue.record("\(key.text) is a plain version")
        continue
      }
      #expect(value == register.plainValue)
    }
    #expect(table.slot(utf8: "none".utf8) == nil)
  }

  @Test func `thousands of keys keep their order through inserts and removals`() throws {
    var table = RegisterTable(seed: 9)
    var numbers = Array(0..<2_000)
    var generator = Generator(seed: 9)
    generator.randomness.shuffle(&numbers)
    for number in numbers { _ = table.insert(try Key("k\(number + 10_000)"), register(1)) }
    for number in numbers where number % 3 != 0 {
      table.remove(try #require(table.slot(try Key("k\(number + 10_000)"))))
    }
    let expected = (0..<2_000).filter { $0 % 3 == 0 }.map { "k\($0 + 10_000)" }
    #expect(table.slots(from: []).map { table[$0]?.key.text } == expected)
    for number in 0..<2_000 where number % 3 == 0 {
      table.remove(try #require(table.slot(try Key("k\(number + 10_000)"))))
    }
    #expect(Array(table.slots(from: [])) == [])
    #expect(table.count == 0)
    _ = table.insert(try Key("again"), register(1))
    #expect(table.slots(from: []).map { table[$0]?.key.text } == ["again"])
  }

  @Test func `a freed slot is used again and others keep their number`() throws {
    var table = RegisterTable(seed: 1)
    let a = table.insert(try Key("a"), register(1))
    let b = table.insert(try Key("b"), register(2))
    table.remove(a)
    #expect(table.slot(try Key("a")) == nil)
    let c = table.insert(try Key("c"), register(3))
    #expect(c == a)
    #expect(table.slot(try Key("b")) == b)
    #expect(table.slots == 3)
    #expect(table[c]?.isExposed == false && table[c]?.isQueued == false)
    #expect(table[99] == nil)
  }

  @Test func `keys are told apart byte by byte`() throws {
    var table = RegisterTable(seed: 1)
    _ = table.insert(try Key("\u{E9}"), register(1))
    #expect(table.slot(try Key("e\u{301}")) == nil)
    #expect(table.slot(try Key("\u{E9}")) != nil)
  }
}
