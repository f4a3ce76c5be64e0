import ClusterCore
import Testing

@testable import Cluster

@Suite struct TransportConnectTests {
  /// What a member that is being killed does to a connection: its system takes it, since the listener
  /// is still there, and resets it as the listener goes.
  @Test func `a connection that is reset before it was looked at was taken and ended`() throws {
    let poller = try Poller()
    let source = try BoundSocket(.listening, at: .loopback(port: 0), isDualStack: false)
    let streams = TransportStreams(
      listeners: [source], poller: poller, limits: TransportLimits(),
      gate: PacketGate(nil, session: 1, RejectionMeter()), meter: TransportMeter())
    var inputs: [Input] = []
    try connectAndClose(streams, &inputs)
    var events = Poller.Events()
    let deadline = Clock.instant() + .seconds(10)
    while inputs.isEmpty, Clock.instant() < deadline {
      _ = poller.wait(until: deadline, &events)
      streams.advance(events, into: &inputs)
    }
    guard case .streamConnected(let stream, ordinal: 3)? = inputs.first else {
      Issue.record("\(inputs)")
      return
    }
    #expect(inputs == [.streamConnected(stream, ordinal: 3), .streamClosed(stream)])
  }

  private func connectAndClose(_ streams: TransportStreams, _ inputs: inout [Input]) throws {
    let dying = try LoopbackListener(backlog: 4)
    streams.connect(3, dying.address, at: Clock.instant(), into: &inputs)
  }
}
