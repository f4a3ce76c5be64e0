import Cluster
import ClusterCore
import Glibc
import Testing

struct TransportLoopTests {
  @Test func `what other threads submit arrives in order, and what isn't the loop's is performed`()
    async throws
  {
    let member = try TestMember()
    member.transport.submit(.started)
    member.transport.submit(.commanded(.leave))
    await eventually("both arrive") { member.inputs.count == 2 }
    #expect(member.inputs == [.started, .commanded(.leave)])
    member.want(.resolve(ordinal: 3), .flush, .finish(.left))
    await eventually("all are performed") { member.performed.count == 3 }
    #expect(member.performed == [.resolve(ordinal: 3), .flush, .finish(.left)])
  }

  @Test func `being woken is one input, however often it is asked for`() async throws {
    let member = try TestMember()
    let (isBusy, mayGoOn) = (Flag(), Flag())
    defer { mayGoOn.raise() }
    member.onHandle { inputs in
      guard inputs.contains(.started) else { return }
      isBusy.raise()
      mayGoOn.wait()
    }
    member.transport.submit(.started)
    await eventually("the handler is busy") { isBusy.isRaised }
    for _ in 0..<1_000 { member.transport.wake() }
    mayGoOn.raise()
    await eventually("it is woken") { member.allInputs.count == 2 }
    member.transport.submit(.commanded(.leave))
    await eventually("something else follows") { member.inputs.count == 2 }
    #expect(member.allInputs == [.started, .woken, .commanded(.leave)])
  }

  @Test func `no wake is lost, whatever the loop is doing`() async throws {
    let member = try TestMember()
    for count in 1...2_000 {
      member.transport.submit(.resolved(ordinal: count, []))
      if count % 100 == 0 {
        await eventually("all so far arrive") { member.inputs.count == count }
      }
    }
    #expect(member.inputs.count == 2_000)
  }

  @Test func `a deadline wakes the handler, not before it has come`() async throws {
    let member = try TestMember()
    let deadline = Clock.instant() + .milliseconds(30)
    member.wantWake(at: deadline)
    await eventually("it is woken by request") { member.allInputs.count >= 1 }
    await eventually("it is woken by time") { member.allInputs.count >= 2 }
    #expect(Clock.instant() >= deadline)
    #expect(member.allInputs == [.woken, .woken])
  }

  @Test func `submissions above the bound are refused and counted`() throws {
    var limits = TransportLimits()
    limits.submissions = 2
    let transport = try Transport(bind: [.loopback(port: 0)], limits: limits)
    #expect(transport.submit(.started))
    #expect(transport.submit(.woken))
    #expect(!transport.submit(.woken))
    #expect(transport.counters.submissionsRefused == 1)
  }

  @Test func `stopping ends the loop and frees the port`() throws {
    let member = try TestMember()
    let port = member.transport.port
    let connected = try RawClient(port: port)
    member.end()
    #expect(connected.isEnded())
    #expect(throws: SystemError("connect", code: ECONNREFUSED)) { _ = try RawClient(port: port) }
    let again = try Transport(bind: [.loopback(port: port)])
    #expect(again.port == port)
  }

  @Test func `the size of the receive buffer can be read`() throws {
    let transport = try Transport(bind: [.loopback(port: 0)])
    #expect((1...(4 << 20)).contains(transport.receiveBuffer))
  }

  @Test func `a taken port is refused with an error that names it`() throws {
    let first = try Transport(bind: [.loopback(port: 0)])
    let text = "bind udp 127.0.0.1:\(first.port): address already in use (EADDRINUSE)"
    #expect {
      try Transport(bind: [.loopback(port: first.port)])
    } throws: { error in
      "\(error)" == text
    }
    #expect(throws: SystemError("bind to no address at all", code: EINVAL)) {
      try Transport(bind: [])
    }
  }
}
