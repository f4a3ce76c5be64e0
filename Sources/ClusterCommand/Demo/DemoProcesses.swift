import Glibc
import Synchronization

/// A demonstration whose members are processes of their own, so that one of them can be killed.
enum DemoProcesses {
  /// How long a member may take to leave before it is killed.
  static let patience = Duration.seconds(10)

  /// Starts the members, and ends them when asked to or when none is left.
  ///
  /// - Throws: Why a member could not be started; those that were are ended.
  static func run(
    _ plan: DemoPlan, _ shell: Shell, until signals: AsyncStream<Int32>
  ) async throws -> ExitStatus {
    var running: [(node: DemoPlan.Node, process: ChildProcess)] = []
    let asked = Flag()
    let listener = Task {
      for await _ in signals { asked.raise() }
    }
    defer { listener.cancel() }
    do {
      for node in plan.nodes {
        let environment = plan.environment(of: node, from: shell.environment)
        let process = try ChildProcess(["node"], environment: environment)
        running.append((node, process))
        shell.say("\(node.name) is process \(process.id)")
      }
    } catch {
      end(running.map(\.process))
      throw error
    }
    while !asked.isRaised, !running.isEmpty {
      running.removeAll { node, process in
        guard let status = process.endStatus() else { return false }
        shell.say("\(node.name) ended with status \(status)")
        return true
      }
      try? await Task.sleep(for: .milliseconds(100))
    }
    end(running.map(\.process))
    return asked.isRaised ? .success : .failure
  }

  private static func end(_ processes: [ChildProcess]) {
    for process in processes { process.terminate() }
    let deadline = ContinuousClock.now + patience
    for process in processes {
      while process.endStatus() == nil {
        if ContinuousClock.now > deadline { kill(process.id, SIGKILL) }
        usleep(20_000)
      }
    }
  }
}

/// Something that happens once, told from one task to another.
private final class Flag: Sendable {
  private let value = Atomic<Bool>(false)

  /// Nothing else is handed over with it: relaxed order is enough.
  var isRaised: Bool { value.load(ordering: .relaxed) }

  func raise() { value.store(true, ordering: .relaxed) }
}
