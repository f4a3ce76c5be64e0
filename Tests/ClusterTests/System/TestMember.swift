import Cluster
import ClusterCore
import Synchronization
import Testing

/// A transport on its own thread whose handler notes what it is told and does what a test says.
final class TestMember: Sendable {
  let transport: Transport
  private let notes = Notes()
  private let thread: LoopThread

  init(
    bind addresses: [Address] = [.loopback(port: 0)], limits: TransportLimits = TransportLimits()
  ) throws {
    let transport = try Transport(bind: addresses, limits: limits)
    self.transport = transport
    thread = try LoopThread(name: "test-member") { [notes] in
      transport.run(Recorder(notes))
    }
  }

  deinit { end() }

  /// Stops the loop and waits for its end.
  func end() {
    transport.stop()
    thread.join()
  }

  /// Where others reach it.
  var address: Address { .loopback(port: transport.port) }

  /// Everything that the handler was told, except that it was woken.
  var inputs: [Input] { allInputs.filter { $0 != .woken } }

  /// Everything that the handler was told.
  var allInputs: [Input] { notes.state.withLock { $0.inputs } }

  /// What the handler was given to do.
  var performed: [Effect] { notes.state.withLock { $0.performed } }

  /// Has the handler ask for these at its next call, which comes at once.
  func want(_ effects: Effect...) { want(effects) }

  /// Has the handler ask for these at its next call, which comes at once.
  func want(_ effects: [Effect]) {
    notes.state.withLock { $0.wanted += effects }
    transport.wake()
  }

  /// Names the moment at which the handler wants to be woken next.
  func wantWake(at instant: Instant) {
    notes.state.withLock { $0.nextWake = instant }
    transport.wake()
  }

  /// Has the handler call this with all that each call of it is told.
  func onHandle(_ body: @escaping @Sendable ([Input]) -> Void) {
    notes.state.withLock { $0.onHandle = body }
  }

  /// Waits for an input for which the function has a value.
  func awaitInput<Value>(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ find: (Input) -> Value?
  ) async throws -> Value {
    await eventually(what, sourceLocation: sourceLocation) {
      inputs.contains { find($0) != nil }
    }
    return try #require(inputs.lazy.compactMap(find).first, sourceLocation: sourceLocation)
  }

  /// What the test and the loop share.
  private final class Notes: Sendable {
    struct State {
      var inputs: [Input] = []
      var performed: [Effect] = []
      var wanted: [Effect] = []
      var nextWake = Instant.distantFuture
      var onHandle: (@Sendable ([Input]) -> Void)?
    }
    let state = Mutex(State())
  }

  private final class Recorder: TransportHandler {
    private let notes: Notes

    init(_ notes: Notes) { self.notes = notes }

    func handle(_ inputs: [Input], at now: Moment, into effects: inout [Effect]) {
      let onHandle = notes.state.withLock { state in
        state.inputs += inputs
        effects += state.wanted
        state.wanted = []
        if state.nextWake <= now.instant { state.nextWake = .distantFuture }
        return state.onHandle
      }
      onHandle?(inputs)
    }

    func perform(_ effects: [Effect]) { notes.state.withLock { $0.performed += effects } }

    var nextWake: Instant { notes.state.withLock { $0.nextWake } }
  }
}
