import Cluster
import ClusterCore
import Glibc
import Testing

struct DescriptorShortageTests {
  // In a process of its own, because a shortage would be everybody's.
  @Test
  func `without descriptors both loops wait, without spinning, and go on when there are some`()
    async
  {
    await #expect(processExitsWith: .success) {
      var limit = rlimit(rlim_cur: 128, rlim_max: 128)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      let server = try StreamServer<TestMachine>(bind: [.loopback(port: 0)]) { _, _ in
        TestMachine { _ in }
      }
      let transport = try Transport(bind: [.loopback(port: 0)])
      // Several, because something else in the process may give a descriptor back meanwhile.
      let ports = [server.port, transport.port]
      let clients = try (0..<16).map { try RawClient(port: ports[$0 % 2]) }
      var fillers: [Int32] = []
      while case let filler = dup(0), filler >= 0 { fillers.append(filler) }

      _ = try LoopThread(name: "server") { server.run() }
      _ = try LoopThread(name: "transport") { transport.run(DeafHandler()) }
      let before = Self.processorTime()
      try #require(clients.allSatisfy { !$0.hears(within: 20) }, "nobody is served")
      try #require(Self.processorTime() - before < 0.1)

      for filler in fillers { close(filler) }
      func isOver() -> Bool { server.counters.open >= 8 && transport.counters.streamsAccepted >= 8 }
      await eventually("all are served", isOver)
      try #require(isOver())
      withExtendedLifetime(clients) {}
    }
  }

  /// How many seconds of a processor this process has used.
  private static func processorTime() -> Double {
    var used = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
    return Double(used.tv_sec) + Double(used.tv_nsec) / 1e9
  }
}

/// Does nothing about anything.
private final class DeafHandler: TransportHandler {
  func handle(_ inputs: [Input], at now: Moment, into effects: inout [Effect]) {}
  func perform(_ effects: [Effect]) {}
  var nextWake: Instant { .distantFuture }
}
