import Cluster
import ClusterCore
import Glibc
import Synchronization
import Testing

struct StreamServerTests {
  @Test func `what is sent comes back, on many connections at once`() async throws {
    let server = try TestServer()
    let clients = try (0..<20).map { _ in try RawClient(port: server.port) }
    for (number, client) in clients.enumerated() { client.send("hello \(number % 10)") }
    for (number, client) in clients.enumerated() {
      #expect(client.receiveText(7) == "hello \(number % 10)")
    }
    #expect(server.counters == StreamServerCounters(accepted: 20, refused: 0, open: 20))
  }

  @Test func `a finished machine's output is sent before the connection is closed`() async throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("large!")
    client.send(String(repeating: "more that nobody reads", count: 1_000))
    #expect(client.receive(TestMachine.largeSize + 1).count == TestMachine.largeSize)
    await eventually("it is closed") { server.counters.open == 0 && server.closed.count == 1 }
  }

  @Test func `a peer that has ended its input still gets its answer`() async throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("hello")
    client.endOutput()
    #expect(client.receiveText(100) == "helloinput closed")
    #expect(client.isEnded())
  }

  @Test func `connections above the cap are told so and closed, and others go on`() async throws {
    var limits = StreamServerLimits()
    limits.connections = 2
    limits.refusal = Array("full".utf8)
    let server = try TestServer(limits: limits)
    let first = try RawClient(port: server.port)
    let second = try RawClient(port: server.port)
    await eventually("both are accepted") { server.counters.open == 2 }
    for _ in 0..<10 {
      let third = try RawClient(port: server.port)
      third.send("a request that nobody reads")
      #expect(third.receiveText(100) == "full")
    }
    #expect(server.counters == StreamServerCounters(accepted: 2, refused: 10, open: 2))
    first.send("quit!")
    #expect(first.isEnded())
    second.send("hello")
    #expect(second.receiveText(5) == "hello")
    await eventually("there is room again") { server.counters.open == 1 }
    let fourth = try RawClient(port: server.port)
    fourth.send("hello")
    #expect(fourth.receiveText(5) == "hello")
  }

  @Test func `one address has no more connections than it may`() async throws {
    var limits = StreamServerLimits()
    limits.connectionsPerAddress = 1
    let server = try TestServer(limits: limits)
    let first = try RawClient(port: server.port)
    first.send("hello")
    #expect(first.receiveText(5) == "hello")
    #expect(try RawClient(port: server.port).isEnded())
    #expect(server.counters.refused == 1)
  }

  @Test func `a deadline is told, and a machine that ignores it is ended`() async throws {
    let server = try TestServer()
    let polite = try RawClient(port: server.port)
    polite.send("timer!")
    #expect(polite.receiveText(100) == "timed out")
    let stuck = try RawClient(port: server.port)
    stuck.send("stuck!")
    #expect(stuck.isEnded())
  }

  @Test func `a machine that wants no input gets none until it does`() async throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("pause!")
    await eventually("it pauses") { server.received == 6 }
    client.send("hello")
    // Another connection's answer shows that the loop has turned since.
    let other = try RawClient(port: server.port)
    other.send("hi")
    #expect(other.receiveText(2) == "hi")
    #expect(server.received == 8)
    server.post { machine, _ in machine.wantsInput = true }
    #expect(client.receiveText(5) == "hello")
  }

  @Test func `a reset is noticed while no input is wanted`() async throws {
    let server = try TestServer()
    do {
      let client = try RawClient(port: server.port)
      client.send("pause!")
      await eventually("it pauses") { server.received == 6 }
      client.reset()
    }
    await eventually("it is closed") { server.counters.open == 0 }
  }

  @Test func `what is posted reaches the machine, and a gone connection's is dropped`() async throws
  {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("hello")
    #expect(client.receiveText(5) == "hello")
    server.post { machine, _ in machine.output += Array("posted".utf8) }
    #expect(client.receiveText(6) == "posted")
    client.send("quit!")
    #expect(client.isEnded())
    await eventually("it is closed") { server.counters.open == 0 }
    #expect(server.post { machine, _ in machine.output += [1] })
  }

  @Test func `a peer that reads nothing costs a bounded amount and ends in time`() async throws {
    var limits = StreamServerLimits()
    limits.unsentBytes = 64 << 10
    limits.stallTimeout = .milliseconds(100)
    let server = try TestServer(limits: limits)
    let slow = try RawClient(port: server.port, receiveBuffer: 4_096)
    slow.send("endless!")
    let other = try RawClient(port: server.port)
    other.send("hello")
    #expect(other.receiveText(5) == "hello")
    await eventually("it is closed") { server.counters.open == 1 }
  }

  @Test func `stopping lets machines finish and refuses newcomers`() async throws {
    let server = try TestServer()
    let idle = try RawClient(port: server.port)
    let busy = try RawClient(port: server.port)
    busy.send("wait!")
    await eventually("it is busy") { server.received == 5 && server.counters.open == 2 }
    server.stop(drainingFor: .seconds(10))
    #expect(idle.receiveText(100) == "input closed")
    #expect(throws: SystemError("connect", code: ECONNREFUSED)) {
      _ = try RawClient(port: server.port)
    }
    #expect(server.counters.open == 1)
    server.post { machine, _ in
      machine.output += Array("done".utf8)
      machine.isFinished = true
    }
    #expect(busy.receiveText(100) == "done")
    server.join()
    #expect(server.counters.open == 0)
  }

  @Test func `stopping ends at its deadline`() async throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("wait!")
    await eventually("it is busy") { server.received == 5 }
    server.stop(drainingFor: .milliseconds(20))
    server.join()
    #expect(client.isEnded())
  }
}

/// Sends back what it gets, and knows some words.
struct TestMachine: ByteStreamMachine {
  static let largeSize = 3 << 20

  let received: @Sendable (Int) -> Void
  var output: [UInt8] = []
  var deadline = Instant.distantFuture
  var wantsInput = true
  var isFinished = false
  private var isEndless = false
  private var finishesOnClose = true

  init(received: @escaping @Sendable (Int) -> Void) { self.received = received }

  mutating func received(_ bytes: [UInt8], at now: Instant) {
    received(bytes.count)
    let text = String(decoding: bytes, as: UTF8.self)
    if text.hasPrefix("quit!") {
      isFinished = true
    } else if text.hasPrefix("large!") {
      output += [UInt8](repeating: 1, count: Self.largeSize)
      isFinished = true
      wantsInput = false
    } else if text.hasPrefix("timer!") {
      deadline = now + .milliseconds(10)
    } else if text.hasPrefix("stuck!") {
      deadline = now
      finishesOnClose = false
    } else if text.hasPrefix("pause!") {
      wantsInput = false
    } else if text.hasPrefix("endless!") {
      isEndless = true
    } else if text.hasPrefix("wait!") {
      finishesOnClose = false
    } else {
      output += bytes
    }
  }

  mutating func inputClosed(at now: Instant) {
    guard finishesOnClose else { return }
    output += Array("input closed".utf8)
    isFinished = true
  }

  mutating func timedOut(at now: Instant) {
    guard finishesOnClose else { return }
    deadline = .distantFuture
    output += Array("timed out".utf8)
    isFinished = true
  }

  mutating func takeOutput() -> [UInt8] {
    if isEndless { return [UInt8](repeating: 2, count: 16 << 10) }
    defer { output = [] }
    return output
  }
}

/// A server of such machines on its own thread.
final class TestServer: Sendable {
  private let server: StreamServer<TestMachine>
  private let notes: Notes
  private let thread: LoopThread

  init(limits: StreamServerLimits = StreamServerLimits()) throws {
    let notes = Notes()
    self.notes = notes
    let server = try StreamServer<TestMachine>(
      bind: [.loopback(port: 0)], limits: limits,
      makeMachine: { id, _ in
        notes.state.withLock { $0.opened.append(id) }
        return TestMachine { count in notes.state.withLock { $0.received += count } }
      },
      closed: { id in notes.state.withLock { $0.closed.append(id) } })
    self.server = server
    thread = try LoopThread(name: "test-server") { server.run() }
  }

  deinit {
    server.stop()
    thread.join()
  }

  var port: UInt16 { server.port }
  var counters: StreamServerCounters { server.counters }
  var received: Int { notes.state.withLock { $0.received } }
  var closed: [ConnectionID] { notes.state.withLock { $0.closed } }

  /// Posts to every connection that there ever was.
  @discardableResult
  func post(_ body: @escaping @Sendable (inout TestMachine, Instant) -> Void) -> Bool {
    notes.state.withLock { $0.opened }.allSatisfy { server.post(to: $0, body) }
  }

  func stop(drainingFor span: Span64) { server.stop(drainingFor: span) }

  func join() { thread.join() }

  private final class Notes: Sendable {
    struct State {
      var opened: [ConnectionID] = []
      var closed: [ConnectionID] = []
      var received = 0
    }
    let state = Mutex(State())
  }
}
