import Glibc

/// Runs members until they end or somebody asks the process to.
enum GracefulRun {
  /// Runs all members. The first signal asks every one of them to leave, the second ends the process
  /// at once.
  ///
  /// - Parameters:
  ///   - signals: The requests to end.
  ///   - abort: Ends the process; a test's closure returns.
  /// - Throws: What the first member that fails throws; the others have been asked to leave then.
  static func run(
    _ members: [LocalMember], until signals: AsyncStream<Int32>,
    abort: @escaping @Sendable (Int32) -> Void = { _exit(128 + $0) }
  ) async throws {
    let watcher = Task {
      await withDiscardingTaskGroup { group in
        var isAsked = false
        for await signal in signals {
          guard !isAsked else { return abort(signal) }
          isAsked = true
          group.addTask { await shutdown(members) }
        }
      }
    }
    defer { watcher.cancel() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for member in members { group.addTask { try await member.run() } }
      var failure: (any Error)?
      while let result = await group.nextResult() {
        guard case .failure(let error) = result, failure == nil else { continue }
        failure = error
        await shutdown(members)
      }
      if let failure { throw failure }
    }
  }

  private static func shutdown(_ members: [LocalMember]) async {
    await withTaskGroup(of: Void.self) { group in
      for member in members { group.addTask { await member.shutdown() } }
    }
  }
}
