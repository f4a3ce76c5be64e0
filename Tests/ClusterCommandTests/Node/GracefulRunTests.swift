import Synchronization
import Testing

@testable import ClusterCommand

/// A member that runs until it is asked to leave, and remembers that it was.
private final class FakeMember: Sendable {
  private let (gate, opener) = AsyncStream.makeStream(of: Void.self)
  private let asked = Atomic<Int>(0)

  var timesAsked: Int { asked.load(ordering: .relaxed) }

  var member: LocalMember {
    LocalMember(
      run: { [gate] in for await _ in gate { return } },
      shutdown: { [self] in
        asked.add(1, ordering: .relaxed)
        opener.yield()
      })
  }
}

@Suite struct GracefulRunTests {
  @Test func `a signal makes every member leave, and the run ends well`() async throws {
    let members = [FakeMember(), FakeMember()]
    let (signals, sender) = AsyncStream.makeStream(of: Int32.self)
    sender.yield(15)
    try await GracefulRun.run(members.map(\.member), until: signals)
    #expect(members.map(\.timesAsked) == [1, 1])
  }

  @Test func `members that end by themselves end the run`() async throws {
    let (signals, _) = AsyncStream.makeStream(of: Int32.self)
    try await GracefulRun.run([LocalMember(run: {}, shutdown: {})], until: signals)
  }

  @Test func `one that fails makes the others leave, and its reason is told`() async {
    let other = FakeMember()
    let failing = LocalMember(
      run: { throw LocalMember.Failure.superseded }, shutdown: {})
    let (signals, _) = AsyncStream.makeStream(of: Int32.self)
    await #expect(throws: LocalMember.Failure.superseded) {
      try await GracefulRun.run([other.member, failing], until: signals)
    }
    #expect(other.timesAsked == 1)
  }

  @Test func `a second signal doesn't wait for anybody`() async throws {
    let (signals, sender) = AsyncStream.makeStream(of: Int32.self)
    let (gate, opener) = AsyncStream.makeStream(of: Void.self)
    let stubborn = LocalMember(run: { for await _ in gate { return } }, shutdown: {})
    let code = Atomic<Int32>(0)
    sender.yield(2)
    sender.yield(15)
    try await GracefulRun.run([stubborn], until: signals) { signal in
      code.store(signal, ordering: .relaxed)
      opener.yield()
    }
    #expect(code.load(ordering: .relaxed) == 15)
  }
}
