import Cluster
import Glibc

/// The signals that ask a process to end, as a sequence.
enum Signals {
  /// Takes SIGTERM and SIGINT over for the rest of the process's life; call it once. SIGPIPE is
  /// ignored from then on: a log reader that goes away doesn't end a member.
  static func requestsToEnd() throws(SystemError) -> AsyncStream<Int32> {
    signal(SIGPIPE, SIG_IGN)
    let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
    let signals = try TerminationSignals()
    signals.onSignal { continuation.yield($0) }
    // The stream owns the signals' thread as long as somebody may read it.
    continuation.onTermination = { _ in withExtendedLifetime(signals) {} }
    return stream
  }
}
