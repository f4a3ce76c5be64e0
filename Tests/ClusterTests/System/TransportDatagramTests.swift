import Cluster
import ClusterCore
import Testing

struct TransportDatagramTests {
  @Test(arguments: [Address.loopback(port: 0), Address(family: .v6, high: 0, low: 1, port: 0)])
  func `a datagram arrives whole and says where it came from`(bind: Address) async throws {
    let (left, right) = (try TestMember(bind: [bind]), try TestMember(bind: [bind]))
    let there = bind.with(port: right.transport.port)
    left.want(.send([1, 2, 3], to: there), .send([], to: there))
    await eventually("both arrive") { right.inputs.count == 2 }
    let source = bind.with(port: left.transport.port)
    #expect(right.inputs.contains(.datagramReceived([1, 2, 3], source: source)))
    #expect(right.inputs.contains(.datagramReceived([], source: source)))
    #expect(left.transport.counters.datagramsSent == 2)
    #expect(right.transport.counters.datagramBytesReceived == 3)
  }

  @Test func `one socket for both protocols reaches and is reached by either`() async throws {
    let both = try TestMember(bind: [.any(port: 0)])
    let v4 = try TestMember()
    let v6 = try TestMember(bind: [Address(family: .v6, high: 0, low: 1, port: 0)])
    let v6Address = Address(family: .v6, high: 0, low: 1, port: v6.transport.port)
    both.want(.send([4], to: v4.address), .send([6], to: v6Address))
    v4.want(.send([44], to: .loopback(port: both.transport.port)))
    v6.want(.send([66], to: v6Address.with(port: both.transport.port)))
    await eventually("all arrive") {
      v4.inputs.count == 1 && v6.inputs.count == 1 && both.inputs.count == 2
    }
    #expect(both.inputs.contains(.datagramReceived([44], source: v4.address)))
    #expect(both.inputs.contains(.datagramReceived([66], source: v6Address)))
  }

  @Test func `several addresses share one port and each destination gets the fitting socket`()
    async throws
  {
    let v6Loopback = Address(family: .v6, high: 0, low: 1, port: 0)
    let both = try TestMember(bind: [.loopback(port: 0), v6Loopback])
    #expect(both.transport.addresses.map(\.port) == [both.transport.port, both.transport.port])
    let v6 = try TestMember(bind: [v6Loopback])
    let v4 = try TestMember()
    both.want(
      .send([4], to: v4.address), .send([6], to: v6Loopback.with(port: v6.transport.port)))
    await eventually("both arrive") { v4.inputs.count == 1 && v6.inputs.count == 1 }
  }

  @Test func `more datagrams than a batch holds all arrive, in order`() async throws {
    let (left, right) = (try TestMember(), try TestMember())
    for round in 0..<5 {
      left.want((0..<UInt8(50)).map { [UInt8(round), $0] }.map { .send($0, to: right.address) })
    }
    await eventually("all arrive") { right.inputs.count == 250 }
    let expected = (0..<UInt8(5)).flatMap { round in (0..<UInt8(50)).map { [round, $0] } }
    #expect(right.inputs == expected.map { .datagramReceived($0, source: left.address) })
  }

  @Test func `nothing that the network says of one datagram ends the loop`() async throws {
    let (left, right) = (try TestMember(), try TestMember())
    let gone = try TestMember()
    let closed = gone.address
    gone.end()
    let unreachable = Address(family: .v6, high: 1 << 63, low: 1, port: 9)
    let broadcast = Address(family: .v4, high: 0, low: 0xFFFF_FFFF, port: 9)
    let zero = closed.with(port: 0)
    let tooLong = [UInt8](repeating: 0, count: Limits.datagram + 1)
    for _ in 0..<3 {
      left.want(
        .send([0], to: closed), .send([0], to: broadcast), .send([0], to: zero),
        .send([0], to: unreachable), .send(tooLong, to: right.address))
    }
    left.want(.send([7], to: right.address))
    await eventually("the good one arrives") { right.inputs.count == 1 }
    #expect(right.inputs == [.datagramReceived([7], source: left.address)])
    #expect(left.transport.counters.datagramSendErrors >= 12)
  }

  @Test func `a datagram larger than any may be is counted and thrown away`() async throws {
    let member = try TestMember()
    let stranger = try RawClient(port: member.transport.port, datagrams: true)
    stranger.send([UInt8](repeating: 1, count: Limits.datagram + 1))
    stranger.send([UInt8](repeating: 1, count: 9_000))
    stranger.send([UInt8](repeating: 1, count: Limits.datagram))
    await eventually("the good one arrives") { member.inputs.count == 1 }
    #expect(member.transport.counters.datagramsOversize == 2)
    #expect(member.transport.counters.datagramsReceived == 1)
  }

  @Test func `what came while the handler was busy is heard before time is`() async throws {
    let member = try TestMember()
    let (isBusy, mayGoOn) = (Flag(), Flag())
    defer { mayGoOn.raise() }
    member.onHandle { inputs in
      guard inputs.contains(.commanded(.rejoin)) else { return }
      isBusy.raise()
      mayGoOn.wait()
    }
    member.transport.submit(.commanded(.rejoin))
    await eventually("the handler is busy") { isBusy.isRaised }
    let stranger = try RawClient(port: member.transport.port, datagrams: true)
    for number in 0..<UInt8(200) { stranger.send([number]) }
    member.wantWake(at: Instant(nanoseconds: 1))
    for number in 0..<UInt8(200) { stranger.send([number]) }
    mayGoOn.raise()
    await eventually("all is heard") { member.inputs.count == 401 }
    #expect(member.allInputs.lastIndex(of: .woken) == 401)
  }
}
