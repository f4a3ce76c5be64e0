public import ClusterCore

/// Manual recovery: what a partition left apart, and what becomes of it.
extension Cluster {
  /// How this side's store differs from those of the groups that are apart from it; empty when none is.
  /// It is known some moments after the sides can reach each other again.
  public var pending: PendingRecovery {
    let now = Clock.instant()
    return driver.withNode { $0.pending(at: now) }
  }

  /// Decides what becomes of the groups that are apart, however many there are, and makes them one.
  /// What is written meanwhile on the other sides merges afterwards.
  ///
  /// - Returns: Whom this member is one group with now, and how many keys were written anew.
  /// - Throws: `RecoveryFailure` when nothing was decided; `ClusterError.ended`; `CancellationError`,
  ///   after which the decision may still be carried out.
  @discardableResult
  public func recover(_ decision: RecoveryDecision) async throws -> RecoveryOutcome {
    let token = driver.answers.token()
    guard driver.command(.recover(decision, token: token)) else { throw ClusterError.ended }
    let answer = await driver.answers.answer(to: token)
    driver.answers.abandon(token)
    guard case .recovered(_, let result)? = answer else {
      try Task.checkCancellation()
      throw ClusterError.ended
    }
    return try result.get()
  }
}
