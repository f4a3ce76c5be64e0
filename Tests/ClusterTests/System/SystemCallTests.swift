import Cluster
import ClusterCore
import Glibc
import Testing

struct SystemCallTests {
  @Test func `an interrupted call is made again`() {
    var calls = 0
    let result = SystemCall { () -> Int32 in
      calls += 1
      errno = EINTR
      return calls < 3 ? -1 : 7
    }
    #expect(result == .done(7))
    #expect(calls == 3)
  }

  @Test func `would-block is a value, and anything else an error number`() {
    #expect(SystemCall { failing(EAGAIN) } == .wouldBlock)
    #expect(SystemCall { failing(EBADF) } == .failed(EBADF))
  }

  @Test func `an error says what was being done and what the system said`() {
    let error = SystemError("bind 0.0.0.0:7946", code: EADDRINUSE)
    #expect("\(error)" == "bind 0.0.0.0:7946: address already in use (EADDRINUSE)")
    #expect("\(SystemError("jump", code: 12_345))" == "jump: unknown error (errno 12345)")
    #expect(throws: SystemError("look", code: ENOENT)) {
      try SystemCall { failing(ENOENT) }.orThrow("look")
    }
  }

  @Test func `a descriptor is closed when its owner goes`() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    do {
      _ = FileDescriptor(owning: ends[1])
      let output = FileDescriptor(owning: ends[0])
      var byte: UInt8 = 0
      // Nobody is left to write: the end, not a wait.
      #expect(SystemCall { read(output.number, &byte, 1) } == .done(0))
    }
  }

  @Test func `the monotonic clock doesn't go back and the wall clock is of this age`() {
    let first = Clock.now()
    let second = Clock.now()
    #expect(first.instant <= second.instant)
    #expect(first.wallMilliseconds > 1_700_000_000_000)
  }

  @Test func `random bits differ`() {
    #expect(Set((0..<100).map { _ in Entropy.bits() }).count == 100)
    #expect(Entropy.bytes(32).count == 32)
    #expect(Entropy.bytes(33) != Entropy.bytes(33))
  }

  private func failing(_ code: Int32) -> Int32 {
    errno = code
    return -1
  }
}
