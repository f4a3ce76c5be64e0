import Glibc
import Testing

@testable import Cluster
@testable import ClusterCore

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
    let mayGoOn = await Self.busy(member)
    defer { mayGoOn.raise() }
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

  @Test func `what keeps the membership together passes by writes that wait`() async throws {
    let (left, right) = (try TestMember(), try TestMember())
    let mayGoOn = await Self.busy(right)
    defer { mayGoOn.raise() }
    let writes = (0..<400).map { Self.packet(.delta(Delta(mark: $0, claim: nil, entries: []))) }
    let probe = Self.packet(.ping(nonce: 7))
    left.want((writes + [probe]).map { .send($0, to: right.address) })
    await eventually("all are sent") { left.transport.counters.datagramsSent == 401 }
    right.transport.wake()
    mayGoOn.raise()

    await eventually("all arrive") { right.inputs.count == 402 }

    let told = right.allInputs.dropFirst()
    let datagrams = told.filter { $0 != .woken }
    let expected = writes.map { Input.datagramReceived($0, source: left.address) }
    #expect(datagrams.filter { $0 != .datagramReceived(probe, source: left.address) } == expected)
    #expect(
      datagrams.firstIndex(of: .datagramReceived(probe, source: left.address))
        == datagrams.startIndex + WriteBacklog.perTurn)
    #expect(told.firstIndex(of: .woken) == told.startIndex + WriteBacklog.perTurn + 1)
  }

  @Test func `writes beyond the bound in bytes are lost, and all others come in their order`() {
    var backlog = WriteBacklog()
    let datagram = [UInt8](repeating: 0, count: 1_136)
    var inputs: [Input] = []
    let sent = WriteBacklog.mostBytes / 1_200 + WriteBacklog.perTurn + 10
    let taken = (1...sent).filter {
      let source = Address.loopback(port: UInt16($0))
      return backlog.take(.datagramReceived(datagram, source: source), into: &inputs)
    }
    #expect(taken == Array(1...(sent - 10)))
    #expect(inputs.count == WriteBacklog.perTurn)

    while !backlog.isEmpty { backlog.beginTurn(into: &inputs) }

    #expect(
      inputs
        == taken.map { Input.datagramReceived(datagram, source: .loopback(port: UInt16($0))) })
    #expect(backlog.take(inputs[0], into: &inputs), "room is free again")
  }

  /// Starts a member whose handler is busy with it until the flag is raised.
  private static func busy(_ member: TestMember) async -> Flag {
    let (isBusy, mayGoOn) = (Flag(), Flag())
    member.onHandle { inputs in
      guard inputs.contains(.started) else { return }
      isBusy.raise()
      mayGoOn.wait()
    }
    member.transport.submit(.started)
    await eventually("the handler is busy") { isBusy.isRaised }
    return mayGoOn
  }

  private static func packet(_ section: Section) -> [UInt8] {
    let header = Header(
      clusterID: 1, source: 0, destination: 1, sourceBoot: 1, destinationBoot: 1, incarnation: 0,
      groupDigest: 0, recovery: 0, viewDigest: 0, clockDigest: 0, term: 0, resolver: 0,
      wallMilliseconds: 0)
    return Packet(header: header, sections: [section]).encoded()
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
