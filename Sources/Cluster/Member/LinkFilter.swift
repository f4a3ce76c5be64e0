package import ClusterCore
import Synchronization

/// Cuts a member off from addresses, in both directions, as a failed network would: datagrams vanish,
/// open streams end, new ones aren't answered. For demonstrations and tests: a member that
/// `cluster node` runs has none.
///
/// Both ends have to filter: each drops what it sends and what comes.
package final class LinkFilter: Sendable {
  /// How long a connect that isn't answered is waited for.
  private static let patience = Span64.seconds(2)

  fileprivate struct State {
    var blocked: Set<Address> = []
    /// Streams that this member opened, which it ends itself when they are cut.
    var streams: [StreamID: Address] = [:]
    /// Where connects that are under way go to.
    var connecting: [Int: Address] = [:]
  }

  private let state = Mutex(State())
  /// Gives the member an input; set when it runs.
  private let submit = Mutex<(@Sendable (Input) -> Void)?>(nil)

  /// Creates a filter that lets all through.
  package init() {}

  /// Lets nothing through to and from these addresses, and all to and from all others.
  package func block(_ addresses: [Address]) {
    let ended = state.withLock { state in
      state.blocked = Set(addresses)
      let cut = state.streams.filter { state.blocked.contains($0.value) }.map(\.key)
      return cut.sorted()
    }
    // An input of any kind makes the member's loop come round; what the streams carry is dropped then.
    for stream in ended { submit.withLock { $0 }?(.streamClosed(stream)) }
  }

  func connect(_ submit: @escaping @Sendable (Input) -> Void) {
    self.submit.withLock { $0 = submit }
  }

  /// What of that which came in the member may learn; `closing` takes streams that are to be closed.
  func admit(_ inputs: [Input], closing: inout [Effect]) -> [Input] {
    state.withLock { state in
      inputs.filter { input in
        switch input {
        case .datagramReceived(_, let source): return !state.blocked.contains(source)
        case .streamConnected(let stream, let ordinal):
          if let address = state.connecting.removeValue(forKey: ordinal) {
            state.streams[stream] = address
          }
          return true
        case .connectFailed(let ordinal, _):
          state.connecting[ordinal] = nil
          return true
        case .frameReceived(let stream, _): return !state.isCut(stream)
        case .streamClosed(let stream):
          // Ended by this filter: the transport still holds it.
          if state.isCut(stream) { closing.append(.closeStream(stream)) }
          state.streams[stream] = nil
          return true
        case .started, .woken, .resolved, .streamAccepted, .streamWritable, .appended,
          .appendFailed, .commanded:
          return true
        }
      }
    }
  }

  /// What of that which the member asks for is done.
  func pass(_ effects: [Effect]) -> [Effect] {
    state.withLock { state in
      effects.filter { effect in
        switch effect {
        case .send(_, let address): return !state.blocked.contains(address)
        case .connect(let ordinal, let address):
          guard !state.blocked.contains(address) else {
            fail(connectTo: ordinal)
            return false
          }
          state.connecting[ordinal] = address
          return true
        case .sendFrame(let stream, _): return !state.isCut(stream)
        case .closeStream(let stream):
          state.streams[stream] = nil
          return true
        case .resolve, .publish, .changed, .answer, .flush, .append, .finish: return true
        }
      }
    }
  }

  private func fail(connectTo ordinal: Int) {
    let submit = submit.withLock { $0 }
    let patience = Self.patience.duration
    // Ends by itself after the patience; what it gives is of no effect when the member has ended.
    Task {
      try? await Task.sleep(for: patience)
      submit?(.connectFailed(ordinal: ordinal, refused: false))
    }
  }
}

extension LinkFilter.State {
  fileprivate func isCut(_ stream: StreamID) -> Bool {
    streams[stream].map(blocked.contains) ?? false
  }
}
