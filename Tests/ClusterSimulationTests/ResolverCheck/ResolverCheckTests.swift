import ClusterCore
import ClusterSimulation
import Synchronization
import Testing

@Suite struct `The check of a resolver` {
  private static let union = ConflictResolver.merging(name: "union") { conflict in
    let values = conflict.candidates.compactMap(\.value)
    guard !values.isEmpty else { return .delete }
    var seen: [UInt8] = []
    for letter in values.joined().sorted() where !seen.contains(letter) { seen.append(letter) }
    return .value(seen)
  }

  @Test func `passes one that keeps all laws`() throws {
    let report = ResolverCheck(Self.union, samples: ["a", "b", "c", "ab", "abc"]).run()
    #expect(report.broken.map(\.description) == [])
    #expect(report.conflicts > 100)
    try report.requirePassed(ResolverLaw.allCases)
  }

  @Test func `names what the last writer loses, with the smallest pair`() throws {
    let report = ResolverCheck(.lastWriterWins).run()
    #expect(
      "\(report)".contains("\n  keeps total, ") && "\(report)".contains("\n  breaks keepsValues: "))
    #expect(report.broken.map(\.law) == [.keepsValues, .commutative])
    let lost = try #require(report.broken.first)
    #expect(lost.conflict.candidates.map(\.value) == [[], nil])
    #expect(throws: ResolverFailure.self) { try report.requirePassed() }
    try report.requirePassed([.total, .deterministic, .genuine, .idempotent, .associative])
  }

  @Test func `names one that throws, with the value that makes it`() throws {
    let picky = ConflictResolver.merging(name: "picky") { conflict in
      struct Refusal: Error {}
      if conflict.candidates.contains(where: { $0.string == "b" }) { throw Refusal() }
      return .keep(conflict.newest)
    }
    let report = ResolverCheck(picky).run()
    let broken = try #require(report.broken.first { $0.law == .total })
    #expect(broken.conflict.candidates.map(\.string).contains("b"))
    #expect(broken.conflict.candidates.compactMap(\.value).joined().count == 1)
    #expect(broken.description.contains("throws"))
  }

  @Test func `names one that counts its calls`() {
    #expect(ResolverCheck(Self.counting()).run().broken.first?.law == .deterministic)
  }

  /// A resolver whose answer depends on how often it was asked.
  private static func counting() -> ConflictResolver {
    final class Count: Sendable { let calls = Atomic<Int>(0) }
    let count = Count()
    return .merging(name: "counting") { _ in
      .value([UInt8(count.calls.wrappingAdd(1, ordering: .relaxed).oldValue & 0x7F)])
    }
  }

  @Test func `names one whose mind changes slowly`() throws {
    final class Count: Sendable { let calls = Atomic<Int>(0) }
    let count = Count()
    // Two equal questions in a row have one answer, nearly always; much later they have another.
    let fickle = ConflictResolver.merging(name: "fickle") { conflict in
      let calls = count.calls.wrappingAdd(1, ordering: .relaxed).oldValue
      return calls < 5_000 ? .keep(conflict.oldest) : .keep(conflict.newest)
    }
    let report = ResolverCheck(fickle).run()
    let broken = try #require(report.broken.first)
    #expect(broken.law == .deterministic)
    #expect(broken.answers.last?.hasPrefix("later") == true)
  }

  @Test func `names one that grows, one that makes things up and one that forgets the third`() {
    let joined = ConflictResolver.merging(name: "joined") { conflict in
      .value(Array(conflict.candidates.compactMap(\.value).joined()))
    }
    let grown = ResolverCheck(joined).run()
    #expect(grown.broken.map(\.law) == [.idempotent, .absorbing, .bounded, .commutative])
    let inventing = ConflictResolver.merging(name: "inventing") { conflict in
      var made = conflict.newest
      made.value = [0x21]
      return .keep(made)
    }
    #expect(ResolverCheck(inventing).run().broken.map(\.law).contains(.genuine))
    let two = ConflictResolver.merging(name: "two") { conflict in
      try Self.union.resolve(
        Conflict(key: conflict.key, candidates: Array(conflict.candidates.prefix(2))))
    }
    let lost = ResolverCheck(two).run().broken.first { $0.law == .keepsValues }
    #expect(lost?.conflict.candidates.count == 3)
  }
}
