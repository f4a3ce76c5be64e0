@testable import Cluster
import Synchronization
import Testing

@Suite struct ResolverTests {
  struct Cart: Codable, Sendable, Equatable {
    var total: Int
    var owner = ""
  }

  private static func conflict(_ values: [String?]) -> Conflict {
    Conflict(
      key: "k",
      candidates: values.enumerated().map { index, value in
        Candidate(
          value: value.map { Array($0.utf8) },
          stamp: Stamp(time: UInt64(index + 1), ordinal: index),
          origin: Origin(ordinal: index, boot: 1))
      })
  }

  private func read(_ resolver: ConflictResolver, _ values: [String?]) throws -> String? {
    switch try resolver.resolve(Self.conflict(values)) {
    case .keep(let candidate): candidate.string
    case .value(let bytes): String(decoding: bytes, as: UTF8.self)
    case .delete: nil
    }
  }

  @Test func `ready-made resolvers read what they say`() throws {
    #expect(try read(.lastWriterWins, ["a", "b"]) == "b")
    #expect(try read(.firstWriterWins, ["a", "b"]) == "a")
    #expect(try read(.valueWins, ["a", "b", nil]) == "b")
    #expect(try read(.deleteWins, ["a", nil, "b"]) == nil)
    #expect(try read(.largestNumber, ["7", "41", nil, "-3"]) == "41")
    #expect(try read(.smallestNumber, ["7", "41", nil, "-3"]) == "-3")
    #expect(throws: ConflictResolver.NotANumber.self) { try read(.largestNumber, ["7", "x"]) }
    #expect(try read(.union(separator: ","), ["b,a", "c,a", nil]) == "a,b,c")
    #expect(try read(.union(separator: ","), [nil, nil]) == nil)
    #expect(try read(.union(separator: "→"), ["a→b", "c"]) == "a→b→c")
    #expect(try read(.union(of: Int.self), ["[3,1]", "[2,1]"]) == "[1,2,3]")
    let (small, large) = (#"{"owner":"a","total":1}"#, #"{"owner":"b","total":9}"#)
    #expect(try read(.largest(by: \Cart.total), [large, small, nil]) == large)
    #expect(try read(.smallest(by: \Cart.total), [large, small]) == small)
    #expect(throws: (any Error).self) { try read(.largest(by: \Cart.total), [large, "?"]) }
    let sum = ConflictResolver.merging(Cart.self, name: "sum") { conflict in
      .value(Cart(total: conflict.values.reduce(0) { $0 + $1.total }))
    }
    #expect(try read(sum, [small, large, nil]) == #"{"owner":"","total":10}"#)
    #expect(sum.name == "sum")
  }

  @Test func `the longest prefix decides, at any depth`() throws {
    let inner = ConflictResolver.byPrefix(["k": .firstWriterWins, "": .deleteWins])
    let outer = ConflictResolver.byPrefix(["": inner, "x/": .valueWins])
    #expect(try read(outer, ["a", "b"]) == "a")
    #expect(outer.deciding("x/1").name == "valueWins")
    #expect(outer.deciding("y").name == "deleteWins")
    #expect(ConflictResolver.byPrefix([:]).deciding("y").name == "lastWriterWins")
  }

  private struct Refusal: Error {}

  private func views(_ resolver: ConflictResolver) -> (ResolvedViews, Lines) {
    let lines = Lines()
    var configuration = Cluster.Configuration(name: "app-0", peers: ["127.0.0.1:1"])
    configuration.logHandler = { _, message, metadata in
      lines.all.withLock { $0.append("\(message) \(metadata["key"] ?? "")") }
    }
    return (ResolvedViews(resolver: resolver, logger: Logger(configuration)), lines)
  }

  private final class Lines: Sendable {
    let all = Mutex<[String]>([])
  }

  @Test func `one that throws leaves the last writer's value, an event and a count`() throws {
    let (views, _) = views(
      .byPrefix(["k": .merging(name: "bad") { _ in throw Refusal() }]))
    var events: [ClusterEvent] = []
    let candidates = Self.conflict(["a", "b"]).candidates
    for _ in 0..<2 {
      let read = views.value(try Key("k"), candidates) { events.append($0) }
      #expect(read == Array("b".utf8))
    }
    guard case .resolverFailed("k", _)? = events.first, events.count == 1 else {
      Issue.record("told once: \(events)")
      return
    }
    #expect(views.counts.map(\.name) == ["bad"])
    #expect(views.counts[0].counts == ResolvedViews.Counts(calls: 1, failures: 1))
  }

  @Test func `a count calls no closure, and knows what was read`() throws {
    let calls = Mutex(0)
    let closure = ConflictResolver.merging(name: "counted") { conflict in
      calls.withLock { $0 += 1 }
      return conflict.key == "gone" ? .delete : .value([7])
    }
    let (views, _) = views(.byPrefix(["": closure, "last/": .lastWriterWins]))
    func hasValue(_ key: String, _ values: [String?]) throws -> Bool {
      views.hasValue(try Key(key), Self.conflict(values).candidates)
    }
    for key in ["gone", "kept"] { #expect(try hasValue(key, ["a", nil, "b"])) }
    #expect(try !hasValue("kept", [nil, nil]))
    #expect(calls.withLock { $0 } == 0)
    for key in ["gone", "kept"] {
      _ = views.value(try Key(key), Self.conflict(["a", nil, "b"]).candidates) { _ in }
      #expect(try hasValue(key, ["a", nil, "b"]) == (key == "kept"))
    }
    #expect(calls.withLock { $0 } == 2)
    // What goes by stamps alone is known beforehand.
    #expect(try !hasValue("last/k", ["a", nil]))
    #expect(try hasValue("last/k", [nil, "a"]))
    for (resolver, isThere) in [
      (ConflictResolver.firstWriterWins, false), (.valueWins, true), (.deleteWins, false),
    ] {
      let candidates = Self.conflict([nil, "a"]).candidates
      #expect(self.views(resolver).0.hasValue(try Key("k"), candidates) == isThere)
    }
  }

  /// The call is stopped in the middle: what the log says meanwhile was said by the loop's look at it.
  @Test func `a call that doesn't return is reported while it runs, once`() throws {
    let reporter = Mutex<(@Sendable () -> Void)?>(nil)
    let (views, lines) = views(
      .merging(name: "slow") { conflict in
        for _ in 0..<3 { reporter.withLock { $0 }?() }
        return .keep(conflict.newest)
      })
    reporter.withLock {
      $0 = { views.reportSlow(at: Clock.instant() + .milliseconds(101)) }
    }
    _ = views.value(try Key("k"), Self.conflict(["a", "b"]).candidates) { _ in }
    #expect(lines.all.withLock { $0 } == ["the resolver takes long k"])
    reporter.withLock { $0 = nil }
  }

  @Test func `a resolver may read and resolve other keys while it is asked`() throws {
    let reading = Mutex<(@Sendable () -> [UInt8]?)?>(nil)
    let (views, _) = views(
      .merging(name: "nested") { conflict in
        guard conflict.key == "k", let read = reading.withLock({ $0 }) else {
          return .keep(conflict.oldest)
        }
        return .value(read() ?? [])
      })
    let candidates = Self.conflict(["a", "b"]).candidates
    let other = try Key("other")
    reading.withLock { $0 = { views.value(other, candidates) { _ in } } }
    #expect(views.value(try Key("k"), candidates) { _ in } == Array("a".utf8))
    reading.withLock { $0 = nil }
  }
}
