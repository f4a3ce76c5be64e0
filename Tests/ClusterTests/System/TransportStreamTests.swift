import Cluster
import ClusterCore
import Testing

struct TransportStreamTests {
  @Test func `frames of all sizes arrive whole and in order`() async throws {
    let pair = try await ConnectedPair()
    let sizes = [0, 1, 3, 1_000, 65_535, 65_536, 1 << 20, Limits.frame]
    let frames = sizes.map { size in (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 + size) } }
    for frame in frames {
      let before = pair.writableCount
      pair.left.want(.sendFrame(pair.leftStream, frame))
      await eventually("the next frame may come") { pair.writableCount > before }
    }
    await eventually("all arrive") { pair.right.inputs.count == 1 + frames.count }
    let expected = frames.map { Input.frameReceived(pair.rightStream, $0) }
    #expect(Array(pair.right.inputs.dropFirst()) == expected)
    let counters = pair.left.transport.counters
    #expect(counters.framesSent == UInt64(frames.count))
    #expect(counters.streamBytesSent == UInt64(sizes.reduce(0, +) + 4 * sizes.count))
    #expect(pair.right.transport.counters.streamBytesReceived == counters.streamBytesSent)
  }

  @Test func `a stream carries frames both ways`() async throws {
    let pair = try await ConnectedPair()
    pair.right.want(.sendFrame(pair.rightStream, [1]))
    pair.left.want(.sendFrame(pair.leftStream, [2]))
    await eventually("both arrive") {
      pair.left.inputs.contains(.frameReceived(pair.leftStream, [1]))
        && pair.right.inputs.contains(.frameReceived(pair.rightStream, [2]))
    }
  }

  @Test func `closing sends what was given before, and only the other side is told`() async throws {
    let pair = try await ConnectedPair()
    let last = [UInt8](repeating: 9, count: 3 << 20)
    pair.left.want(.sendFrame(pair.leftStream, last), .closeStream(pair.leftStream))
    await eventually("the end arrives") {
      pair.right.inputs.contains(.streamClosed(pair.rightStream))
    }
    #expect(pair.right.inputs.contains(.frameReceived(pair.rightStream, last)))
    pair.left.want(.sendFrame(pair.leftStream, [1]))
    pair.left.transport.submit(.commanded(.leave))
    await eventually("more follows") { pair.left.inputs.contains(.commanded(.leave)) }
    #expect(!pair.left.inputs.contains(.streamClosed(pair.leftStream)))
  }

  @Test func `what was given to a stream is still sent when the member ends`() async throws {
    let pair = try await ConnectedPair()
    let last = [UInt8](repeating: 9, count: 3 << 20)
    pair.left.want(.sendFrame(pair.leftStream, last), .finish(.left))
    await eventually("it is done") { pair.left.performed == [.finish(.left)] }
    pair.left.end()
    await eventually("the end arrives") {
      pair.right.inputs.contains(.streamClosed(pair.rightStream))
    }
    #expect(pair.right.inputs.contains(.frameReceived(pair.rightStream, last)))
  }

  @Test func `a member that ends ends its streams`() async throws {
    let pair = try await ConnectedPair()
    pair.right.end()
    await eventually("the end arrives") {
      pair.left.inputs.contains(.streamClosed(pair.leftStream))
    }
  }

  @Test func `connecting to a port where nobody listens is refused`() async throws {
    let (member, gone) = (try TestMember(), try TestMember())
    let address = gone.address
    gone.end()
    member.want(.connect(ordinal: 5, address))
    await eventually("it is refused") {
      member.inputs == [.connectFailed(ordinal: 5, refused: true)]
    }
  }

  @Test func `connecting to what this member can't reach fails without being a refusal`()
    async throws
  {
    let member = try TestMember()
    member.want(.connect(ordinal: 6, Address(family: .v6, high: 0, low: 1, port: 9)))
    await eventually("it fails") { member.inputs == [.connectFailed(ordinal: 6, refused: false)] }
  }

  @Test func `a connect that nobody answers fails in time`() async throws {
    var limits = TransportLimits()
    limits.connectTimeout = .milliseconds(30)
    let member = try TestMember(bind: [.anyV4(port: 0)], limits: limits)
    // A listener whose queue is full doesn't answer; that is a silent host's behaviour on loopback.
    let full = try FullListener()
    member.want(.connect(ordinal: 7, full.address))
    await eventually("it fails") { member.inputs == [.connectFailed(ordinal: 7, refused: false)] }
  }

  @Test func `a frame that comes byte by byte is put together`() async throws {
    let member = try TestMember()
    let client = try RawClient(port: member.transport.port)
    for byte: UInt8 in [0, 0, 0, 3, 7, 8, 9, 0, 0, 0, 0, 0, 0, 0, 1, 5] { client.send([byte]) }
    await eventually("all arrive") { member.inputs.count == 4 }
    guard case .streamAccepted(let stream) = member.inputs[0] else {
      Issue.record("\(member.inputs)")
      return
    }
    let expected: [[UInt8]] = [[7, 8, 9], [], [5]]
    #expect(Array(member.inputs.dropFirst()) == expected.map { .frameReceived(stream, $0) })
  }

  @Test func `an announcement of more than the largest frame ends the stream`() async throws {
    let member = try TestMember()
    let client = try RawClient(port: member.transport.port)
    client.send([0, 0, 0, 1, 42, 0xFF, 0xFF, 0xFF, 0xFF])
    #expect(client.isEnded())
    await eventually("it is closed") { member.inputs.count == 3 }
    guard case .streamAccepted(let stream) = member.inputs[0] else {
      Issue.record("\(member.inputs)")
      return
    }
    #expect(member.inputs[1...] == [.frameReceived(stream, [42]), .streamClosed(stream)])
    #expect(member.transport.counters.streamsRefused == 1)
  }

  @Test func `unfinished frames can't fill the memory: the one that began first goes`()
    async throws
  {
    var limits = TransportLimits()
    limits.unfinishedFrameBytes = 1_000
    let member = try TestMember(limits: limits)
    let slow = try RawClient(port: member.transport.port)
    slow.send([0, 1, 0, 0] + [UInt8](repeating: 0, count: 600))
    await eventually("it is read") { member.transport.counters.streamBytesReceived == 604 }
    let other = try RawClient(port: member.transport.port)
    other.send([0, 0, 2, 0x58] + [UInt8](repeating: 0, count: 599))
    #expect(slow.isEnded())
    other.send([1])
    await eventually("the other's frame arrives") { member.transport.counters.framesReceived == 1 }
  }

  @Test func `above the cap strangers make room, and then the newcomer is closed`() async throws {
    var limits = TransportLimits()
    limits.acceptedStreams = 2
    let member = try TestMember(limits: limits)
    let first = try RawClient(port: member.transport.port)
    await eventually("it is accepted") { member.transport.counters.streamsAccepted == 1 }
    let second = try RawClient(port: member.transport.port)
    second.send([0, 0, 0, 0])
    await eventually("its frame arrives") { member.transport.counters.framesReceived == 1 }
    let third = try RawClient(port: member.transport.port)
    #expect(first.isEnded())
    third.send([0, 0, 0, 0])
    await eventually("its frame arrives") { member.transport.counters.framesReceived == 2 }
    let fourth = try RawClient(port: member.transport.port)
    #expect(fourth.isEnded())
    #expect(member.transport.counters.streamsRefused == 2)
    second.send([0, 0, 0, 0])
    await eventually("the second still works") { member.transport.counters.framesReceived == 3 }
  }

  @Test func `a host that takes all streams keeps no other host out`() async throws {
    var limits = TransportLimits()
    limits.acceptedStreams = 3
    let member = try TestMember(limits: limits)
    var crowd: [RawClient] = []
    for count in 1...3 {
      let client = try RawClient(port: member.transport.port, from: 2)
      client.send([0, 0, 0, 0])
      await eventually("its frame arrives") {
        member.transport.counters.framesReceived == UInt64(count)
      }
      crowd.append(client)
    }
    let other = try RawClient(port: member.transport.port, from: 3)
    other.send([0, 0, 0, 0])
    await eventually("another host's frame arrives") {
      member.transport.counters.framesReceived == 4
    }
    #expect(crowd[0].isEnded())
    let fifth = try RawClient(port: member.transport.port, from: 2)
    #expect(fifth.isEnded(), "it has as many as it may")
    other.send([0, 0, 0, 0])
    await eventually("the other host's stream still works") {
      member.transport.counters.framesReceived == 5
    }
  }

  @Test func `a stream whose peer takes nothing is closed above its bound, and only that one`()
    async throws
  {
    var limits = TransportLimits()
    limits.unsentBytes = 1 << 20
    let member = try TestMember(limits: limits)
    let client = try RawClient(port: member.transport.port, receiveBuffer: 4_096)
    let stream = try await member.awaitInput("it is accepted") {
      if case .streamAccepted(let stream) = $0 { stream } else { nil }
    }
    let frame = [UInt8](repeating: 0, count: 4 << 20)
    member.want(.sendFrame(stream, frame))
    #expect(client.receive(4) == [0, 0x40, 0, 0])
    let other = try await ConnectedPair(left: TestMember(), right: member)
    for _ in 0..<8 { member.want(.sendFrame(stream, frame)) }
    await eventually("it is closed") { member.inputs.contains(.streamClosed(stream)) }
    #expect(!member.inputs.contains(.streamWritable(stream)))
    other.left.want(.sendFrame(other.leftStream, [1]))
    await eventually("others go on") {
      member.inputs.contains(.frameReceived(other.rightStream, [1]))
    }
  }
}

/// Two members with one stream between them, opened by the left one.
struct ConnectedPair {
  let left: TestMember
  let right: TestMember
  let leftStream: StreamID
  let rightStream: StreamID

  init() async throws { try await self.init(left: TestMember(), right: TestMember()) }

  init(left: TestMember, right: TestMember) async throws {
    self.left = left
    self.right = right
    let known = Set(right.inputs.compactMap(Self.accepted))
    left.want(.connect(ordinal: 1, right.address))
    leftStream = try await left.awaitInput("it connects") {
      if case .streamConnected(let stream, ordinal: 1) = $0 { stream } else { nil }
    }
    rightStream = try await right.awaitInput("it is accepted") { input in
      Self.accepted(input).flatMap { known.contains($0) ? nil : $0 }
    }
  }

  private static func accepted(_ input: Input) -> StreamID? {
    if case .streamAccepted(let stream) = input { stream } else { nil }
  }

  /// How often the left one was told that it may send another frame.
  var writableCount: Int { left.inputs.count { $0 == .streamWritable(leftStream) } }
}
