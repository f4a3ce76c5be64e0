import ClusterCore
import Synchronization
import Testing

@testable import Cluster

@Suite struct LinkFilterTests {
  let filter = LinkFilter()
  let near = Address.loopback(port: 1)
  let far = Address.loopback(port: 2)
  let stream = StreamID(rawValue: 9)

  private func admitted(_ inputs: Input...) -> [Input] {
    var closing: [Effect] = []
    return filter.admit(inputs, closing: &closing)
  }

  @Test func `a new filter lets all through`() {
    let inputs: [Input] = [
      .started, .woken, .datagramReceived([1], source: far), .streamConnected(stream, ordinal: 1),
      .frameReceived(stream, [2]), .streamClosed(stream),
    ]
    var closing: [Effect] = []
    #expect(filter.admit(inputs, closing: &closing) == inputs)
    #expect(closing.isEmpty)
    let effects: [Effect] = [.send([1], to: far), .connect(ordinal: 1, far), .flush]
    #expect(filter.pass(effects) == effects)
  }

  @Test func `datagrams to and from whom it blocks vanish, and no others`() {
    filter.block([far])
    #expect(
      admitted(.datagramReceived([1], source: far), .datagramReceived([2], source: near))
        == [.datagramReceived([2], source: near)])
    #expect(
      filter.pass([.send([1], to: far), .send([2], to: near)]) == [.send([2], to: near)])
    filter.block([])
    #expect(filter.pass([.send([1], to: far)]).count == 1)
  }

  @Test func `a stream that is cut carries nothing, ends for this side and is closed`() {
    let told = Mutex<[Input]>([])
    filter.connect { input in told.withLock { $0.append(input) } }
    _ = filter.pass([.connect(ordinal: 1, far)])
    _ = admitted(.streamConnected(stream, ordinal: 1))
    filter.block([far])
    #expect(told.withLock { $0 } == [.streamClosed(stream)])
    #expect(admitted(.frameReceived(stream, [1])).isEmpty)
    #expect(filter.pass([.sendFrame(stream, [1])]).isEmpty)
    var closing: [Effect] = []
    #expect(filter.admit([.streamClosed(stream)], closing: &closing) == [.streamClosed(stream)])
    #expect(closing == [.closeStream(stream)], "the transport still holds it")
    #expect(admitted(.frameReceived(stream, [1])).count == 1, "its number may come again")
  }

  @Test func `a connect to whom it blocks fails after a while, as if nobody answered`() async {
    let told = Mutex<[Input]>([])
    filter.connect { input in told.withLock { $0.append(input) } }
    filter.block([far])
    #expect(filter.pass([.connect(ordinal: 1, far)]).isEmpty)
    #expect(told.withLock { $0.isEmpty })
    await eventually("it failed") {
      told.withLock { $0 } == [.connectFailed(ordinal: 1, refused: false)]
    }
  }

  @Test func `a stream that failed to open is forgotten`() {
    _ = filter.pass([.connect(ordinal: 1, far)])
    _ = admitted(.connectFailed(ordinal: 1, refused: true))
    _ = admitted(.streamConnected(stream, ordinal: 1))
    filter.block([far])
    #expect(admitted(.frameReceived(stream, [1])).count == 1)
  }
}
