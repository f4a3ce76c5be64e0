import Cluster
import Glibc
import Synchronization
import Testing

struct TerminationSignalsTests {
  @Test func `each signal is told, also those that came before anybody listened`() async throws {
    let signals = try TerminationSignals(signals: [SIGUSR1, SIGUSR2])
    let told = Told()
    kill(getpid(), SIGUSR1)
    signals.onSignal { told.add($0) }
    await eventually("the first is told") { told.all == [SIGUSR1] }
    kill(getpid(), SIGUSR2)
    await eventually("the second is told") { told.all == [SIGUSR1, SIGUSR2] }
  }

  /// Collects signals.
  private final class Told: Sendable {
    private let state = Mutex<[Int32]>([])
    var all: [Int32] { state.withLock { $0 } }
    func add(_ signal: Int32) { state.withLock { $0.append(signal) } }
  }
}
