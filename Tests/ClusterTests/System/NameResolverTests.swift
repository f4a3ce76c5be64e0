import ClusterCore
import Synchronization
import Testing

@testable import Cluster

struct NameResolverTests {
  @Test func `a numeric host is answered at once`() {
    let answers = Answers()
    NameResolver().resolve(HostAndPort(host: "::1", port: 5), answers.add)
    #expect(answers.all.map(\.addresses) == [[Address(family: .v6, high: 0, low: 1, port: 5)]])
  }

  @Test func `localhost has a loopback address, each once`() async throws {
    let answers = Answers()
    NameResolver().resolve(HostAndPort(host: "localhost", port: 7_946), answers.add)
    await eventually("it is answered") { answers.all.count == 1 }
    let answer = try #require(answers.all.first)
    #expect(answer.failure == nil)
    #expect(answer.addresses.contains { $0.isLoopback && $0.port == 7_946 })
    #expect(Set(answer.addresses).count == answer.addresses.count)
  }

  @Test func `a name that doesn't exist gives an empty answer and a text for the log`() async throws
  {
    let answers = Answers()
    // A label of 64 letters is refused before anything is sent.
    let name = String(repeating: "x", count: 64)
    NameResolver().resolve(HostAndPort(host: name, port: 1), answers.add)
    await eventually("it is answered") { answers.all.count == 1 }
    let answer = try #require(answers.all.first)
    #expect(answer.addresses.isEmpty)
    #expect(answer.failure?.hasPrefix("resolve \(name): ") == true)
  }

  @Test func `no more names than allowed are asked for at once, and each once`() async throws {
    let desk = Desk()
    let mayAnswer = Flag()
    defer { mayAnswer.raise() }
    let resolver = NameResolver(concurrency: 3) { name in
      desk.enter(name)
      mayAnswer.wait()
      desk.leave()
      return .init(addresses: [.loopback(port: name.port)], failure: nil)
    }
    let answers = Answers()
    for number in 0..<20 {
      resolver.resolve(HostAndPort(host: "app-\(number % 10)", port: 1), answers.add)
    }
    await eventually("three ask") { desk.state.withLock { $0.inside } == 3 }
    mayAnswer.raise()
    await eventually("all are answered") { answers.all.count == 20 }
    #expect(desk.state.withLock { $0.most } == 3)
    #expect(desk.state.withLock { $0.names }.count == 10)
    resolver.resolve(HostAndPort(host: "app-0", port: 1), answers.add)
    await eventually("a later question is a new one") { answers.all.count == 21 }
    #expect(desk.state.withLock { $0.names }.count == 11)
  }

  /// Collects answers.
  private final class Answers: Sendable {
    private let state = Mutex<[NameResolver.Answer]>([])
    var all: [NameResolver.Answer] { state.withLock { $0 } }
    var add: NameResolver.Completion { { answer in self.state.withLock { $0.append(answer) } } }
  }

  /// Counts who asks at once.
  private final class Desk: Sendable {
    struct State {
      var inside = 0
      var most = 0
      var names: [HostAndPort] = []
    }
    let state = Mutex(State())

    func enter(_ name: HostAndPort) {
      state.withLock { state in
        state.inside += 1
        state.most = max(state.most, state.inside)
        state.names.append(name)
      }
    }

    func leave() { state.withLock { $0.inside -= 1 } }
  }
}
