import Dispatch
import Glibc

/// The signals that ask a process to end, as a sequence.
///
/// The first process of a container has no default action for signals: without a handler SIGTERM does
/// nothing there, and the supervisor kills the process after its patience.
enum Signals {
  /// Takes SIGTERM and SIGINT over for the rest of the process's life; call it once. SIGPIPE is
  /// ignored from then on: a log reader that goes away doesn't end a member.
  static func requestsToEnd() -> AsyncStream<Int32> {
    signal(SIGPIPE, SIG_IGN)
    let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
    for number in [SIGTERM, SIGINT] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      // The handler holds the source, and the other way round: it is never to end.
      source.setEventHandler { withExtendedLifetime(source) { _ = continuation.yield(number) } }
      source.resume()
    }
    return stream
  }
}
