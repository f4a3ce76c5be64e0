import CClusterLinux
import Glibc
import Synchronization

/// A thread of the system's, with a name, for a body that blocks for long.
///
/// Tasks don't fit: a loop that sleeps in the kernel would keep one of the few threads that all
/// tasks of the embedder share.
package final class LoopThread: Sendable {
  private let thread: pthread_t
  private let isJoined = Atomic(false)

  /// Starts a thread. Of the name, the system shows the first 15 bytes.
  package init(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
    let start = Unmanaged.passRetained(Start(name: name, body: body))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        _ = cluster_name_thread(String(start.name.unicodeScalars.filter(\.isASCII).prefix(15)))
        start.body()
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      start.release()
      throw SystemError("start the thread \(name)", code: code)
    }
    self.thread = thread
  }

  /// Waits for the body's end. Only the first call waits.
  package func join() {
    guard !isJoined.exchange(true, ordering: .acquiringAndReleasing) else { return }
    pthread_join(thread, nil)
  }

  deinit {
    // A thread that nobody will ever join gives its stack back by itself.
    if !isJoined.load(ordering: .acquiring) { pthread_detach(thread) }
  }

  /// What the new thread needs.
  private final class Start: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }
}
