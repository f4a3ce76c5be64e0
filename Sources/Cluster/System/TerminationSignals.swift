import CClusterLinux
import Glibc
import Synchronization

/// Tells of the signals that ask a process to end: `SIGTERM` and `SIGINT`.
///
/// A handler writes the signal's number into a pipe that a thread reads. Blocking the signals and
/// waiting for them would need every thread of the process to have been started after that; a
/// handler works whatever the embedder has started before, and as process 1 too, to which the
/// kernel gives only signals that have one. They stay handled until the process ends.
package final class TerminationSignals: Sendable {
  /// What is told of each signal, on a thread of its own.
  package typealias Handler = @Sendable (Int32) -> Void

  private let inbox: Inbox
  private let thread: LoopThread

  /// Takes over the signals. Those that come before there is a handler wait for it.
  ///
  /// Only one in a process is told: the last.
  package init(signals: [Int32] = [SIGTERM, SIGINT]) throws(SystemError) {
    var ends: [Int32] = [-1, -1]
    try SystemCall { cluster_pipe(&ends) }.orThrow("create a pipe for signals")
    // The writing end is the process's from now on: a handler may run at any moment until it ends.
    let (output, input) = (ends[0], ends[1])
    let inbox = Inbox()
    thread = try LoopThread(name: "cluster-signals") {
      var signal: UInt8 = 0
      while SystemCall({ read(output, &signal, 1) }) == .done(1) { inbox.deliver(Int32(signal)) }
    }
    self.inbox = inbox
    for signal in signals {
      try SystemCall { cluster_signal_to_descriptor(signal, input) }
        .orThrow("handle signal \(signal)")
    }
  }

  /// Names who is told from now on, of signals that came before as well.
  package func onSignal(_ handler: @escaping Handler) { inbox.set(handler) }

  /// What the thread and the owner share.
  private final class Inbox: Sendable {
    private let state = Mutex<(handler: Handler?, waiting: [Int32])>((nil, []))

    func deliver(_ signal: Int32) {
      let handler = state.withLock { state in
        // Two say as much as a thousand.
        if state.handler == nil, state.waiting.count < 2 { state.waiting.append(signal) }
        return state.handler
      }
      handler?(signal)
    }

    func set(_ handler: @escaping Handler) {
      let waiting = state.withLock { state in
        defer { state = (handler, []) }
        return state.waiting
      }
      for signal in waiting { handler(signal) }
    }
  }
}
